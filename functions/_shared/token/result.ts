/** What came of a mint, and what that does to the stored token: pure steps from one record to the next. */

import type { UnsavedResult } from './app.ts';
import { backoffAfter } from './backoff.ts';
import { learnLimit, raiseLimit, uncountAttempt } from './day-limit.ts';
import { KINDS } from './kinds.ts';
import { countMint, isForcing, spendForces } from './manual-refresh.ts';
import { CLAIM_MS, HOLD_MS, LATE_MS } from './policy.ts';
import type { Policy } from './policy.ts';
import { withNextVersion } from './record.ts';
import type { Backoff, StoredToken, TokenRecord } from './record.ts';
import { countRefuted, isForReport } from './report.ts';

/** The record with the result of the mint under its claim. */
export function applyResult(
  record: TokenRecord,
  { outcome, chance }: UnsavedResult,
  policy: Policy,
  nowMs: number,
): TokenRecord {
  if (outcome.kind === 'minted') return commit(record, outcome.token, nowMs);
  const isQuota = outcome.kind === 'refused' && outcome.failure.owner === 'quota';
  if (isQuota && isForcing(record)) return spendForces(release(record, record.backoff, nowMs), nowMs);
  const backoff = backoffAfter(record, outcome.failure, policy.fingerprint, nowMs, chance);
  if (outcome.kind === 'unknown') return leaveUnsettled(record, backoff, nowMs);
  const released = release(record, backoff, nowMs);
  return isQuota ? learnLimit(released, nowMs, policy) : released;
}

/**
 * The record of another holder that has taken over, marked; null when this mint can't have hit its token: only where
 * it kills the one before, and one that began long after this mint ended is younger.
 */
export function markLost(
  record: TokenRecord,
  { outcome, beganAtMs, endedAtMs }: UnsavedResult,
  policy: Policy,
  nowMs: number,
): TokenRecord | null {
  if (outcome.kind === 'refused' || !KINDS[policy.api].killsTheOneBefore) return null;
  const isYounger = record.token !== null && record.token.mintedAtMs >= endedAtMs + LATE_MS;
  return isYounger ? null : markContested(record, beganAtMs, nowMs);
}

/** The write succeeded, but its answer and the read after it were both lost. */
export function isSaved(record: TokenRecord, { claim, outcome }: UnsavedResult): boolean {
  // While the claim is there nothing was written; `stable` may have brought the very token that is stored.
  if (record.claim?.id === claim.id) return false;
  if (outcome.kind === 'minted') return record.token?.value === outcome.token.value;
  return outcome.kind === 'unknown' && record.unknownSinceAtMs === claim.startedAtMs;
}

/** Stores the minted token and ends the early expiry, unless a mint of unknown outcome may be carried out after it. */
export function commit(record: TokenRecord, token: StoredToken, nowMs: number): TokenRecord {
  const sinceUnknownMs = token.mintedAtMs - (record.unknownSinceAtMs ?? -Infinity);
  const { killsTheOneBefore, isReportedByGuess, countsEveryCall } = KINDS[token.api];
  const isInDanger = killsTheOneBefore && Math.abs(sinceUnknownMs) < LATE_MS;
  const contestedSinceAtMs = record.claim?.contestedSinceAtMs ?? null;
  const isSame = record.token?.value === token.value;
  const isMint = countsEveryCall || !isSame;
  // `stable` may return a token that has died since: an answer stored late says nothing to those who report it now.
  const isTimely = killsTheOneBefore || nowMs - token.mintedAtMs < CLAIM_MS;
  return {
    ...withNextVersion(record, nowMs),
    token,
    claim: null,
    unsettledSinceAtMs: isInDanger ? earlier(contestedSinceAtMs, token.mintedAtMs) : contestedSinceAtMs,
    verdict: {
      id: record.claim?.id ?? '',
      atMs: token.mintedAtMs,
      outcome: isTimely ? 'accepted' : 'unknown',
    },
    // `stable` has returned the stored token: nothing was minted, and a report of it was wrong.
    mints: isMint ? record.mints : uncountAttempt(record),
    learnedLimit: isMint ? raiseLimit(record) : record.learnedLimit,
    reports:
      isSame && !isReportedByGuess && isForReport(record)
        ? countRefuted(record.reports, nowMs)
        : record.reports,
    backoff: null,
    manualRefresh: countMint(record, token.api),
  };
}

/** Gives the claim back after a definite refusal: nothing was minted, so the early expiry is as before the claim. */
export function release(record: TokenRecord, backoff: Backoff | null, nowMs: number): TokenRecord {
  const { claim } = record;
  const unsettledSinceAtMs = earlier(claim?.unsettledBeforeAtMs ?? null, claim?.contestedSinceAtMs ?? null);
  return { ...giveBack(record, backoff, nowMs), unsettledSinceAtMs };
}

/** Gives the claim back without knowing whether WeChat minted. */
export function leaveUnsettled(record: TokenRecord, backoff: Backoff, nowMs: number): TokenRecord {
  return { ...giveBack(record, backoff, nowMs), unknownSinceAtMs: record.claim?.startedAtMs ?? nowMs };
}

/**
 * What brought no token is not counted, a lost answer neither: the backoff allows one such a minute at most, and an
 * outage of half a day must not use up the day's mints.
 */
function giveBack(record: TokenRecord, backoff: Backoff | null, nowMs: number): TokenRecord {
  return { ...withNextVersion(record, nowMs), claim: null, mints: uncountAttempt(record), backoff };
}

/**
 * Records that a mint begun then may have invalidated this token. If that mint's hold is over while another still
 * runs, keep the running one: a mint now would kill the stored token.
 */
export function markContested(record: TokenRecord, mintBeganAtMs: number, nowMs: number): TokenRecord {
  const { claim, unsettledSinceAtMs: sinceAtMs } = record;
  const isRunning = sinceAtMs !== null && nowMs < sinceAtMs + HOLD_MS && nowMs >= mintBeganAtMs + HOLD_MS;
  return {
    ...withNextVersion(record, nowMs),
    claim: claim && { ...claim, contestedSinceAtMs: earlier(claim.contestedSinceAtMs, mintBeganAtMs) },
    unsettledSinceAtMs: isRunning ? sinceAtMs : earlier(sinceAtMs, mintBeganAtMs),
  };
}

/** The earlier of two instants of which either may be absent. */
export function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
