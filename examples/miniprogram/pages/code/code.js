/** My QR code: leads to the first page and says there who shared it. */

const { call, run } = require('../../call');

Page({
  data: { isBusy: false, problem: '', source: '' },

  onMake() {
    return run(this, async () => {
      const { contentType, image } = await call('qrCode', { page: 'pages/index/index' });
      this.setData({ source: `data:${contentType};base64,${image}` });
    });
  },
});
