/** The endpoints about a user's session_key. They take the access_token, and in place of the key a signature made with it. */

import type { HttpAnswer } from '../http-server.ts';
import { isText, OK, type Use } from './consumer-use.ts';
import { refuse } from './errcodes.ts';
import { errcodeAnswer, jsonAnswer } from './wire.ts';

/** Under https://developers.weixin.qq.com/miniprogram/dev/server/API/user-login/ and …/user-info/internet/ (read 2026-11-29) */
export const checkSession = signed(() => OK);

export const resetSession = signed(({ appid, wechat }, openid) => ({
  ...OK,
  ...wechat.uses.sessions.reset(appid, openid),
}));

export const encryptKeys = signed(({ appid, wechat, nowMs }, openid) => ({
  ...OK,
  key_info_list: wechat.uses.sessions.encryptKeys(appid, openid, nowMs),
}));

/** All in the query: a user's POST with these in the body got 87009. /community/…/oCJUswwpHtP8DwySw1blO6_Bk9QI/fav (read 2026-11-28) */
function signed(answer: (use: Use, openid: string) => object): (use: Use) => HttpAnswer {
  return (use) => {
    const { openid, signature = '', sig_method: method } = use.query;
    if (!isText(openid)) return errcodeAnswer(refuse(40003), use.nowMs);
    if (method !== 'hmac_sha256') return errcodeAnswer(refuse(87008), use.nowMs);
    const verdict = use.wechat.uses.sessions.judge(use.appid, openid, signature);
    if (verdict === 'no session') return errcodeAnswer(refuse(87007), use.nowMs);
    if (verdict === 'wrong' || use.body.length > 0) return errcodeAnswer(refuse(87009), use.nowMs);
    return jsonAnswer(answer(use, openid));
  };
}
