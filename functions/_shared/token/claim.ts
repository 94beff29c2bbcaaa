/**
 * Who may ask WeChat: the claim of a mint, and that of a probe. Pure.
 *
 * WeChat keeps two generations. A mint leaves the token before it alive for 300 s and kills the one before
 * that at once. So a mint that may have happened, but whose token is not stored, makes the stored one expire early:
 *
 *     claim                                                          hold ends      grace ends
 *       |-- request sent --?  (answer lost, holder killed, …)            |              |
 *       |   stored token: alive for certain ------------ 240 s --------->|   callers    | dead
 *       |   nobody mints: a second mint would kill it at once ---------->|   (60 s)     |
 *       unsettledSince                                                   mint at once
 */

import { countAttempt } from './day-limit.ts';
import { countRefusal } from './history.ts';
import { KINDS } from './kinds.ts';
import { countForce, isForced } from './manual-refresh.ts';
import { CLAIM_MS } from './policy.ts';
import type { Policy } from './policy.ts';
import { withNextVersion } from './record.ts';
import type { Claim, TokenRecord } from './record.ts';
import { noteReport } from './report.ts';
import type { Report } from './report.ts';

/**
 * Takes the right to mint and sets the early expiry, keeping an earlier one. `report`: of the stored token, if there
 * is one.
 */
export function takeClaim(
  record: TokenRecord,
  id: string,
  nowMs: number,
  policy: Policy,
  report: Report | null,
): TokenRecord & { claim: Claim } {
  const { unsettledSinceAtMs } = record;
  return {
    ...withClaim(record, id, nowMs),
    // The holder of a claim that is taken over died or was frozen, and may have minted.
    unknownSinceAtMs: (isProbing(record) ? null : record.claim?.startedAtMs) ?? record.unknownSinceAtMs,
    // Where a call kills none, a lost answer harms nothing.
    unsettledSinceAtMs: KINDS[policy.api].killsTheOneBefore
      ? (unsettledSinceAtMs ?? nowMs)
      : unsettledSinceAtMs,
    mints: countAttempt(record, nowMs),
    refusedAtMs: report === null ? record.refusedAtMs : countRefusal(record, nowMs),
    reports: report === null ? record.reports : noteReport(record.reports, report, nowMs),
    forces: isForced(record, nowMs, policy) ? countForce(record, nowMs) : record.forces,
  };
}

/** Takes the claim for a probe. It mints nothing, so no early expiry begins and no mint is counted. */
export function takeProbe(
  record: TokenRecord,
  id: string,
  nowMs: number,
  report: Report,
): TokenRecord & { claim: Claim } {
  return {
    ...withClaim(record, id, nowMs),
    verdict: { id, atMs: nowMs, outcome: 'pending' },
    reports: noteReport(record.reports, report, nowMs),
  };
}

/** Is the claim that of a probe? Any other may take it over at once: nothing is minted under it. */
export function isProbing({ claim, verdict }: TokenRecord): boolean {
  return claim !== null && verdict?.outcome === 'pending' && verdict.id === claim.id;
}

/** Under a claim that nobody has contested yet. It keeps `unsettledSinceAtMs`, which a definite refusal puts back. */
function withClaim(record: TokenRecord, id: string, nowMs: number): TokenRecord & { claim: Claim } {
  const claim = {
    id,
    startedAtMs: nowMs,
    untilAtMs: nowMs + CLAIM_MS,
    unsettledBeforeAtMs: record.unsettledSinceAtMs,
    contestedSinceAtMs: null,
  };
  return { ...withNextVersion(record, nowMs), claim };
}
