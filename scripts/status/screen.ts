/** One app's share of the status screen, as lines. Pure: what is known comes in, text goes out. */

import pc from 'picocolors';
import type { HistoryEntry } from '../../functions/_shared/token/ports.ts';
import { adviceOn, type Whereabouts } from '../place/advice.ts';
import { judge, type Judgement } from '../place/judge.ts';
import type { AppReport } from '../place/report.ts';
import { language } from '../command/language.ts';
import { columns, wrapped } from '../command/columns.ts';
import { ago, clockTime, duration, shownToken, wordFor } from '../command/words.ts';
import { historyWords } from '../place/texts/history.ts';
import { texts } from './texts.ts';
import {
  describeBreaker,
  describeForeignMinter,
  describeManualRefresh,
  describeMints,
  describeRefutedReports,
  describeState,
  describeTicket,
  describeTicks,
} from '../place/verdict.ts';

/** More don't fit beside several apps on one screen; `--json` has all that are kept. */
const REFRESHES_SHOWN = 8;
const TEXT_WIDTH = 90;

export function renderApp(report: AppReport, nowMs: number, at: Whereabouts): string[] {
  const { appid, api, isConfiguredHere, damaged } = report;
  const judgement = judge(report, nowMs);
  const t = texts();
  const facts = columns(
    [
      [t.mode, `${api}${isConfiguredHere ? '' : t.notConfigured}`],
      [t.token, describeToken(report, nowMs)],
      [t.lifeLeft, describeLife(report, nowMs)],
      [t.nextRefresh, describeNext(report, nowMs)],
      [t.mintsToday, `${describeMints(report)}${describeForces(report)}`],
      [t.breaker, describeBreaker(report, nowMs)],
      [t.ticks, describeTicks(report, nowMs)],
      [t.state, describeState(report, nowMs)],
      [t.others, describeForeignMinter(report, nowMs)],
      [t.reports, describeRefutedReports(report, nowMs)],
      [t.manual, describeManualRefresh(report, nowMs)],
      ...(damaged.length > 0 ? [[t.damaged, t.damagedFields(damaged.join(', '))]] : []),
    ].map(([name = '', fact = '']) => [`  ${name}`, fact]),
  );
  return [
    `${pc.bold(appid)}  ${COLOURS[judgement.tone](wordFor(judgement.state, t.states))}`,
    ...renderAdvice(judgement, at),
    ...facts,
    ...renderHistory(report, nowMs),
  ];
}

export function renderTicket(report: AppReport, nowMs: number): string {
  const { tone } = judge(report, nowMs);
  return `${pc.bold(report.appid)}  ${COLOURS[tone](describeTicket(report, nowMs))}`;
}

const COLOURS = { good: pc.green, watch: pc.yellow, act: pc.red };

/** The one thing to do, before the facts. */
function renderAdvice(judgement: Judgement, at: Whereabouts): string[] {
  if (judgement.tone === 'good') return [];
  const { title, todo } = adviceOn(judgement, at, language());
  return [`  → ${pc.bold(title)}`, ...wrapped(todo, TEXT_WIDTH).map((line) => `    ${line}`)];
}

function describeToken({ token }: AppReport, nowMs: number): string {
  const t = texts();
  if (token === null) return t.noneStored;
  return t.minted(shownToken(token.shown), ago(token.mintedAtMs, nowMs), t.storage[token.storage]);
}

function describeLife({ lifeLeftMs }: AppReport, nowMs: number): string {
  return lifeLeftMs === 0
    ? texts().none
    : texts().until(duration(lifeLeftMs), clockTime(nowMs + lifeLeftMs, nowMs));
}

function describeNext({ nextRefreshAtMs, ticks }: AppReport, nowMs: number): string {
  if (nextRefreshAtMs === null) return texts().due[ticks.source];
  return texts().next(duration(nextRefreshAtMs - nowMs), clockTime(nextRefreshAtMs, nowMs));
}

function describeForces({ api, forcesToday }: AppReport): string {
  return api === 'stable' ? texts().forced(forcesToday) : '';
}

function renderHistory({ history }: AppReport, nowMs: number): string[] {
  const t = texts();
  const [last] = history;
  // A tick with nothing to do writes nothing, so the last tick can't be told: the last refresh can.
  if (last === undefined) return [`  ${t.lastRefresh}    ${t.noneRecorded}`];
  const head = t.columns.map((name, index) => (index === 0 ? `    ${name}` : name));
  const rows = history.slice(0, REFRESHES_SHOWN).map((entry) => renderEntry(entry, nowMs));
  return [
    `  ${t.lastRefresh}    ${ago(last.atMs, nowMs)}${t.separator}${wordFor(last.outcome, historyWords().outcomes)}`,
    ...columns([head, ...rows]).map((line, index) => (index === 0 ? pc.dim(line) : line)),
  ];
}

function renderEntry(
  { atMs, reason, outcome, gapMs, tookMs, errcode, rid, who }: HistoryEntry,
  nowMs: number,
): string[] {
  const { reasons, outcomes } = historyWords();
  return [
    `    ${clockTime(atMs, nowMs)}`,
    wordFor(reason, reasons),
    wordFor(outcome, outcomes),
    gapMs === null ? '-' : duration(gapMs),
    duration(tookMs),
    String(errcode),
    rid ?? '-',
    who,
  ];
}
