/** One run: a world, its two functions, its timer and its callers, day after day. */

import type { TokenRecord } from '../../functions/_shared/token/record.ts';
import { startCallers } from './callers.ts';
import type { Day } from './days.ts';
import type { FaultName } from './faults.ts';
import type { Mode } from './modes.ts';
import { startInstance } from './instance.ts';
import { createPool } from './pool.ts';
import type { TicketModel, TicketTotals } from './oracles/tickets.ts';
import { startTicketCallers } from './ticket-callers.ts';
import type { Violation } from './oracles/violations.ts';
import type { Totals } from './tally.ts';
import { startTimer } from './timer.ts';
import type { Verdict } from './verdict.ts';
import { planDay } from './weather.ts';
import type { Rule } from './without.ts';
import { createWorlds } from './create-world.ts';
import { DAY_MS } from './world.ts';
import type { World } from './world.ts';

export interface RunOptions {
  seed: number;
  mode: Mode;
  days: number;
  /** The first day; earlier ones are left out, and nothing is known of them. */
  fromDay: number;
  faults: readonly FaultName[];
  /** Without one, readers alone replace the token. */
  hasTimer: boolean;
  without: Rule | null;
  /** How tickets die, where they are kept; null: none are. */
  tickets: TicketModel | null;
  /** On the average day, about. */
  requestsPerDay: number;
  onDay?(day: number): void;
  /** Ends the run at the first broken rule. */
  isStoppingEarly?: boolean;
}

export interface RunResult {
  seed: number;
  mode: Mode;
  days: number;
  totals: Totals;
  tickets: TicketTotals | null;
  databaseCalls: { reads: number; writes: number };
  struck: Readonly<Partial<Record<FaultName, number>>>;
  worstDay: Day | null;
  violations: readonly Violation[];
  violationCounts: Readonly<Record<string, number>>;
  brokenPromises: Readonly<Record<Verdict, number>>;
  digest: string;
}

const MINUTE_MS = 60_000;
const SAMPLE_EVERY_MS = 5 * MINUTE_MS;

export async function run(options: RunOptions): Promise<RunResult> {
  const { seed, mode, days, fromDay, onDay } = options;
  const worlds = createWorlds(options);
  const world = worlds[0]!;
  const { timeline, streams, tally, dice, collection } = world;
  const shared = { timeline, random: streams.of('platform') };
  const startReader = () => startInstance(worlds, true);
  const startRefresher = () => startInstance(worlds, false);
  const readers = createPool({
    ...shared,
    start: startReader,
    mostInstances: 500,
    idleMs: 10 * MINUTE_MS,
    limitMs: 20_000,
  });
  const refreshers = createPool({
    ...shared,
    start: startRefresher,
    mostInstances: 100,
    idleMs: 20 * MINUTE_MS,
    limitMs: 60_000,
  });
  const ticketReaders = createPool({
    ...shared,
    start: startReader,
    mostInstances: 500,
    idleMs: 10 * MINUTE_MS,
    limitMs: 30_000,
  });
  const pools = { readers, refreshers, ticketReaders };
  if (options.hasTimer) startTimer(world, refreshers);
  for (const each of worlds) {
    startCallers(each, readers, options.requestsPerDay / worlds.length);
    startTicketCallers(each, ticketReaders, options.requestsPerDay / worlds.length);
  }
  timeline.at(world.startAtMs + SAMPLE_EVERY_MS, () => takeSample(worlds));
  for (let day = fromDay; day < fromDay + days; day++) {
    streams.enterDay(day);
    planDay(worlds, pools);
    await timeline.runUntil(world.startAtMs + Math.min(day - fromDay + 1, days) * DAY_MS - 1);
    tally.closeDay();
    onDay?.(day);
    if (options.isStoppingEarly === true && worlds.some(({ oracles }) => oracles.firsts().length > 0)) break;
  }
  const oracles = worlds.map((each) => each.oracles);
  return {
    seed,
    mode,
    days,
    totals: tally.totals,
    tickets: totalsOf(worlds),
    databaseCalls: collection.calls,
    struck: dice.struck(),
    worstDay: tally.worstDay(),
    violations: firstOfEach(oracles.flatMap(({ firsts }) => firsts())),
    violationCounts: sum(oracles.map(({ counts }) => counts())),
    brokenPromises: sum(oracles.map(({ promises }) => promises.broken())) as Record<Verdict, number>,
    digest: tally.digest(),
  };
}

/** Of all apps: numbers are summed, the longest and the most are the greatest of all. */
function totalsOf(worlds: readonly World[]): TicketTotals | null {
  const all = worlds.flatMap(({ tickets }) => (tickets ? [tickets.totals] : []));
  const [first] = all;
  if (first === undefined) return null;
  const most = (name: 'longestHeldDeadMs' | 'mostFetchesPerDay'): number =>
    Math.max(...all.map((each) => each[name]));
  return {
    ...(sum(all as unknown as Record<string, number>[]) as unknown as TicketTotals),
    longestHeldDeadMs: most('longestHeldDeadMs'),
    mostFetchesPerDay: most('mostFetchesPerDay'),
  };
}

/** Of each rule the first breach, whichever app it was. */
function firstOfEach(violations: readonly Violation[]): Violation[] {
  const inOrder = violations.toSorted((a, b) => a.atMs - b.atMs);
  return inOrder.filter(({ rule }, index) => inOrder.findIndex((other) => other.rule === rule) === index);
}

function sum(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const each of counts)
    for (const [name, count] of Object.entries(each)) total[name] = (total[name] ?? 0) + count;
  return total;
}

/** Every 5 minutes: what the picture shows, and the promises that have come due. */
function takeSample(worlds: readonly World[]): void {
  const { timeline, tally, weather } = worlds[0]!;
  const nowMs = timeline.now();
  for (const world of worlds) takeSampleOf(world);
  if (nowMs < weather.wechatSlowUntilAtMs) tally.sample(nowMs, 'wechat', '~');
  if (nowMs < weather.wechatDownUntilAtMs) tally.sample(nowMs, 'wechat', 'x');
  if (nowMs < weather.databaseSlowUntilAtMs) tally.sample(nowMs, 'database', '~');
  if (nowMs < weather.databaseDownUntilAtMs) tally.sample(nowMs, 'database', 'x');
  if (nowMs < weather.timerStuckUntilAtMs) tally.sample(nowMs, 'timer', 'x');
  timeline.at(nowMs + SAMPLE_EVERY_MS, () => takeSample(worlds));
}

function takeSampleOf({ timeline, tally, collection, ledger, oracles, appid }: World): void {
  const nowMs = timeline.now();
  const record = collection.documents.get(appid) as TokenRecord | undefined;
  const mint = record?.token ? ledger.find(record.token.value) : undefined;
  const isAlive = mint !== undefined && ledger.deathAtMs(mint) > nowMs;
  if (!isAlive) tally.sample(nowMs, 'token', 'x');
  else if (mint.api === 'token' && record?.unsettledSinceAtMs !== null) tally.sample(nowMs, 'token', '?');
  oracles.promises.review();
}
