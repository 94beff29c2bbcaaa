/**
 * How long a stored token can be relied on, and when it is time for the next one.
 *
 *     minted                              due (110 min)      + 240 s  + 300 s   expires (120 min)
 *       |-----------------------------------|-----------------|--------|----------|
 *       |        nobody mints here          | our next mint   |        | killed by it
 *       |<-- assured life: ends 240 s after our own next mint ->|
 *
 * A caller may cache a token for the whole `expires_in`, and our own refresh kills the token 300 s later. If that
 * refresh is interrupted, another one follows 240 s later (R3's hold) and kills the token at once. So no `expires_in`
 * reaches past that instant, although WeChat grants 2 hours.
 */

import { KINDS } from './kinds.ts';
import { DUE_TOLERANCE_MS, HOLD_MS, LAST_CALL_MS, LONGEST_LIFE_MS, MOST_SKEW_MS, TICK_MS } from './policy.ts';
import type { Policy } from './policy.ts';
import type { StoredToken, TokenRecord } from './record.ts';

/** The life that a holder of this token may count on, in milliseconds; 0 when there is none. */
export function assuredLifeMs(record: TokenRecord, readAtMs: number, nowMs: number, policy: Policy): number {
  const { token } = record;
  if (token === null) return 0;
  const promisedUntilMs = KINDS[token.api].promisedUntilMs(dueAtMs(token, policy), readAtMs, nowMs);
  const endsAtMs = Math.min(promisedUntilMs, earlyExpiryAtMs(record, token));
  return Math.min(restMs(token, nowMs), Math.max(0, endsAtMs - nowMs));
}

/** The instant until which the token is certainly valid, given a mint that may have happened; Infinity without one. */
export function earlyExpiryAtMs({ unsettledSinceAtMs }: TokenRecord, { api }: StoredToken): number {
  const isUnsettled = KINDS[api].killsTheOneBefore && unsettledSinceAtMs !== null;
  return isUnsettled ? unsettledSinceAtMs + HOLD_MS : Infinity;
}

/** When the timer replaces this token. */
export function dueAtMs(token: StoredToken, policy: Policy): number {
  const nearlyOverAtMs = token.expiresAtMs - Math.min(LAST_CALL_MS, lifeMs(token) / 2);
  if (!KINDS[token.api].isReplacedByAge) return nearlyOverAtMs;
  return Math.min(token.mintedAtMs + policy.refreshAfterMs - DUE_TOLERANCE_MS, nearlyOverAtMs);
}

/** Is it the timer's turn to replace the token? */
export function isDue(record: TokenRecord, nowMs: number, policy: Policy): boolean {
  const { token, version } = record;
  // A version that is missing or damaged (0) heals with the next write: the timer sees to it that there is one.
  if (version < 1 || token === null || token.api !== policy.api || !isPlausible(token, nowMs)) return true;
  return earlyExpiryAtMs(record, token) < Infinity || nowMs >= dueAtMs(token, policy);
}

/** Is it a whole tick past due and still not replaced? Then a reader replaces it while much of its life is left. */
export function isOverdue({ token }: TokenRecord, nowMs: number, policy: Policy): boolean {
  return token !== null && nowMs >= dueAtMs(token, policy) + TICK_MS;
}

/** Is so little left that a reader refreshes by itself instead of leaving it to the timer? */
export function isTooShort(record: TokenRecord, readAtMs: number, nowMs: number, policy: Policy): boolean {
  const { token } = record;
  if (token === null) return true;
  const { killsTheOneBefore, isReplacedByAge, readerFloorMs } = KINDS[token.api];
  const leftMs = killsTheOneBefore ? assuredLifeMs(record, readAtMs, nowMs, policy) : restMs(token, nowMs);
  // A token that WeChat granted for 50 s is served for half of that, instead of being replaced on every call.
  const leastMs = Math.min(readerFloorMs, lifeMs(token) / 2);
  // A token that isn't replaced by age is due exactly at this limit: there, equal counts.
  return isReplacedByAge ? leftMs < leastMs : leftMs <= leastMs;
}

/** What is left of the life that WeChat granted; 0 for a token whose times can't be true. */
function restMs(token: StoredToken, nowMs: number): number {
  return isPlausible(token, nowMs) ? Math.max(0, token.expiresAtMs - nowMs) : 0;
}

function lifeMs(token: StoredToken): number {
  return token.expiresAtMs - token.mintedAtMs;
}

/** A damaged document or a clock that is far off must not make a token last for ever. */
function isPlausible(token: StoredToken, nowMs: number): boolean {
  return lifeMs(token) > 0 && lifeMs(token) <= LONGEST_LIFE_MS && token.mintedAtMs <= nowMs + MOST_SKEW_MS;
}
