/** How many mints a day of UTC+8 has: counted, limited, and what WeChat itself turned out to grant. */

import { dayOf, isMidnightBlur, nextDayAtMs } from './backoff.ts';
import type { Policy } from './policy.ts';
import type { Failure } from './ports.ts';
import { KINDS } from './kinds.ts';
import type { TokenRecord } from './record.ts';

/**
 * The smallest quota that WeChat grants is 200 a day. If we had less than half of it, others have used up more than we
 * did, and on the following days reports of dead tokens must not suffer from that.
 */
const LEAST_ACCOUNT_LIMIT = 100;

/** One more, counted before it is made: its holder may die on the way. */
export function countAttempt({ mints }: TokenRecord, nowMs: number): TokenRecord['mints'] {
  const day = dayOf(nowMs);
  return { day, count: (mints.day === day ? mints.count : 0) + 1 };
}

/** It brought no token. */
export function uncountAttempt({ mints }: TokenRecord): TokenRecord['mints'] {
  return { ...mints, count: Math.max(0, mints.count - 1) };
}

/** Why there is no further mint today, and when there is; null while there is one. Reports have fewer than others. */
export function reachedLimit(
  record: TokenRecord,
  isReport: boolean,
  nowMs: number,
  policy: Policy,
): { failure: Failure; retryAtMs: number } | null {
  const { day, count } = record.mints;
  const limit = limitFor(record, isReport, policy);
  if (day !== dayOf(nowMs) || count < limit.most) return null;
  return { failure: limitReached(count, policy, limit.why), retryAtMs: nextDayAtMs(nowMs) };
}

/**
 * The mints that a day really has: WeChat's own limit where it is known and lower than the configured one. `stable` has
 * a quota of its own, of half a million.
 */
export function effectiveLimit({ learnedLimit }: TokenRecord, { api, mintLimitPerDay }: Policy): number {
  const isPlausible =
    KINDS[api].killsTheOneBefore && learnedLimit !== null && learnedLimit >= LEAST_ACCOUNT_LIMIT;
  return isPlausible ? Math.min(mintLimitPerDay, learnedLimit) : mintLimitPerDay;
}

/** 45009 in `token` mode, where each call mints: what was counted today is what WeChat grants this account. */
export function learnLimit(
  record: TokenRecord,
  nowMs: number,
  { api, mintLimitPerDay }: Policy,
): TokenRecord {
  const { day, count } = record.mints;
  const isKnown = day === dayOf(nowMs) && !isMidnightBlur(nowMs) && count > 0 && count < mintLimitPerDay;
  return isKnown && KINDS[api].killsTheOneBefore ? { ...record, learnedLimit: count } : record;
}

/** More mints than were thought possible: the limit is higher. */
export function raiseLimit({ learnedLimit, mints }: TokenRecord): number | null {
  return learnedLimit === null ? null : Math.max(learnedLimit, mints.count);
}

/**
 * A caller that reports one good token after another must not use up the mints that the timer will need. The timer and
 * readers may go beyond the learned limit: so it is found out when WeChat grants more, and then it binds nobody.
 */
function limitFor(record: TokenRecord, isReport: boolean, policy: Policy): { most: number; why: string } {
  const { mintLimitPerDay } = policy;
  const { timerReserve, whySpent, whySpentByReports } = KINDS[policy.api];
  if (!isReport) return { most: mintLimitPerDay, why: whySpent };
  const learned = effectiveLimit(record, policy);
  const isLearned = learned < mintLimitPerDay && record.mints.count < learned;
  const limit = isLearned ? learned : mintLimitPerDay;
  const reserve = Math.min(timerReserve.most, Math.floor(limit / timerReserve.oneIn));
  return { most: limit - reserve, why: isLearned ? refusedBeyond(learned) : whySpentByReports };
}

const refusedBeyond = (learned: number): string =>
  `WeChat itself has refused more than ${learned} a day (45009; the last part of them is kept for the timer): find out who reports or mints so often`;

function limitReached(count: number, { api }: Policy, why: string): Failure {
  const errmsg = `${count} ${KINDS[api].noun.replace('_', ' ')}s were minted today, and ${why}; the count begins again at 00:00 UTC+8`;
  return { owner: 'quota', errcode: 503, errmsg };
}
