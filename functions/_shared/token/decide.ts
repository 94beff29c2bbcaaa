/** What to do with a record at this instant: leave it, mint, wait for somebody, or not even try. */

import { KINDS } from './kinds.ts';
import { assuredLifeMs, isDue, isOverdue, isTooShort } from './life.ts';
import { CLAIM_MS, HOLD_MS, MOST_SKEW_MS } from './policy.ts';
import { forceLimit, isForceAskedFor, isForced, pendingRefresh } from './manual-refresh.ts';
import type { Policy } from './policy.ts';
import type { Failure } from './ports.ts';
import type { TokenRecord } from './record.ts';
import { isBackingOff } from './backoff.ts';
import { reachedLimit } from './day-limit.ts';
import { isProbing } from './claim.ts';
import { isAnswered, isReported, stepBeforeMint } from './report.ts';
import type { Report } from './report.ts';

/** Who asks: the timer, a caller that needs a token, or a caller whose token WeChat has just refused. */
export type Reason = { by: 'timer' } | { by: 'reader' } | Report;

/** Another instance asks WeChat; a mint now would kill the stored token; or calls of this kind must be further apart. */
export type Wait = 'claim' | 'hold' | 'spacing';

export type Decision =
  | { do: 'nothing' }
  | { do: 'mint' }
  /** Show WeChat the reported token before anything is minted. */
  | { do: 'probe'; report: Report }
  | { do: 'wait'; why: Wait; untilAtMs: number }
  | { do: 'stop'; failure: Failure; retryAtMs: number };

/** A running claim comes before a breaker: its holder is already past it. */
export function decide(record: TokenRecord, reason: Reason, nowMs: number, policy: Policy): Decision {
  if (!isWanted(record, reason, nowMs, policy)) return { do: 'nothing' };
  const claimEndsAtMs = record.claim?.untilAtMs ?? 0;
  // Nothing is minted under the claim of a probe: only those who report wait for it.
  const isBlocked = isReported(record, reason) || !isProbing(record);
  if (isBlocked && isAhead(claimEndsAtMs, nowMs, CLAIM_MS))
    return { do: 'wait', why: 'claim', untilAtMs: claimEndsAtMs };
  const pending = pendingRefresh(record, nowMs);
  // With the day's forces used up the request can't be carried out, and must not keep others from a token.
  const isInTheWay = isForceAskedFor(record, nowMs, policy) && !isForced(record, nowMs, policy);
  const manualRefresh = isInTheWay && isNeeded(record, reason, nowMs, policy) ? null : pending;
  if (manualRefresh === null && isReported(record, reason) && !isTooShort(record, nowMs, nowMs, policy)) {
    const first = stepBeforeMint(record, reason, nowMs, policy);
    if (first?.do === 'wait') return { do: 'wait', why: 'spacing', untilAtMs: first.untilAtMs };
    if (first !== null) return { do: 'probe', report: reason };
  }
  // A person answers for a manual refresh: breaker and limit don't bind it.
  const stop =
    manualRefresh === null ? stopOf(record, reason, nowMs, policy) : forceStop(record, nowMs, policy);
  if (stop !== null) return stop;
  const holdEndsAtMs = holdEnd(record, nowMs, policy);
  // A refused or leaked token needs no protection.
  if (holdEndsAtMs !== null && !isReported(record, reason) && manualRefresh?.isLeak !== true)
    return { do: 'wait', why: 'hold', untilAtMs: holdEndsAtMs };
  return { do: 'mint' };
}

function isWanted(record: TokenRecord, reason: Reason, nowMs: number, policy: Policy): boolean {
  const isRequested = reason.by === 'timer' && pendingRefresh(record, nowMs) !== null;
  return isRequested || isNeeded(record, reason, nowMs, policy);
}

function isNeeded(record: TokenRecord, reason: Reason, nowMs: number, policy: Policy): boolean {
  if (reason.by === 'timer') return isDue(record, nowMs, policy);
  if (isReported(record, reason)) return !isAnswered(record, reason, nowMs, policy);
  return isTooShort(record, nowMs, nowMs, policy) || isOverdue(record, nowMs, policy);
}

/** Until when a mint would kill a token that is alive and in use; null when it would not. */
function holdEnd(record: TokenRecord, nowMs: number, policy: Policy): number | null {
  const { token, unsettledSinceAtMs } = record;
  if (token === null || unsettledSinceAtMs === null) return null;
  // Both, since a deployment may have changed the mode: such a mint kills such a token only.
  if (![policy.api, token.api].every((api) => KINDS[api].killsTheOneBefore)) return null;
  const isAlive = assuredLifeMs(record, nowMs, nowMs, policy) > 0;
  const endsAtMs = unsettledSinceAtMs + HOLD_MS;
  return isAlive && isAhead(endsAtMs, nowMs, HOLD_MS) ? endsAtMs : null;
}

/** The timer's own pace is the backoff after transient failures; every other stop binds it too. */
function stopOf(record: TokenRecord, reason: Reason, nowMs: number, policy: Policy): Decision | null {
  const { backoff } = record;
  const isOwnPace = backoff?.owner === 'transient' && reason.by === 'timer';
  if (!isOwnPace && isBackingOff(backoff, policy.fingerprint, nowMs)) {
    const { owner, errcode, errmsg, advice, retryAtMs } = backoff;
    return { do: 'stop', failure: { owner, errcode, errmsg, advice }, retryAtMs };
  }
  const reached = reachedLimit(record, isReported(record, reason), nowMs, policy);
  return reached && { do: 'stop', ...reached };
}

function forceStop(record: TokenRecord, nowMs: number, policy: Policy): Decision | null {
  return isForceAskedFor(record, nowMs, policy) ? forceLimit(record, nowMs) : null;
}

/** In the future, but not so far that only a damaged row or a broken clock can explain it. */
function isAhead(endsAtMs: number, nowMs: number, longestMs: number): boolean {
  return nowMs < endsAtMs && endsAtMs - nowMs <= longestMs + MOST_SKEW_MS;
}
