/** QR code: an unlimited mini-program code that leads to a page of yours and says who shared it. */

const { createHash } = require('node:crypto');
const cloud = require('wx-server-sdk');
const { createWeChat } = require('cloudbase-access-token/client');

cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV });
const wechat = createWeChat({ app: cloud, baseUrl: process.env.WX_API_BASE_URL });

/** Where a code may lead: a client that could name any page could print your codes for its own purposes. */
const PAGES = ['pages/index/index', 'pages/code/code'];

exports.main = async ({ page = PAGES[0] }) => {
  const { OPENID } = cloud.getWXContext();
  if (!OPENID) return { errcode: 403, errmsg: 'call this from the mini program' };
  if (!PAGES.includes(page)) return { errcode: 400, errmsg: `page: one of ${PAGES.join(', ')}` };
  const body = {
    // At most 32 characters. Everybody can read it: hence not the openid itself.
    scene: `from=${createHash('sha256').update(OPENID).digest('hex').slice(0, 16)}`,
    page,
    // The page need not be published yet, so that this also works while you develop.
    check_path: false,
  };
  try {
    const { data, contentType } = await wechat.download('/wxa/getwxacodeunlimit', body);
    return { errcode: 0, errmsg: 'ok', contentType, image: data.toString('base64') };
  } catch (error) {
    console.error(error.message);
    return { errcode: error.errcode || 500, errmsg: 'failed: try again later' };
  }
};
