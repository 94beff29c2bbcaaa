/** The numbers of a token's life, and the part of them that the user may choose. */

import type { Api } from './record.ts';

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** What differs from one app to the next. */
export interface Policy {
  api: Api;
  /** Age at which a token of `token` mode, or a ticket, is replaced. */
  refreshAfterMs: number;
  mintLimitPerDay: number;
  /** A hash of AppID, AppSecret, endpoint and hosts: distinguishes a changed configuration from one that failed. */
  fingerprint: string;
}

/** As the cron line in cloudbaserc.json says. */
export const TICK_MS = 5 * MINUTE_MS;

/** A timer tick that comes seconds early must not slip to the next one, 5 minutes later. */
export const DUE_TOLERANCE_MS = 30 * SECOND_MS;

/**
 * How long WeChat honours the token before the newest one.
 * https://developers.weixin.qq.com/doc/oplatform/developers/dev/AccessToken.html (read 2026-11-22)
 */
const GRACE_MS = 300 * SECOND_MS;

/** The last minute of the grace belongs to callers that hold a token in their memory. */
export const HOLD_MS = GRACE_MS - MINUTE_MS;

/** With less than this left, a token is replaced, whatever its age (`stable` re-issues from 300 s on). */
export const LAST_CALL_MS = 300 * SECOND_MS;

/** Below this a reader of a `token`-mode token refreshes by itself: the timer is late. */
export const READER_FLOOR_MS = 60 * SECOND_MS;

/** No token lives longer, so a stored one that says so is damaged. */
export const LONGEST_LIFE_MS = 7_200 * SECOND_MS;

/** The longest that `mint` takes, retries and host failover included. */
export const LONGEST_MINT_MS = 8 * SECOND_MS;

/**
 * A claim outlives the slowest way to its commit (two attempts at a database write of 3 s each, a read
 * between them, then LONGEST_MINT_MS) and stays under the time limit of both functions (cloudbaserc.json).
 */
export const CLAIM_MS = 20 * SECOND_MS;

/**
 * A request that timed out may be carried out seconds later: after the mint that followed it, if nothing alive had
 * to be protected and that one came at once. Within this time the new token expires early.
 */
export const LATE_MS = 30 * SECOND_MS;

/** Clocks of two instances may differ by this much before an instant counts as damaged. */
export const MOST_SKEW_MS = 10 * MINUTE_MS;

/** WeChat's replicas lag: a token refused this soon after its birth is handed out again, not replaced. */
export const NEWBORN_MS = 30 * SECOND_MS;

/** A report is believed unseen if none was acted upon for so long; else WeChat is shown the token first. */
export const REPORT_TRUST_MS = 60 * MINUTE_MS;

/** After MANY_REFUTED refuted reports within so long no report is believed unseen. */
export const DISTRUST_MS = 24 * REPORT_TRUST_MS;

/** A probe of WeChat holds for so long, and there is no other meanwhile. */
export const PROBE_SPACING_MS = 30 * SECOND_MS;

/** The longest that `probe` takes, host failover included. */
export const LONGEST_PROBE_MS = 4 * SECOND_MS;

/** From so many refuted reports on, some caller has a bug. */
export const MANY_REFUTED = 3;

/** From this part of the day's mint limit on, somebody should look who asks for so many. */
export const NEAR_LIMIT = 0.8;

/** How long an instance answers from its memory without asking the database. */
export const MEMORY_MS = 60 * SECOND_MS;

/** The same for "there is no token": short, because another instance may have succeeded. */
export const FAILURE_MEMORY_MS = 5 * SECOND_MS;

/** How long a caller waits for another instance that mints. */
export const LONGEST_WAIT_MS = 6 * SECOND_MS;

/** Lost races for the claim in one call; each loss means that somebody else moved the document. */
export const MOST_CLAIM_TRIES = 5;
