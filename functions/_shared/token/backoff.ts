/** After a failure: whose turn it is, and when the next attempt is allowed. */

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './policy.ts';
import type { Failure } from './ports.ts';
import type { Owner, Backoff, TokenRecord } from './record.ts';

const UTC_PLUS_8_MS = 8 * HOUR_MS;
/** Within this time after midnight nobody can be sure of the day. */
const MIDNIGHT_BLUR_MS = 10 * MINUTE_MS;

/** Nobody waits longer than this for the next attempt, whatever a damaged row says. */
const LONGEST_PAUSE_MS: Record<Owner, number> = {
  transient: 2 * MINUTE_MS,
  quota: DAY_MS,
  configuration: HOUR_MS,
};

/** The record's backoff after one more failure. `random` (0 to 1) spreads the retries of many instances. */
export function backoffAfter(
  record: TokenRecord,
  failure: Failure,
  fingerprint: string,
  nowMs: number,
  random: number,
): Backoff {
  const before = record.backoff;
  const isSameCause = before !== null && before.owner === failure.owner && before.fingerprint === fingerprint;
  const failures = isSameCause ? before.failures + 1 : 1;
  return {
    owner: failure.owner,
    errcode: failure.errcode,
    errmsg: failure.errmsg,
    ...(failure.advice === undefined ? {} : { advice: failure.advice }),
    failures,
    sinceAtMs: isSameCause ? before.sinceAtMs : nowMs,
    retryAtMs: nowMs + Math.max(failure.retryAfterMs ?? 0, pauseMs(failure.owner, failures, nowMs, random)),
    fingerprint,
  };
}

/** Does this backoff still forbid an attempt? Not for a configuration other than the one that failed. */
export function isBackingOff(
  backoff: Backoff | null,
  fingerprint: string,
  nowMs: number,
): backoff is Backoff {
  if (backoff === null || backoff.fingerprint !== fingerprint) return false;
  const leftMs = backoff.retryAtMs - nowMs;
  return leftMs > 0 && leftMs <= LONGEST_PAUSE_MS[backoff.owner];
}

/** The day of an instant in UTC+8, where WeChat's quotas turn, as days since 1970-01-01. */
export function dayOf(nowMs: number): number {
  return Math.floor((nowMs + UTC_PLUS_8_MS) / DAY_MS);
}

/** When the day after that of `nowMs` begins in UTC+8. */
export function nextDayAtMs(nowMs: number): number {
  return (dayOf(nowMs) + 1) * DAY_MS - UTC_PLUS_8_MS;
}

function pauseMs(owner: Owner, failures: number, nowMs: number, random: number): number {
  switch (owner) {
    case 'quota':
      return untilQuotaReturnsMs(nowMs);
    case 'configuration':
      return Math.min(doubled(MINUTE_MS, failures), HOUR_MS);
    case 'transient':
      // Whole milliseconds: an instant with a fraction counts as damaged when it is read again.
      return Math.round(Math.min(doubled(SECOND_MS, failures), MINUTE_MS) * (0.75 + random / 2));
  }
}

/** Is the day so young that WeChat, or another clock, may still count to the one before? */
export function isMidnightBlur(nowMs: number): boolean {
  return sinceMidnightMs(nowMs) < MIDNIGHT_BLUR_MS;
}

/** Right after midnight it may still be yesterday for WeChat, or for every clock but this one: soon again, then. */
function untilQuotaReturnsMs(nowMs: number): number {
  return isMidnightBlur(nowMs) ? MIDNIGHT_BLUR_MS - sinceMidnightMs(nowMs) : nextDayAtMs(nowMs) - nowMs;
}

function sinceMidnightMs(nowMs: number): number {
  return DAY_MS - (nextDayAtMs(nowMs) - nowMs);
}

function doubled(firstMs: number, failures: number): number {
  return firstMs * 2 ** Math.min(failures - 1, 10);
}
