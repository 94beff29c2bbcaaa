/** What the parts of a report mean, in words; shared by the status screen and the doctor. judge.ts judges the whole. */

import { translate } from '../command/translate.ts';
import type { AppReport } from './report.ts';
import { ago, clockTime, duration } from '../command/words.ts';
import { facts } from './texts/facts.ts';

/** A ticket in one line. */
export function describeTicket(report: AppReport, nowMs: number): string {
  const t = facts();
  const { token, lifeLeftMs, breaker } = report;
  const held = token === null ? t.noTicket : t.ticket(token.shown, ago(token.mintedAtMs, nowMs));
  const left = lifeLeftMs > 0 || token === null ? [] : [t.over];
  const failing = breaker === null ? [] : [describeBreaker(report, nowMs)];
  return [held, ...left, t.fetches(report.mintsToday.count), ...failing].join(t.separator);
}

export function describeBreaker({ breaker }: AppReport, nowMs: number): string {
  const t = facts();
  if (breaker === null) return t.closed;
  const { owner, errcode, errmsg, failures, sinceAtMs, retryAtMs, isOpen } = breaker;
  const state = isOpen ? t.openUntil(clockTime(retryAtMs, nowMs)) : t.nextTickTries;
  return t.failures(state, failures, clockTime(sinceAtMs, nowMs), owner, `${errcode} ${translate(errmsg)}`);
}

export function describeTicks({ ticks: { source, lastAtMs } }: AppReport, nowMs: number): string {
  const t = facts();
  if (source === 'readers') return t.readersAlone;
  const from = t.ticksFrom[source];
  return lastAtMs === null ? t.noTick(from) : t.lastTick(from, ago(lastAtMs, nowMs));
}

export function describeState({ claim, unsettledSinceAtMs }: AppReport, nowMs: number): string {
  const t = facts();
  const minting = claim === null ? t.nobodyMints : t.mintingSince(ago(claim.startedAtMs, nowMs));
  if (unsettledSinceAtMs === null || claim !== null) return minting;
  return t.unsettled(minting, unsettledSinceAtMs === 0 ? '' : ago(unsettledSinceAtMs, nowMs));
}

export function describeForeignMinter({ foreignMinter }: AppReport, nowMs: number): string {
  const { isSuspected, refusedAtMs } = foreignMinter;
  const last = refusedAtMs.at(-1);
  if (last === undefined) return facts().noneSeen;
  const seen = facts().refused(refusedAtMs.length, ago(last, nowMs));
  return isSuspected ? facts().otherMints(seen) : seen;
}

export function describeMints({ mintsToday: { count, limit, learnedLimit } }: AppReport): string {
  const t = facts();
  return t.mints(count, limit) + (learnedLimit === null ? '' : t.learned(learnedLimit));
}

export function describeRefutedReports(
  { refutedReports: { atMs, source } }: AppReport,
  nowMs: number,
): string {
  const last = atMs.at(-1);
  if (last === undefined) return facts().noneSeen;
  // What a caller sent may hold anything.
  const shown = JSON.stringify(source ?? 'unknown').slice(0, 80);
  return facts().refuted(atMs.length, ago(last, nowMs), shown);
}

export function describeManualRefresh({ manualRefresh }: AppReport, nowMs: number): string {
  const t = facts();
  if (manualRefresh === null) return t.none;
  const what = manualRefresh.isLeak ? t.killLeaked(manualRefresh.mintsLeft) : t.refreshNow;
  return t.requested(what, duration(nowMs - manualRefresh.requestedAtMs));
}
