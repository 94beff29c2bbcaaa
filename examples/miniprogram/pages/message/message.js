/** A message to myself: the user consents to one message, then the function `subscribeMessage` sends it. */

const { call, run } = require('../../call');
const { templateId } = require('../../config');

Page({
  data: { isBusy: false, problem: '', what: '', isSent: false },

  onInput({ detail }) {
    this.setData({ what: detail.value, isSent: false });
  },

  /** wx.requestSubscribeMessage opens only from a tap, hence before anything is awaited. */
  onSend() {
    return run(this, async () => {
      const answers = await wx.requestSubscribeMessage({ tmplIds: [templateId] });
      if (answers[templateId] !== 'accept') throw new Error('没有订阅 · you did not subscribe');
      await call('subscribeMessage', { what: this.data.what });
      this.setData({ isSent: true });
    });
  },
});
