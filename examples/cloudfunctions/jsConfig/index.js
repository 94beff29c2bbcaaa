/** What a page of your official account gives to `wx.config`, over HTTP access: `GET …?url=` with the page's address. */

const cloud = require('wx-server-sdk');
const { createWeChat } = require('cloudbase-access-token/client');

cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV });
const wechat = createWeChat({ app: cloud });

/** Whose pages are signed, such as `h5.example.com`: everybody can ask here, and a signed page acts for your account. */
const HOSTS = (process.env.PAGE_HOSTS || '').split(',').map((host) => host.trim());

exports.main = async ({ httpMethod, queryStringParameters }) => {
  const { url = '' } = queryStringParameters || {};
  if (httpMethod !== 'GET' || !URL.canParse(url)) return answer(400, { errmsg: 'GET with url' });
  const { host, origin } = new URL(url);
  if (!HOSTS.includes(host)) return answer(403, { errmsg: 'not a page of ours' });
  try {
    // It is signed as it came: not decoded, not rebuilt. The appid is needed where several apps are configured.
    return answer(200, await wechat.jsConfig(url, { appid: process.env.OFFICIAL_APPID }), origin);
  } catch (error) {
    console.error(error.message);
    return answer(503, { errmsg: 'no signature just now: try again later' }, origin);
  }
};

/** A page at another address than this function's may read it, if it is on the list. */
function answer(statusCode, body, origin) {
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  if (origin) headers['Access-Control-Allow-Origin'] = origin;
  return { statusCode, headers, body: JSON.stringify(body) };
}
