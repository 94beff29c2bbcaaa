/**
 * What an operator asks for: a mint now, or the death of a leaked token.
 *
 * WeChat keeps two generations, so a leaked token dies with the second mint after it. In `stable` mode both have to
 * be forced, at least 30 s apart and at most 20 a day.
 * https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken (read 2026-11-22)
 */

import { KINDS } from './kinds.ts';
import { MINUTE_MS } from './policy.ts';
import type { Policy } from './policy.ts';
import type { Failure } from './ports.ts';
import { withNextVersion } from './record.ts';
import type { Api, ManualRefresh, TokenRecord } from './record.ts';
import { dayOf, nextDayAtMs } from './backoff.ts';

const FORCE_SPACING_MS = 30_000;
const FORCES_PER_DAY = 20;

/** A request that was not carried out in this time is dropped: it must not take effect long after its reason. */
export const MANUAL_REFRESH_LIFE_MS = 15 * MINUTE_MS;

export const requestRefresh = requestOf({ mintsLeft: 1, isLeak: false });
export const requestLeakRefresh = requestOf({ mintsLeft: 2, isLeak: true });

function requestOf(what: Omit<ManualRefresh, 'requestedAtMs'>) {
  return (record: TokenRecord, nowMs: number): TokenRecord => ({
    ...withNextVersion(record, nowMs),
    manualRefresh: { requestedAtMs: nowMs, ...what },
  });
}

/** The request that is still to be carried out, if there is one. */
export function pendingRefresh(record: TokenRecord, nowMs: number): ManualRefresh | null {
  const { manualRefresh } = record;
  const isFresh =
    manualRefresh !== null && Math.abs(nowMs - manualRefresh.requestedAtMs) <= MANUAL_REFRESH_LIFE_MS;
  return isFresh && manualRefresh.mintsLeft > 0 ? manualRefresh : null;
}

/** Must this mint be forced? In `token` mode every mint is new, so nothing has to be; and nothing can be any more today. */
export function isForced(record: TokenRecord, nowMs: number, policy: Policy): boolean {
  return isForceAskedFor(record, nowMs, policy) && forceLimit(record, nowMs)?.do !== 'stop';
}

export function isForceAskedFor(record: TokenRecord, nowMs: number, policy: Policy): boolean {
  return KINDS[policy.api].isForceable && pendingRefresh(record, nowMs)?.isLeak === true;
}

/** Was the claim taken for a forced mint? */
export function isForcing({ claim, forces }: TokenRecord): boolean {
  return claim !== null && claim.startedAtMs === forces.lastAtMs;
}

/** What to do instead of a forced mint just now. */
type ForceLimit =
  | { do: 'wait'; why: 'spacing'; untilAtMs: number }
  | { do: 'stop'; failure: Failure; retryAtMs: number };

export function forceLimit({ forces }: TokenRecord, nowMs: number): ForceLimit | null {
  if (forces.day === dayOf(nowMs) && forces.count >= FORCES_PER_DAY) {
    return { do: 'stop', failure: BUDGET_SPENT, retryAtMs: nextDayAtMs(nowMs) };
  }
  const untilAtMs = forces.lastAtMs + FORCE_SPACING_MS;
  const isTooSoon = nowMs < untilAtMs && untilAtMs - nowMs <= FORCE_SPACING_MS;
  return isTooSoon ? { do: 'wait', why: 'spacing', untilAtMs } : null;
}

export function countForce({ forces }: TokenRecord, nowMs: number): TokenRecord['forces'] {
  const day = dayOf(nowMs);
  return { day, count: forces.day === day ? forces.count + 1 : 1, lastAtMs: nowMs };
}

/** WeChat has refused a forced mint with 45009: others force, too. It says nothing about calls that aren't forced. */
export function spendForces(record: TokenRecord, nowMs: number): TokenRecord {
  return { ...record, forces: { ...record.forces, day: dayOf(nowMs), count: FORCES_PER_DAY } };
}

/** What is left of the request after one mint. One of `stable` that wasn't forced killed nothing. */
export function countMint(record: TokenRecord, api: Api): ManualRefresh | null {
  const { manualRefresh } = record;
  if (manualRefresh?.isLeak === true && KINDS[api].isForceable && !isForcing(record)) return manualRefresh;
  if (manualRefresh === null || manualRefresh.mintsLeft <= 1) return null;
  return { ...manualRefresh, mintsLeft: manualRefresh.mintsLeft - 1 };
}

const BUDGET_SPENT: Failure = {
  owner: 'quota',
  errcode: 45009,
  errmsg:
    "the 20 forced refreshes that WeChat allows a day are used up; they come back at 00:00 UTC+8 (reset the AppSecret if the leak can't wait)",
};
