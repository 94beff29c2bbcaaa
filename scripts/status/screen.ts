/** One app's share of the status screen, as lines. Pure: what is known comes in, text goes out. */

import pc from 'picocolors';
import type { HistoryEntry } from '../../functions/_shared/token/record.ts';
import type { AppReport } from '../place/report.ts';
import { columns } from '../command/columns.ts';
import { ago, clockTime, duration } from '../command/words.ts';
import {
  describeBreaker,
  describeForeignMinter,
  describeManualRefresh,
  describeMints,
  describeRefutedReports,
  describeState,
  isUrgent,
  verdictOf,
} from '../place/verdict.ts';

/** More don't fit beside several apps on one screen; `--json` has all that are kept. */
const REFRESHES_SHOWN = 8;

export function renderApp(report: AppReport, nowMs: number): string[] {
  const { appid, api, isConfiguredHere, damaged } = report;
  const { isGood, text } = verdictOf(report, nowMs);
  const facts = columns([
    [
      '  mode',
      `${api}${isConfiguredHere ? '' : ' (as the stored token has it; not configured on this machine)'}`,
    ],
    ['  token', describeToken(report, nowMs)],
    ['  life left', describeLife(report, nowMs)],
    ['  next refresh', describeNext(report, nowMs)],
    ['  mints today', `${describeMints(report)}${describeForces(report)}`],
    ['  breaker', describeBreaker(report, nowMs)],
    ['  state', describeState(report, nowMs)],
    ['  other minters', describeForeignMinter(report, nowMs)],
    ['  wrong reports', describeRefutedReports(report, nowMs)],
    ['  manual refresh', describeManualRefresh(report, nowMs)],
    ...(damaged.length > 0
      ? [['  damaged', `${damaged.join(', ')}: counts as absent, the next refresh writes it anew`]]
      : []),
  ]);
  return [
    `${pc.bold(appid)}  ${isGood ? pc.green(text) : isUrgent(report) ? pc.red(text) : pc.yellow(text)}`,
    ...facts,
    ...renderHistory(report, nowMs),
  ];
}

function describeToken({ token }: AppReport, nowMs: number): string {
  if (token === null) return 'none stored';
  const kept = token.storage === 'clear' ? 'stored in clear' : `stored ${token.storage}`;
  return `${token.shown}, minted ${ago(token.mintedAtMs, nowMs)}, ${kept}`;
}

function describeLife({ lifeLeftMs }: AppReport, nowMs: number): string {
  return lifeLeftMs === 0
    ? 'none'
    : `${duration(lifeLeftMs)} (until ${clockTime(nowMs + lifeLeftMs, nowMs)})`;
}

function describeNext({ nextRefreshAtMs }: AppReport, nowMs: number): string {
  if (nextRefreshAtMs === null) return 'due: at the next tick, within 5 minutes';
  return `in ${duration(nextRefreshAtMs - nowMs)} (${clockTime(nextRefreshAtMs, nowMs)}, or the tick after)`;
}

function describeForces({ api, forcesToday }: AppReport): string {
  return api === 'stable' ? `, ${forcesToday} of 20 forced` : '';
}

function renderHistory({ history }: AppReport, nowMs: number): string[] {
  const [last] = history;
  // A tick with nothing to do writes nothing, so the last tick can't be told: the last refresh can.
  if (last === undefined) return ['  last refresh    none recorded'];
  const head = ['    at', 'by', 'outcome', 'gap', 'took', 'errcode', 'rid', 'who'];
  const rows = history.slice(0, REFRESHES_SHOWN).map((entry) => renderEntry(entry, nowMs));
  return [
    `  last refresh    ${ago(last.atMs, nowMs)}, ${last.outcome}`,
    ...columns([head, ...rows]).map((line, index) => (index === 0 ? pc.dim(line) : line)),
  ];
}

function renderEntry(
  { atMs, reason, outcome, gapMs, tookMs, errcode, rid, who }: HistoryEntry,
  nowMs: number,
): string[] {
  const gap = gapMs === null ? '-' : duration(gapMs);
  return [
    `    ${clockTime(atMs, nowMs)}`,
    reason,
    outcome,
    gap,
    duration(tookMs),
    String(errcode),
    rid ?? '-',
    who,
  ];
}
