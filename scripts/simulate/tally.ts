/** Counts the figures of the final table, and hashes every token that was handed out into one digest of the run. */

import { createDays } from './days.ts';
import type { Day } from './days.ts';
import { noVerdicts } from './verdict.ts';
import type { Verdict } from './verdict.ts';

export interface Totals {
  requests: number;
  answered: number;
  /** Answered with an errcode, or not at all. */
  refused: number;
  lost: number;
  /** Of those without a token: asked while WeChat was out of reach. */
  unansweredInOutage: number;
  reports: number;
  /** By the caller that reports whatever it gets. */
  faultyReports: number;
  mints: number;
  mostMintsPerDay: number;
  sent: number;
  ticks: number;
  tickRetries: number;
  /** Dead when given out, and dead when used later within the promise, by verdict. */
  deadAtHandout: Record<Verdict, number>;
  deadAtUse: Record<Verdict, number>;
  longestGapMs: number;
}

export interface Tally {
  totals: Totals;
  onTick(isRetry: boolean): void;
  sent(): void;
  faultyReport(): void;
  minted(atMs: number): void;
  answered(atMs: number, isReport: boolean, tokenNumber: number): void;
  unanswered(atMs: number, why: { isReport: boolean; isLost: boolean; isInOutage: boolean }): void;
  dead(atMs: number, verdict: Verdict, where: 'handout' | 'use'): void;
  sample(atMs: number, row: 'token' | 'wechat' | 'database' | 'timer', mark: string): void;
  closeDay(): void;
  worstDay(): Day | null;
  digest(): string;
}

export function createTally(startAtMs: number): Tally {
  const totals: Totals = {
    requests: 0,
    answered: 0,
    refused: 0,
    lost: 0,
    unansweredInOutage: 0,
    reports: 0,
    faultyReports: 0,
    mints: 0,
    mostMintsPerDay: 0,
    sent: 0,
    ticks: 0,
    tickRetries: 0,
    deadAtHandout: noVerdicts(),
    deadAtUse: noVerdicts(),
    longestGapMs: 0,
  };
  const days = createDays(startAtMs);
  let gapSinceAtMs: number | null = null;
  let digest = 0x811c9dc5;

  function fold(value: number): void {
    digest = Math.imul(digest ^ (value | 0), 0x01000193);
  }

  function count(isReport: boolean): void {
    totals.requests += 1;
    if (isReport) totals.reports += 1;
  }

  return {
    totals,
    onTick(isRetry) {
      totals.ticks += 1;
      if (isRetry) totals.tickRetries += 1;
    },
    sent: () => void (totals.sent += 1),
    faultyReport: () => void (totals.faultyReports += 1),
    minted(atMs) {
      totals.mints += 1;
      fold(atMs);
      days.add(atMs, 'mints');
    },
    answered(atMs, isReport, tokenNumber) {
      count(isReport);
      totals.answered += 1;
      fold(atMs);
      fold(tokenNumber);
      if (gapSinceAtMs === null) return;
      totals.longestGapMs = Math.max(totals.longestGapMs, atMs - gapSinceAtMs);
      gapSinceAtMs = null;
    },
    unanswered(atMs, { isReport, isLost, isInOutage }) {
      count(isReport);
      if (isInOutage) totals.unansweredInOutage += 1;
      totals[isLost ? 'lost' : 'refused'] += 1;
      fold(-atMs);
      // A caller that reports may have to wait while all others are served.
      if (!isReport && !isLost) gapSinceAtMs ??= atMs;
      days.add(atMs, 'unanswered');
    },
    dead(atMs, verdict, where) {
      totals[where === 'handout' ? 'deadAtHandout' : 'deadAtUse'][verdict] += 1;
      days.add(atMs, verdict === 'avoidable' ? 'avoidable' : 'dead');
    },
    sample: days.sample,
    closeDay() {
      totals.mostMintsPerDay = Math.max(totals.mostMintsPerDay, days.current().counts.mints);
      days.close();
    },
    worstDay: days.worst,
    digest: () => (digest >>> 0).toString(16).padStart(8, '0'),
  };
}
