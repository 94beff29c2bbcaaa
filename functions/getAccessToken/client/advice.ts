/**
 * What to do about an errcode at an API that takes an access_token. At the token endpoints some of them mean other
 * things: see ../../_shared/wechat/errcodes.ts. Codes: https://developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html
 * and the page of each API (read 2026-11-22).
 */

export function adviceFor(errcode: number): string {
  return ADVICE.get(errcode) ?? `look ${errcode} up at ${TABLE}`;
}

const TABLE = 'https://developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html';

const STILL_REFUSED =
  'WeChat refused a second token too: another system may be fetching tokens for this AppID, or the token is of another account';

const ADVICE: ReadonlyMap<number, string> = new Map([
  [-1, 'WeChat is busy: try again in some seconds'],
  [40001, STILL_REFUSED],
  [40014, STILL_REFUSED],
  [42001, STILL_REFUSED],
  [40003, 'the openid is not one of this AppID'],
  [40007, 'the media_id is wrong, or older than three days'],
  [40013, 'the code or the AppID belongs to another app'],
  [40029, 'the code is wrong or older than five minutes: let the mini program get a new one'],
  [40163, 'the code has been used: let the mini program get a new one for each call'],
  [40037, 'the template id is not among those of this AppID'],
  [40097, 'a parameter is missing or malformed: compare the body with the page of the API'],
  [40129, "scene is at most 32 characters out of letters, digits and !#$&'()*+,/:;=?@-._~"],
  [41030, 'the page is not in the published version: publish it, or send check_path: false'],
  [
    43101,
    'the user has not subscribed (each consent is good for one message): ask with wx.requestSubscribeMessage',
  ],
  [44991, 'too many calls for this user: slow down'],
  [45009, "the API's quota of the day is used up until 00:00 UTC+8"],
  [45011, 'too many calls this minute: try again in the next'],
  [47001, 'WeChat could not read the body as JSON'],
  [47003, 'a field of data is malformed for its type, such as a thing of more than 20 characters'],
  [48001, 'this account has no right to call the API'],
  [61007, 'this account has no right to call the API'],
  [61010, 'the user has not been in the mini program for two hours'],
  [87014, 'the content is risky: do not publish it'],
  [400, 'this is how the client calls it: if functionName names another function, correct it'],
  [403, 'call from a cloud function of the same environment, or admit its source with TRUSTED_SOURCES'],
  [404, 'use an appid that getAccessToken is configured for'],
  [412, 'WeChat wants Content-Length: send bytes or a string'],
  [500, "correct getAccessToken's configuration and deploy it again"],
  [502, 'if it was a POST, WeChat may have carried it out: look before you repeat it'],
  [503, 'try again after retry_after seconds'],
  [504, 'if it was a POST, WeChat may have carried it out: look before you repeat it'],
]);
