/**
 * R6: what a report of the stored token leads to. Pure.
 *
 * In `token` mode the first report in an hour is believed, and a mint answers it. From the second on, and for a day
 * after several that were refuted, WeChat is shown the token before anything is minted. In `stable` mode a normal call is the answer: it returns the stored token or
 * another one. Whoever reports a token gets that token back only if WeChat has accepted it since.
 */

import { KINDS } from './kinds.ts';
import { DISTRUST_MS, MANY_REFUTED, PROBE_SPACING_MS, REPORT_TRUST_MS } from './policy.ts';
import type { Policy } from './policy.ts';
import { withNextVersion } from './record.ts';
import type { ProbeOutcome, Reports, TokenRecord, Verdict } from './record.ts';

export interface Report {
  by: 'report';
  /** The token that WeChat has refused to the caller. */
  value: string;
  /** The verdict that was stored when the report came in. */
  knownId: string | null;
  /** The caller can't report, it asked again too early: WeChat is asked before it is believed. */
  isSuspicion: boolean;
  /** The caller's TCB_SOURCE. */
  source: string | null;
}

/** Is the report about the token that is stored? Any other token is history, or none of ours. */
export function isReported(record: TokenRecord, reason: { by: string }): reason is Report {
  return reason.by === 'report' && record.token !== null && record.token.value === (reason as Report).value;
}

/** May the reported token be handed back? Yes once WeChat has accepted it since, or a moment ago where that holds. */
export function isAnswered(
  { verdict }: TokenRecord,
  report: Report,
  nowMs: number,
  { api }: Policy,
): boolean {
  if (verdict === null) return false;
  const { outcome, id } = verdict;
  if (report.isSuspicion && isRecent(verdict, nowMs)) return outcome === 'accepted' || outcome === 'unknown';
  const { acceptedForMs, killsTheOneBefore } = KINDS[api];
  const isNew = isWithin(verdict, acceptedForMs, nowMs) || (!killsTheOneBefore && id !== report.knownId);
  return outcome === 'accepted' && isNew;
}

/** What has to come before a mint that answers this report; null: nothing. */
export function stepBeforeMint(
  { verdict, reports, backoff }: TokenRecord,
  report: Report,
  nowMs: number,
  { api }: Policy,
): { do: 'probe' } | { do: 'wait'; untilAtMs: number } | null {
  const { killsTheOneBefore, isReportedByGuess, reportSpacingMs } = KINDS[api];
  if (!killsTheOneBefore) {
    const agoMs = nowMs - reports.lastAtMs;
    // After a failure the backoff sets the pace, but not that of guesses.
    const isTooSoon = (backoff === null || isReportedByGuess) && agoMs >= 0 && agoMs < reportSpacingMs;
    return isTooSoon ? { do: 'wait', untilAtMs: reports.lastAtMs + reportSpacingMs } : null;
  }
  if (verdict !== null && isRecent(verdict, nowMs)) {
    if (verdict.outcome !== 'pending') return null;
    return { do: 'wait', untilAtMs: Math.min(verdict.atMs, nowMs) + PROBE_SPACING_MS };
  }
  const isFirst = Math.abs(nowMs - reports.lastAtMs) >= REPORT_TRUST_MS;
  const isBelieved = isFirst && !report.isSuspicion && !isMany(refutedWithin(reports, DISTRUST_MS, nowMs));
  return isBelieved ? null : { do: 'probe' };
}

export function finishProbe(record: TokenRecord, outcome: ProbeOutcome, nowMs: number): TokenRecord {
  return {
    ...withNextVersion(record, nowMs),
    claim: null,
    verdict: record.verdict && { ...record.verdict, outcome },
    reports: reportsAfter(record, outcome, nowMs),
  };
}

/** A suspicion that WeChat confirms was a report: the next one is looked at. A report that it refutes is counted. */
function reportsAfter(record: TokenRecord, outcome: ProbeOutcome, nowMs: number): Reports {
  const { claim, reports } = record;
  if (outcome === 'refused') return { ...reports, lastAtMs: claim?.startedAtMs ?? reports.lastAtMs };
  return outcome === 'accepted' && isForReport(record) ? countRefuted(reports, nowMs) : reports;
}

/** Was the claim taken to answer a report, and not a mere suspicion? */
export function isForReport({ claim, reports }: TokenRecord): boolean {
  return claim !== null && claim.startedAtMs === reports.lastAtMs;
}

export function noteReport(reports: Reports, { isSuspicion, source }: Report, nowMs: number): Reports {
  return isSuspicion ? reports : { ...reports, lastAtMs: nowMs, source };
}

/** Is WeChat being asked about this token, or has it just refused it? */
export function isInDoubt({ token, verdict }: TokenRecord, value: string, nowMs: number): boolean {
  if (verdict === null || token?.value !== value) return false;
  const isOpen = verdict.outcome === 'pending' || verdict.outcome === 'refused';
  return isOpen && isRecent(verdict, nowMs);
}

function isRecent(verdict: Verdict, nowMs: number): boolean {
  return isWithin(verdict, PROBE_SPACING_MS, nowMs);
}

/** An age below zero is the skew of two clocks. */
function isWithin({ atMs }: Verdict, periodMs: number, nowMs: number): boolean {
  return Math.abs(nowMs - atMs) < periodMs;
}

const REFUTED_KEPT = 10;

export function countRefuted(reports: Reports, nowMs: number): Reports {
  return { ...reports, refutedAtMs: [...reports.refutedAtMs, nowMs].slice(-REFUTED_KEPT) };
}

/** The refuted reports of the last hour, if they are so many that some caller must have a bug. */
export function manyRefuted({ reports }: TokenRecord, nowMs: number): number[] {
  const lately = refutedWithin(reports, REPORT_TRUST_MS, nowMs);
  return isMany(lately) ? lately : [];
}

function refutedWithin({ refutedAtMs }: Reports, periodMs: number, nowMs: number): number[] {
  return refutedAtMs.filter((atMs) => Math.abs(nowMs - atMs) < periodMs);
}

const isMany = (refutedAtMs: number[]): boolean => refutedAtMs.length >= MANY_REFUTED;
