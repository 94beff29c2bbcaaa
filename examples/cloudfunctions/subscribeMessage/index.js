/**
 * Subscribe message: what template messages were until 2020. Reminds the caller, and nobody else, of something.
 * Variable: SUBSCRIBE_TEMPLATE_ID, a template with the fields thing1 (what) and time2 (when).
 */

const cloud = require('wx-server-sdk');
const { createWeChat } = require('cloudbase-access-token/client');

cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV });
const wechat = createWeChat({ app: cloud, baseUrl: process.env.WX_API_BASE_URL });

/** A thing has at most 20 characters: longer ones are refused with 47003. */
const LONGEST_THING = 20;

exports.main = async ({ what }) => {
  const { OPENID } = cloud.getWXContext();
  if (!OPENID) return { errcode: 403, errmsg: 'call this from the mini program' };
  const text = typeof what === 'string' ? what.trim() : '';
  if (text === '' || text.length > LONGEST_THING) {
    return { errcode: 400, errmsg: `what: 1 to ${LONGEST_THING} characters` };
  }
  const message = {
    // Receiver, template and page are the server's choice: a client that could name them would be a spam machine.
    touser: OPENID,
    template_id: process.env.SUBSCRIBE_TEMPLATE_ID,
    page: 'pages/index/index',
    data: { thing1: { value: text }, time2: { value: beijingTime() } },
  };
  try {
    await wechat.post('/cgi-bin/message/subscribe/send', message);
    return { errcode: 0, errmsg: 'ok' };
  } catch (error) {
    console.error(error.message);
    // Each consent of the user is good for one message.
    if (error.errcode === 43101)
      return { errcode: 43101, errmsg: 'not subscribed: ask with wx.requestSubscribeMessage' };
    return { errcode: error.errcode || 500, errmsg: 'failed: try again later' };
  }
};

/** Functions run in UTC; a `time` is shown as it is written. */
function beijingTime() {
  return new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
}
