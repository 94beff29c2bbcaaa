/**
 * WeChat's errcodes at the token endpoints: who has to act on each, and what there is to do.
 *
 * Codes and texts: https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-access-token/api_getaccesstoken.html
 * and …/api_getstableaccesstoken.html (read 2026-11-22). At these endpoints 40001 is about the AppSecret, never
 * about a token; what it means elsewhere is TOKEN_REFUSALS.
 */

import { HOUR_MS, MINUTE_MS } from '../token/policy.ts';
import type { Owner } from '../token/record.ts';

export interface ErrcodeMeaning {
  owner: Owner;
  /** What the person who reads it should do now. */
  advice: string;
  /** Where WeChat itself says when to come back. */
  retryAfterMs?: number;
}

const PLATFORM = 'https://mp.weixin.qq.com (开发管理 → 开发设置)';

const meaning =
  (owner: Owner) =>
  (advice: string, retryAfterMs?: number): ErrcodeMeaning =>
    retryAfterMs === undefined ? { owner, advice } : { owner, advice, retryAfterMs };
export const transient = meaning('transient');
export const quota = meaning('quota');
export const configuration = meaning('configuration');

const WRONG_SECRET = configuration(
  `the AppSecret is wrong: copy it again from ${PLATFORM} into WX_APPSECRET and deploy`,
);
const NOT_LISTED = configuration(
  `add this IP to the whitelist at ${PLATFORM}, or give the functions a fixed egress IP`,
);
const NOT_UNDERSTOOD = configuration(
  'WeChat did not understand the request: please report this as a bug of cloudbase-access-token',
);
const SPENT = quota(
  "the day's quota of token calls is used up until 00:00 UTC+8: find who else fetches, or clear the quota once with /cgi-bin/clear_quota/v2",
);
const FROZEN = configuration(
  `the AppSecret is frozen: unfreeze it at ${PLATFORM} (takes 10 minutes), or use cloud.openapi, which needs no secret`,
);
const NOT_CONFIRMED = configuration("the account's administrator has to confirm this IP in WeChat");

const MEANINGS = new Map<number, ErrcodeMeaning>([
  [-1, transient('WeChat is busy; it is tried again by itself')],
  [45011, transient('too many calls this minute; it is tried again by itself', MINUTE_MS)],
  [45009, SPENT],
  [40001, WRONG_SECRET],
  [40125, WRONG_SECRET],
  [40013, configuration('the AppID is wrong (it is case-sensitive): check WX_APPID and deploy')],
  [40164, NOT_LISTED],
  [61004, NOT_LISTED],
  [40243, FROZEN],
  [40002, NOT_UNDERSTOOD],
  [43002, NOT_UNDERSTOOD],
  [41002, configuration('the AppID did not arrive: check WX_APPID and deploy')],
  [41004, configuration('the AppSecret did not arrive: check WX_APPSECRET and deploy')],
  [50004, configuration(`this account may not use access tokens: look for a notice at ${PLATFORM}`)],
  [50007, configuration(`this account is frozen: look for a notice at ${PLATFORM}`)],
  [89501, NOT_CONFIRMED],
  [89503, NOT_CONFIRMED],
  [89506, configuration('the administrator refused this IP twice: it is blocked for 24 hours')],
  [89507, configuration('the administrator refused this IP: it is blocked for an hour', HOUR_MS)],
]);

/** The codes of all other calls that mean "get another token". */
export const TOKEN_REFUSALS: ReadonlySet<unknown> = new Set([40001, 40014, 42001]);

export function knownErrcodes(): number[] {
  return [...MEANINGS.keys()];
}

/** A code that this table doesn't know needs a person to look, and no flood meanwhile. */
const UNKNOWN = configuration(
  'this code is new to cloudbase-access-token: look it up at https://developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html',
);

export function meaningOf(errcode: number): ErrcodeMeaning {
  return MEANINGS.get(errcode) ?? UNKNOWN;
}
