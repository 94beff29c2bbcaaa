/** What the parts of a report mean, in words; shared by the status screen and the doctor. */

import { READER_FLOOR_MS } from '../../functions/_shared/token/policy.ts';
import type { AppReport } from './report.ts';
import { ago, clockTime, duration } from '../command/words.ts';

/** A due token is replaced at the next tick, 5 minutes away at most; a later one was missed, and 10 minutes end it. */
export const LATE_MS = 6 * 60_000;

export function verdictOf(report: AppReport, nowMs: number): { isGood: boolean; text: string } {
  if (report.token === null) return { isGood: false, text: 'no token is stored' };
  if (report.lifeLeftMs === 0) return { isGood: false, text: 'the stored token is dead' };
  if (report.breaker?.isOpen) return { isGood: false, text: 'alive, but the breaker is open' };
  if (report.breaker !== null) return { isGood: false, text: 'alive, but the last refresh failed' };
  if (overdueMs(report, nowMs) > LATE_MS) return { isGood: false, text: 'alive, but its refresh is late' };
  return { isGood: true, text: 'healthy' };
}

/** Is nothing left to hand out, or so little that callers already feel it? */
export function isUrgent({ lifeLeftMs }: AppReport): boolean {
  return lifeLeftMs < READER_FLOOR_MS;
}

/** How long ago the token should have been replaced; 0 while it isn't due. */
export function overdueMs({ token }: AppReport, nowMs: number): number {
  return token === null ? 0 : Math.max(0, nowMs - token.dueAtMs);
}

export function describeBreaker({ breaker }: AppReport, nowMs: number): string {
  if (breaker === null) return 'closed';
  const { owner, errcode, errmsg, failures, sinceAtMs, retryAtMs, isOpen } = breaker;
  const state = isOpen ? `open until ${clockTime(retryAtMs, nowMs)}` : 'closed, the next tick tries again';
  return `${state}; ${failures} failed since ${clockTime(sinceAtMs, nowMs)} (${owner}): ${errcode} ${errmsg}`;
}

export function describeState({ claim, unsettledSinceAtMs }: AppReport, nowMs: number): string {
  const minting =
    claim === null ? 'nobody is minting' : `a mint is under way since ${ago(claim.startedAtMs, nowMs)}`;
  if (unsettledSinceAtMs === null || claim !== null) return minting;
  const since = unsettledSinceAtMs === 0 ? '' : ` ${ago(unsettledSinceAtMs, nowMs)}`;
  return `${minting}; a mint${since} is unsettled: WeChat may have issued a token that nobody has, so the stored one counts for 4 minutes from then and is replaced after them`;
}

export function describeForeignMinter({ foreignMinter }: AppReport, nowMs: number): string {
  const { isSuspected, refusedAtMs } = foreignMinter;
  const last = refusedAtMs.at(-1);
  if (last === undefined) return 'none seen';
  const seen = `the current token was refused before its time ${refusedAtMs.length} ×, last ${ago(last, nowMs)}`;
  return isSuspected ? `${seen}: another system mints for this AppID` : seen;
}

export function describeMints({ mintsToday: { count, limit, learnedLimit } }: AppReport): string {
  const learned = learnedLimit === null ? '' : `; WeChat refused more than ${learnedLimit} (45009)`;
  return `${count} of ${limit}${learned}`;
}

export function describeRefutedReports(
  { refutedReports: { atMs, source } }: AppReport,
  nowMs: number,
): string {
  const last = atMs.at(-1);
  if (last === undefined) return 'none seen';
  // What a caller sent may hold anything.
  const shown = JSON.stringify(source ?? 'unknown').slice(0, 80);
  return `WeChat accepted ${atMs.length} reported tokens within an hour, last ${ago(last, nowMs)}, from ${shown}`;
}

export function describeManualRefresh({ manualRefresh }: AppReport, nowMs: number): string {
  if (manualRefresh === null) return 'none';
  const what = manualRefresh.isLeak
    ? `kill a leaked token (${manualRefresh.mintsLeft} of 2 mints to go)`
    : 'refresh now';
  return `${what}, requested ${duration(nowMs - manualRefresh.requestedAtMs)} ago`;
}
