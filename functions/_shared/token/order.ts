/**
 * What an operator asks for: a mint now, or the death of a leaked token.
 *
 * WeChat keeps two generations, so a leaked token dies with the second mint after it. In `stable` mode both have to
 * be forced, at least 30 s apart and at most 20 a day.
 * https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken (read 2026-11-22)
 */

import type { Policy } from './policy.ts';
import type { Failure } from './ports.ts';
import { withNextVersion } from './record.ts';
import type { Order, TokenRecord } from './record.ts';
import { dayOf, nextDayAtMs } from './setback.ts';

const FORCE_SPACING_MS = 30_000;
const FORCES_PER_DAY = 20;

/** An order that nobody carried out in this time is forgotten: it must not fire long after its reason. */
export const LONGEST_ORDER_MS = 15 * 60_000;

export function orderNow(record: TokenRecord, nowMs: number): TokenRecord {
  return { ...withNextVersion(record, nowMs), order: { placedAtMs: nowMs, mintsLeft: 1, isLeak: false } };
}

export function orderLeak(record: TokenRecord, nowMs: number): TokenRecord {
  return { ...withNextVersion(record, nowMs), order: { placedAtMs: nowMs, mintsLeft: 2, isLeak: true } };
}

/** The order in force, if there is one. */
export function standingOrder(record: TokenRecord, nowMs: number): Order | null {
  const { order } = record;
  const isFresh = order !== null && Math.abs(nowMs - order.placedAtMs) <= LONGEST_ORDER_MS;
  return isFresh && order.mintsLeft > 0 ? order : null;
}

/** Must this mint be forced? In `token` mode every mint is new, so nothing has to be. */
export function isForced(record: TokenRecord, nowMs: number, policy: Policy): boolean {
  return policy.api === 'stable' && standingOrder(record, nowMs)?.isLeak === true;
}

/** What forbids a forced mint just now. */
export type ForceBar =
  | { why: 'spacing'; untilAtMs: number }
  | { why: 'budget'; failure: Failure; retryAtMs: number };

export function forceBar({ forces }: TokenRecord, nowMs: number): ForceBar | null {
  if (forces.day === dayOf(nowMs) && forces.count >= FORCES_PER_DAY) {
    return { why: 'budget', failure: BUDGET_SPENT, retryAtMs: nextDayAtMs(nowMs) };
  }
  const untilAtMs = forces.lastAtMs + FORCE_SPACING_MS;
  return nowMs < untilAtMs && untilAtMs - nowMs <= FORCE_SPACING_MS ? { why: 'spacing', untilAtMs } : null;
}

export function forcedOnceMore({ forces }: TokenRecord, nowMs: number): TokenRecord['forces'] {
  const day = dayOf(nowMs);
  return { day, count: forces.day === day ? forces.count + 1 : 1, lastAtMs: nowMs };
}

/** What is left of an order after one mint. */
export function carriedOut(order: Order | null): Order | null {
  if (order === null || order.mintsLeft <= 1) return null;
  return { ...order, mintsLeft: order.mintsLeft - 1 };
}

const BUDGET_SPENT: Failure = {
  owner: 'quota',
  errcode: 45009,
  errmsg:
    "the 20 forced refreshes that WeChat allows a day are used up; they come back at 00:00 UTC+8 (reset the AppSecret if the leak can't wait)",
};
