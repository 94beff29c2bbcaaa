/** My phone number: the button gives a code, and the function `phoneNumber` changes it into the number. */

const { call, run } = require('../../call');

Page({
  data: { isBusy: false, problem: '', phoneNumber: '' },

  onGetPhoneNumber({ detail }) {
    return run(this, async () => {
      if (!detail.code) throw new Error('没有授权 · you did not agree');
      const { countryCode, phoneNumber } = await call('phoneNumber', { code: detail.code });
      this.setData({ phoneNumber: `+${countryCode} ${phoneNumber}` });
    });
  },
});
