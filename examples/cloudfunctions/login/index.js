/**
 * Login: the code of `wx.login` for the caller's openid, and the unionid where there is one. Variable: WX_APPSECRET.
 *
 * A function called by a mini program knows its caller's openid without this: `cloud.getWXContext().OPENID`. You need
 * the code for the session_key, with which WeChat signs and encrypts user data. It must not leave the server: WeChat's
 * rules forbid it, and whoever has it can forge that data. https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/signature.html
 */

const cloud = require('wx-server-sdk');

cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV });
const wechat = process.env.WX_API_BASE_URL || 'https://api.weixin.qq.com';

exports.main = async ({ code }) => {
  const { OPENID, APPID } = cloud.getWXContext();
  if (!OPENID) return { errcode: 403, errmsg: 'call this from the mini program' };
  if (typeof code !== 'string' || !/^[\w.-]{1,128}$/.test(code)) {
    return { errcode: 400, errmsg: 'code: the one that wx.login gave, a string' };
  }
  const { errcode = 0, openid, unionid, session_key: sessionKey } = await code2Session(APPID, code);
  if (errcode !== 0 || !sessionKey)
    return { errcode: errcode || 500, errmsg: 'login failed: get a new code and try again' };
  // Somebody else's code would log the caller in as that person.
  if (openid !== OPENID) return { errcode: 403, errmsg: 'this code is of another user' };
  // Need the session_key later? Store it here, in a collection with the access ADMINONLY.
  return { errcode: 0, errmsg: 'ok', openid, ...(unionid ? { unionid } : {}) };
};

/** Takes the AppSecret and no access_token. What goes wrong is logged without the URL, which holds the secret. */
async function code2Session(appid, code) {
  const query = new URLSearchParams({
    appid,
    secret: process.env.WX_APPSECRET || '',
    js_code: code,
    grant_type: 'authorization_code',
  });
  try {
    const response = await fetch(`${wechat}/sns/jscode2session?${query}`, {
      signal: AbortSignal.timeout(5_000),
    });
    const reply = await response.json();
    if (reply.errcode) console.error(`jscode2session: ${reply.errcode} ${reply.errmsg}`);
    return reply;
  } catch (error) {
    console.error(`jscode2session: no readable answer (${error.name})`);
    return { errcode: 503 };
  }
}
