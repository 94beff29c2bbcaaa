/** Calls a cloud function and returns its result; throws an Error with errcode when it says no. */
async function call(name, data) {
  const { result } = await wx.cloud.callFunction({ name, data });
  if (result.errcode === 0) return result;
  throw Object.assign(new Error(result.errmsg), { errcode: result.errcode });
}

/** Runs what a button starts: one at a time, and what goes wrong is shown. */
async function run(page, work) {
  if (page.data.isBusy) return;
  page.setData({ isBusy: true, problem: '' });
  try {
    await work();
  } catch (error) {
    page.setData({ problem: error.message || error.errMsg || 'failed' });
  } finally {
    page.setData({ isBusy: false });
  }
}

module.exports = { call, run };
