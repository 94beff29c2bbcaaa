/**
 * The numbers of WeChat's token service. Where a page is named, the number is documented there (read 2026-11-22,
 * all under https://developers.weixin.qq.com); the others are decisions of this sandbox and say so.
 */

/** /doc/oplatform/developers/dev/AccessToken.html: a token lives two hours. */
export const LIFE_MS = 7_200_000;
/** Same page: while a token is renewed, "the old and the new one both work for 5 minutes". */
export const GRACE_MS = 300_000;

/** /miniprogram/dev/OpenApiDoc/mp-access-token/getStableAccessToken.html: stable_token renews 5 minutes early. */
export const EARLY_MS = 300_000;
/** Same page: forced refreshes closer together than this "will not refresh". */
export const FORCE_SPACING_MS = 30_000;

/** Same page, and for `legacy` /doc/service/Message_Management/API_Call_Limits.html (200 for test accounts). */
export const DEFAULT_LIMITS: Readonly<Limits> = {
  legacyPerDay: 2000,
  stablePerMinute: 10_000,
  stablePerDay: 500_000,
  forcePerDay: 20,
  stableEarlyMs: EARLY_MS,
  graceMs: GRACE_MS,
  /** /doc/oplatform/Third-party_Platforms/2.0/api/openApi/clear_quota.html */
  clearPerMonth: 10,
  /** The page gives no number; a user met 45009 after these. /community/develop/doc/000ac0b1a98180cbfdda05cfb56c00 (read 2026-11-28) */
  ticketPerDay: 10_000,
};

export interface Limits {
  legacyPerDay: number;
  stablePerMinute: number;
  stablePerDay: number;
  forcePerDay: number;
  /** With so little left, stable_token issues a new token. */
  stableEarlyMs: number;
  /** How long the token before the current one works on. */
  graceMs: number;
  clearPerMonth: number;
  ticketPerDay: number;
}

/** /doc/oplatform/developers/dev/api: freezing and unfreezing an AppSecret take ten minutes to act. */
export const FREEZE_DELAY_MS = 600_000;

/** /doc/oplatform/developers/basic_func/ip_whitelist: at most ten entries. */
export const MAX_WHITELIST_ENTRIES = 10;

/** The pages of both token endpoints, code 89507: refused once, blocked for an hour … */
export const REFUSED_ONCE_MS = 3_600_000;
/** … and 89506: refused twice, blocked for a day. */
export const REFUSED_TWICE_MS = 86_400_000;

/** Own decision: how long the sandbox still knows why a token died. Afterwards it is an unknown string. */
export const TOMBSTONE_MS = 48 * 3_600_000;

/** Own decision: mints kept one by one per app; the totals go on counting. */
export const MINT_LOG_LENGTH = 10_000;

/** Paths that neither issue a token nor take one as all others do. */
export const OTHER_PATHS: readonly string[] = [
  '/cgi-bin/clear_quota',
  '/cgi-bin/clear_quota/v2',
  '/sns/jscode2session',
];
