/** An image of mine: made smaller here, checked and stored by the function `imageUpload`. */

const { call, run } = require('../../call');

Page({
  data: { isBusy: false, problem: '', path: '', mediaId: '' },

  onChoose() {
    return run(this, async () => {
      const { tempFiles } = await wx.chooseMedia({
        count: 1,
        mediaType: ['image'],
        sizeType: ['compressed'],
      });
      const { tempFilePath } = await wx.compressImage({ src: tempFiles[0].tempFilePath, quality: 70 });
      const image = await readBase64(tempFilePath);
      const { mediaId } = await call('imageUpload', { image });
      this.setData({ path: tempFilePath, mediaId });
    });
  },
});

/** The file system is the one part of `wx` that gives no promise. */
function readBase64(filePath) {
  return new Promise((resolve, reject) => {
    wx.getFileSystemManager().readFile({
      filePath,
      encoding: 'base64',
      success: ({ data }) => resolve(data),
      fail: reject,
    });
  });
}
