/** Prints a run: a table, and a chart of its worst day. */

import { SLOTS } from './days.ts';
import type { Day } from './days.ts';
import type { RunResult } from './run.ts';
import { stamp } from './trace.ts';
import { EXCUSES } from './verdict.ts';
import type { Verdict } from './verdict.ts';
import { EPOCH_AT_MS } from './world.ts';

const REASONS: Record<Verdict, string> = {
  avoidable: 'avoidable',
  flap: 'a replica refuses a living token',
  outside: 'minted or revoked by others',
  reported: 'reported by a caller while it was alive',
  operator: 'an operator had a leaked token killed',
  deployment: 'a deployment changed the mode',
  denied: 'WeChat minted and denied it',
  late: 'minted when the claim was long over',
  skew: 'clocks more than a second apart',
};

export function formatTable(result: RunResult): string {
  const { totals, databaseCalls, days } = result;
  const rows: [string, string][] = [
    ['seed, mode', `${result.seed}, ${result.mode}`],
    ['days', String(days)],
    ['requests', count(totals.requests)],
    ['  answered with a token', count(totals.answered)],
    ['  answered with an error', count(totals.refused)],
    ['  lost (instance died, froze, none free)', count(totals.lost)],
    ['availability', `${((100 * totals.answered) / Math.max(1, totals.requests)).toFixed(3)} %`],
    ['  while WeChat is in reach', `${inReach(totals).toFixed(3)} %`],
    ['longest gap', duration(totals.longestGapMs)],
    ['mints', count(totals.mints)],
    ['mints per day (mean, most)', `${(totals.mints / days).toFixed(1)}, ${totals.mostMintsPerDay}`],
    ['dead tokens: at hand-out, at use; expires_in not kept', ''],
    ...(['avoidable', ...EXCUSES] as const).map((verdict): [string, string] => [
      `  ${REASONS[verdict]}`,
      `${count(totals.deadAtHandout[verdict])}, ${count(totals.deadAtUse[verdict])}; ${count(result.brokenPromises[verdict])}`,
    ]),
    ...ticketRows(result),
    ['reports by callers', count(totals.reports)],
    ['  by the one that reports everything', count(totals.faultyReports)],
    ['timer events, retries by the platform', `${count(totals.ticks)}, ${count(totals.tickRetries)}`],
    ['requests to WeChat beyond one per mint', count(Math.max(0, totals.sent - totals.mints))],
    ['database reads, writes', `${count(databaseCalls.reads)}, ${count(databaseCalls.writes)}`],
    ['digest', result.digest],
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `${label.padEnd(width)}  ${value}`.trimEnd()).join('\n');
}

function ticketRows({ tickets, days }: RunResult): [string, string][] {
  if (tickets === null) return [];
  const share = ((100 * tickets.answered) / Math.max(1, tickets.requests)).toFixed(3);
  return [
    [
      'tickets: requests, answered, reported',
      `${count(tickets.requests)}, ${share} %, ${count(tickets.reports)}`,
    ],
    ['  dead when given out', count(tickets.deadAtHandout)],
    ['  longest that one caller may use a dead one', duration(tickets.longestHeldDeadMs)],
    [
      '  fetches per day (mean, most)',
      `${(tickets.fetches / days).toFixed(1)}, ${tickets.mostFetchesPerDay}`,
    ],
  ];
}

/** A line for each thing, a character for each quarter of an hour, in UTC+8. */
export function formatDay({ startAtMs, samples, perSlot }: Day): string {
  const marks = (counts: readonly number[]): string =>
    counts.map((times) => (times === 0 ? ' ' : times > 9 ? '#' : String(times))).join('');
  const rows: [string, string][] = [
    ['token', samples.token.map((mark) => (mark === ' ' ? '=' : mark)).join('')],
    ['mints', marks(perSlot.mints)],
    ['WeChat', samples.wechat.join('')],
    ['database', samples.database.join('')],
    ['timer', samples.timer.join('')],
    ['unanswered', marks(perSlot.unanswered)],
    ['dead', marks(perSlot.dead)],
    ['avoidable', marks(perSlot.avoidable)],
  ];
  const hours = Array.from({ length: SLOTS / 4 }, (_, hour) => String(hour).padEnd(4)).join('');
  const title = `Worst day: ${stamp(startAtMs, EPOCH_AT_MS).split(' ').slice(0, 2).join(' ')}, quarters of an hour in UTC+8 (= alive, ? unsettled, x dead or down, ~ slow, # ten or more)`;
  return [
    title,
    ...[['', hours] as const, ...rows].map(([label, line]) => `${label.padEnd(11)}|${line}|`),
  ].join('\n');
}

/** The broken rules, each with the events that led to its first breach. */
export function formatViolations({ violations, violationCounts, seed }: RunResult): string {
  return violations
    .map(({ rule, atMs, text, trace }) =>
      [
        `BROKEN in seed ${seed}: ${rule} (${violationCounts[rule]} times), first on ${stamp(atMs, EPOCH_AT_MS)}`,
        `  ${text}`,
        ...trace.map((line) => `    ${line}`),
      ].join('\n'),
    )
    .join('\n\n');
}

/** The share of answered requests; what went unanswered in an outage is left out. */
function inReach({ requests, answered, unansweredInOutage }: RunResult['totals']): number {
  return (100 * answered) / Math.max(1, requests - unansweredInOutage);
}

function count(value: number): string {
  return value.toLocaleString('en-US').replaceAll(',', ' ');
}

function duration(durationMs: number): string {
  const minutes = Math.floor(durationMs / 60_000);
  return minutes < 120
    ? `${minutes} min ${Math.round((durationMs % 60_000) / 1_000)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
