/**
 * WeChat's errcodes at getticket, where they mean something else than at the token endpoints: 40001 is about the token
 * here, never about the AppSecret.
 * https://developers.weixin.qq.com/doc/service/api/webdev/jssdk/api_getticket (read 2026-11-28)
 */

import { HOUR_MS } from '../token/policy.ts';
import { configuration, meaningOf, quota, TOKEN_REFUSALS, transient } from '../wechat/errcodes.ts';
import type { ErrcodeMeaning } from '../wechat/errcodes.ts';

const TOKEN_REFUSED = transient(
  'getticket refuses the access_token, though it is a new one or WeChat accepts it elsewhere; it is tried again by itself',
);
const SPENT = quota(
  "the day's quota of getticket is used up until 00:00 UTC+8: find who else fetches tickets, or clear the quota once with /cgi-bin/clear_quota/v2",
);
const NO_TICKETS = configuration(
  'this AppID has no tickets: a mini program has none. Name the official account in WX_TICKETS, whose JS-SDK domain the page is under, and deploy',
  HOUR_MS,
);
const MEANINGS = new Map([
  [45009, SPENT],
  [48001, NO_TICKETS],
]);

export function ticketMeaningOf(errcode: number): ErrcodeMeaning {
  return MEANINGS.get(errcode) ?? (TOKEN_REFUSALS.has(errcode) ? TOKEN_REFUSED : meaningOf(errcode));
}
