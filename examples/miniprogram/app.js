App({
  onLaunch() {
    // Without an environment it is the first one of this mini program.
    wx.cloud.init({ traceUser: true });
  },
});
