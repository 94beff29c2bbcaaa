/** A cloud function that needs the access_token, with @cloudbase/node-sdk: asks WeChat for the addresses of its API. */

const tcb = require('@cloudbase/node-sdk');

const app = tcb.init({ env: tcb.SYMBOL_CURRENT_ENV });
const wechat = process.env.WX_API_BASE_URL || 'https://api.weixin.qq.com';
// FUNCTION_PREFIX, where the deployment was given one.
const name = `${process.env.FUNCTION_PREFIX || ''}getAccessToken`;

/** `appid` may be left out when one app is configured. */
exports.main = async ({ appid }) => {
  const { result } = await app.callFunction({ name, data: { appid } });
  if (result.errcode !== 0) return { errcode: result.errcode, errmsg: result.errmsg };
  const response = await fetch(`${wechat}/cgi-bin/get_api_domain_ip?access_token=${result.access_token}`);
  const { errcode = 0, errmsg = 'ok', ip_list = [] } = await response.json();
  return { errcode, errmsg, addresses: ip_list.length, expires_in: result.expires_in };
};
