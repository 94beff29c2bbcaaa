/**
 * What to do about an error. Three sorts of codes that are never confused: WeChat's errcodes at an API that takes an
 * access_token (at the token endpoints some mean other things: ../../_shared/wechat/errcodes.ts), getAccessToken's own
 * codes, and HTTP statuses.
 *
 * WeChat's codes: https://developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html and the page of each
 * API (read 2026-11-22).
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
  // https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/New_temporary_materials.html
  [40004, 'the media type is none that this API takes: image, voice, video or thumb, as its page says'],
  [40007, 'the media_id is wrong, or older than three days'],
  [40013, 'the code or the AppID belongs to another app'],
  [40029, 'the code is wrong or older than five minutes: let the mini program get a new one'],
  // The general table: "invalid url". WeChat says so of paths that it doesn't know, too.
  [40066, 'the path, or a URL in the body, is none that WeChat takes: compare both with the page of the API'],
  [40163, 'the code has been used: let the mini program get a new one for each call'],
  [40037, 'the template id is not among those of this AppID'],
  [40097, 'a parameter is missing or malformed: compare the body with the page of the API'],
  [40129, "scene is at most 32 characters out of letters, digits and !#$&'()*+,/:;=?@-._~"],
  // https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/qr-code/getUnlimitedQRCode.html
  [40169, 'scene is empty or longer than 32 characters, or the body is not JSON'],
  [41002, 'the API wants an appid in its parameters too: see its page'],
  // https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/New_temporary_materials.html
  [
    41005,
    'there is no file in the form: send it with upload(), in the field that the page names (usually media)',
  ],
  [41030, 'the page is not in the published version: publish it, or send check_path: false'],
  [
    43101,
    'the user has not subscribed (each consent is good for one message): ask with wx.requestSubscribeMessage',
  ],
  // https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/sec-center/sec-check/msgSecCheck.html
  [43104, 'the AppID and the openid don’t belong together: use the openid that this app’s login gave'],
  [44991, 'too many calls for this user: slow down'],
  // https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/New_temporary_materials.html
  [45001, 'the file is too large for its type: make it smaller, the page of the API names the limits'],
  [45009, "the API's quota of the day is used up until 00:00 UTC+8"],
  [45011, 'too many calls this minute: try again in the next'],
  [47001, 'WeChat could not read the body as JSON'],
  [47003, 'a field of data is malformed for its type, such as a thing of more than 20 characters'],
  [48001, 'this account has no right to call the API'],
  [61007, 'this account has no right to call the API'],
  [61010, 'the user has not been in the mini program for two hours'],
  // https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/api_checksessionkey.html
  [87007, 'the user has no session any more: let the mini program call wx.login'],
  [87009, 'the session_key is not the current one: let the mini program call wx.login'],
  [87014, 'the content is risky: do not publish it'],
]);

/** What getAccessToken answered instead of a token, or getTicket instead of a signature. */
export function adviceForNoToken(
  errcode: number,
  retryAfter: number | undefined,
  { name, noun }: { name: string; noun: 'access_token' | 'signature' },
): string {
  if (errcode === 400 && noun === 'signature') return NO_SIGNATURE;
  if (errcode === 503)
    return retryAfter === undefined ? 'try again in some seconds' : 'try again after retry_after seconds';
  // Else it is WeChat's code at the token endpoint.
  const advice =
    NO_TOKEN.get(errcode) ?? 'the calling function can’t cure this: see the log of getAccessToken';
  return advice.replace('getAccessToken', name);
}

const NO_SIGNATURE =
  'pass location.href as the page has it, and appid where several AppIDs have tickets: errmsg names the wrong one';

const NO_TOKEN: ReadonlyMap<number, string> = new Map([
  [400, 'correct appid (needed when getAccessToken is configured for several), and functionName'],
  [403, 'call from a cloud function of the same environment, or admit its source with TRUSTED_SOURCES'],
  [404, 'use an appid that getAccessToken is configured for'],
  [500, "correct getAccessToken's configuration and deploy it again"],
]);

export function adviceForStatus(status: number, method: 'GET' | 'POST'): string {
  if (status >= 300 && status < 400)
    return 'redirects are not followed, since they would take the token along: compare path and baseUrl with the page of the API';
  return STATUS.get(status) ?? (status < 500 ? BLOCKED : adviceForLost(method));
}

const BLOCKED = 'no API of WeChat answers so: look for a proxy on the way, and at path and baseUrl';
const WAIT = 'wait a while, and try again';

const STATUS: ReadonlyMap<number, string> = new Map([
  [404, 'there is no such path: compare it with the page of the API'],
  [405, 'the API wants the other method: use get() for post(), or post() for get()'],
  [412, 'WeChat wants Content-Length: send bytes or a string'],
  [413, 'what is sent is too large: make it smaller'],
  [429, WAIT],
  [503, WAIT],
]);

/** A request left, and what became of it is not known. */
export function adviceForLost(method: 'GET' | 'POST'): string {
  if (method === 'GET') return 'try again';
  return 'if it was a POST, WeChat may have carried it out: look before you repeat it';
}
