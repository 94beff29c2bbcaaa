/**
 * Who may mint, and what a mint does to the token that is stored: pure steps from one record to the next.
 *
 * WeChat keeps two generations. A mint leaves the token before it alive for 300 s and kills the one before
 * that at once. So a mint that may have happened, but whose token is not stored, sentences the stored one:
 *
 *     claim                                                          hold ends      grace ends
 *       |-- request sent --?  (answer lost, holder killed, …)            |              |
 *       |   stored token: alive for certain ------------ 240 s --------->|   callers    | dead
 *       |   nobody mints: a second mint would kill it at once ---------->|   (60 s)     |
 *       unsettledSince                                                   mint at once
 *
 * - `takeClaim` starts the sentence, keeping an earlier one that stands;
 * - `commit` lifts it: the token that the mint brought is the stored one now (and is itself in danger, if a
 *   mint of unknown outcome was begun moments before: that one may be carried out after it);
 * - `release` puts back what stood before: WeChat said no, so it minted nothing;
 * - `leaveUnsettled` lets it stand: nobody knows what WeChat did;
 * - `markContested` is written by a holder that comes back late and finds that another one took over.
 */

import { CLAIM_MS, HOLD_MS, LATE_MS, NEWBORN_MS } from './policy.ts';
import type { Policy } from './policy.ts';
import { earlier, withNextVersion } from './record.ts';
import type { Claim, Backoff, StoredToken, TokenRecord } from './record.ts';
import { countMint, countForce, isForced } from './manual-refresh.ts';
import { dayOf } from './backoff.ts';

/** Refusals of our current token before its time are remembered for a day, and no more than these. */
const REFUSALS_KEPT = 10;
const DAY_MS = 86_400_000;

/** Takes the right to mint. `isReported`: WeChat has just refused the stored token to some caller. */
export function takeClaim(
  record: TokenRecord,
  id: string,
  nowMs: number,
  policy: Policy,
  isReported: boolean,
): TokenRecord {
  const claim: Claim = {
    id,
    startedAtMs: nowMs,
    untilAtMs: nowMs + CLAIM_MS,
    unsettledBeforeAtMs: record.unsettledSinceAtMs,
    contestedSinceAtMs: null,
  };
  const day = dayOf(nowMs);
  const minted = record.mints.day === day ? record.mints.count : 0;
  return {
    ...withNextVersion(record, nowMs),
    claim,
    // A claim that is taken over was given up by nobody: its holder died or stands still, and may have minted.
    unknownSinceAtMs: record.claim?.startedAtMs ?? record.unknownSinceAtMs,
    // `stable` answers a repeated call with the same token: a lost answer harms nothing.
    unsettledSinceAtMs:
      policy.api === 'token' ? (record.unsettledSinceAtMs ?? nowMs) : record.unsettledSinceAtMs,
    mints: { day, count: minted + 1 },
    refusedAtMs: isReported ? remembered(record, nowMs) : record.refusedAtMs,
    forces: isForced(record, nowMs, policy) ? countForce(record, nowMs) : record.forces,
  };
}

/** Stores the token that was minted under this claim. */
export function commit(record: TokenRecord, token: StoredToken, nowMs: number): TokenRecord {
  const { claim, unknownSinceAtMs } = record;
  const sinceUnknownMs = token.mintedAtMs - (unknownSinceAtMs ?? -Infinity);
  const isInDanger = token.api === 'token' && Math.abs(sinceUnknownMs) < LATE_MS;
  const contestedSinceAtMs = claim?.contestedSinceAtMs ?? null;
  return {
    ...withNextVersion(record, nowMs),
    token,
    claim: null,
    unsettledSinceAtMs: isInDanger ? earlier(contestedSinceAtMs, token.mintedAtMs) : contestedSinceAtMs,
    backoff: null,
    manualRefresh: countMint(record.manualRefresh),
  };
}

/** Gives the claim back after a definite refusal: nothing was minted, so nothing is counted either. */
export function release(record: TokenRecord, backoff: Backoff | null, nowMs: number): TokenRecord {
  const { claim } = record;
  return {
    ...withNextVersion(record, nowMs),
    claim: null,
    unsettledSinceAtMs: earlier(claim?.unsettledBeforeAtMs ?? null, claim?.contestedSinceAtMs ?? null),
    mints: uncounted(record),
    backoff,
  };
}

/**
 * Gives the claim back without knowing whether WeChat minted. It is not counted: the backoff allows one such a
 * minute at most, and an outage of half a day must not use up the day's mints.
 */
export function leaveUnsettled(record: TokenRecord, backoff: Backoff, nowMs: number): TokenRecord {
  const unknownSinceAtMs = record.claim?.startedAtMs ?? nowMs;
  return {
    ...withNextVersion(record, nowMs),
    claim: null,
    unknownSinceAtMs,
    backoff,
    mints: uncounted(record),
  };
}

/**
 * Says in the winner's document that a mint which began at `mintBeganAtMs` may have hit its token. One so long ago
 * that its hold is over would have the next mint at once; where the hold of another unsettled mint still runs, that
 * next mint would kill the stored token, so the one that runs stays.
 */
export function markContested(record: TokenRecord, mintBeganAtMs: number, nowMs: number): TokenRecord {
  const { claim } = record;
  const standing = record.unsettledSinceAtMs;
  const isRunning = standing !== null && nowMs < standing + HOLD_MS && nowMs >= mintBeganAtMs + HOLD_MS;
  const marked = claim && { ...claim, contestedSinceAtMs: earlier(claim.contestedSinceAtMs, mintBeganAtMs) };
  return {
    ...withNextVersion(record, nowMs),
    claim: marked,
    unsettledSinceAtMs: isRunning ? standing : earlier(standing, mintBeganAtMs),
  };
}

/** Was our token refused before its time twice within a day? Then somebody else mints for this AppID. */
export function isForeignMinterSuspected(record: TokenRecord, nowMs: number): boolean {
  return record.refusedAtMs.filter((atMs) => nowMs - atMs < DAY_MS).length >= 2;
}

function uncounted({ mints }: TokenRecord): TokenRecord['mints'] {
  return { ...mints, count: Math.max(0, mints.count - 1) };
}

/** A refusal counts only when no mint of our own explains it, and no replica that lags behind. */
function remembered(record: TokenRecord, nowMs: number): number[] {
  const { token, unsettledSinceAtMs, refusedAtMs } = record;
  const isOurOwnDoing = unsettledSinceAtMs !== null || token === null || token.api === 'stable';
  const isBeforeItsTime =
    token !== null && nowMs - token.mintedAtMs >= NEWBORN_MS && nowMs < token.expiresAtMs;
  if (isOurOwnDoing || !isBeforeItsTime) return refusedAtMs;
  return [...refusedAtMs, nowMs].filter((atMs) => nowMs - atMs < DAY_MS).slice(-REFUSALS_KEPT);
}
