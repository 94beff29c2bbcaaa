/** Phone number: the code of `<button open-type="getPhoneNumber">` for the caller's own number. */

const cloud = require('wx-server-sdk');
const { createWeChat } = require('cloudbase-access-token/client');

cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV });
const wechat = createWeChat({ app: cloud, baseUrl: process.env.WX_API_BASE_URL });

/** What a user can do something about; the rest is in the log. https://developers.weixin.qq.com/miniprogram/dev/server/API/user-info/phone-number/api_getphonenumber */
const TOLD = {
  40029: 'the code is used up or too old: tap the button again',
  45011: 'too often: wait a minute',
};

exports.main = async ({ code }) => {
  const { OPENID, APPID } = cloud.getWXContext();
  if (!OPENID) return { errcode: 403, errmsg: 'call this from the mini program' };
  // Not the code of wx.login: that one is refused with 40029.
  if (typeof code !== 'string' || !/^[\w.-]{1,128}$/.test(code)) {
    return { errcode: 400, errmsg: 'code: the one that the phone-number button gave, a string' };
  }
  try {
    // With the openid WeChat checks that the code is the caller's.
    const { phone_info: phone } = await wechat.post('/wxa/business/getuserphonenumber', {
      code,
      openid: OPENID,
    });
    if (phone.watermark.appid !== APPID)
      return { errcode: 403, errmsg: 'this code is of another mini program' };
    return {
      errcode: 0,
      errmsg: 'ok',
      phoneNumber: phone.purePhoneNumber,
      countryCode: String(phone.countryCode),
    };
  } catch (error) {
    console.error(error.message);
    return { errcode: error.errcode || 500, errmsg: TOLD[error.errcode] || 'failed: try again later' };
  }
};
