/** Who am I? The code of wx.login goes to the function `login`, which says the openid and keeps the session_key. */

const { call, run } = require('../../call');

Page({
  data: { isBusy: false, problem: '', openid: '', sharedBy: '' },

  /** A QR code of the page `code` brings `scene`, encoded. */
  onLoad({ scene = '' }) {
    const [, sharedBy = ''] = /^from=([0-9a-f]{16})$/.exec(decodeURIComponent(scene)) || [];
    this.setData({ sharedBy });
  },

  onLogin() {
    return run(this, async () => {
      const { code } = await wx.login();
      const { openid } = await call('login', { code });
      this.setData({ openid });
    });
  },
});
