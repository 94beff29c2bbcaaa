/**
 * How long a stored token can be relied on, and when it is time for the next one.
 *
 *     minted                              due (110 min)      + 240 s  + 300 s   expires (120 min)
 *       |-----------------------------------|-----------------|--------|----------|
 *       |        nobody mints here          | our next mint   |        | killed by it
 *       |<-- assured life: ends 240 s after our own next mint ->|
 *
 * A caller may cache a token for the whole `expires_in`, and our own refresh kills the token 300 s later. One that is
 * interrupted is followed by another 240 s later (R3's hold), which kills it at once: so no `expires_in` reaches beyond
 * that, although WeChat says 2 hours.
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

/** Until when it lives for certain beside a mint that may have happened; Infinity where none may have. */
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

/** Has a tick passed since it was due, with nobody having replaced it? Then a reader does, while much is left. */
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
  // One that isn't replaced by age is due at this very instant.
  return isReplacedByAge ? leftMs < leastMs : leftMs <= leastMs;
}

/** What WeChat granted and is not over yet; nothing of what can't be true. */
function restMs(token: StoredToken, nowMs: number): number {
  return isPlausible(token, nowMs) ? Math.max(0, token.expiresAtMs - nowMs) : 0;
}

function lifeMs(token: StoredToken): number {
  return token.expiresAtMs - token.mintedAtMs;
}

/** A damaged row or a clock far off must make no token immortal. */
function isPlausible(token: StoredToken, nowMs: number): boolean {
  return lifeMs(token) > 0 && lifeMs(token) <= LONGEST_LIFE_MS && token.mintedAtMs <= nowMs + MOST_SKEW_MS;
}
