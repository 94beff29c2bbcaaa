/** One run: a world, its two functions, its timer and its callers, day after day. */

import type { TokenRecord } from '../../functions/_shared/token/record.ts';
import { startCallers } from './callers.ts';
import type { Day } from './days.ts';
import type { FaultName } from './faults.ts';
import { startInstance } from './instance.ts';
import { createPool } from './pool.ts';
import type { Violation } from './sentry.ts';
import type { Totals } from './tally.ts';
import { startTimer } from './timer.ts';
import type { Verdict } from './verdict.ts';
import { planDay } from './weather.ts';
import type { Rule } from './without.ts';
import { createWorld } from './create-world.ts';
import { APPID, DAY_MS } from './world.ts';
import type { World } from './world.ts';

export interface RunOptions {
  seed: number;
  days: number;
  /** The first day; earlier ones are left out, and nothing is known of them. */
  fromDay: number;
  faults: readonly FaultName[];
  /** Without one, readers alone replace the token. */
  hasTimer: boolean;
  without: Rule | null;
  /** On the average day, about. */
  requestsPerDay: number;
  onDay?(day: number): void;
  /** Ends the run at the first broken rule. */
  isStoppingEarly?: boolean;
}

export interface RunResult {
  seed: number;
  days: number;
  totals: Totals;
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
  const { seed, days, fromDay, onDay } = options;
  const world = createWorld(options);
  const { timeline, streams, tally, sentry, dice, collection } = world;
  const start = () => startInstance(world);
  const shared = { timeline, random: streams.of('platform'), start };
  const readers = createPool({ ...shared, mostInstances: 50, idleMs: 10 * MINUTE_MS, limitMs: 20_000 });
  const refreshers = createPool({ ...shared, mostInstances: 100, idleMs: 20 * MINUTE_MS, limitMs: 60_000 });
  if (options.hasTimer) startTimer(world, refreshers);
  startCallers(world, readers, options.requestsPerDay);
  timeline.at(world.startAtMs + SAMPLE_EVERY_MS, () => takeSample(world));
  for (let day = fromDay; day < fromDay + days; day++) {
    streams.enterDay(day);
    planDay(world, [readers, refreshers]);
    await timeline.runUntil(world.startAtMs + (day - fromDay + 1) * DAY_MS - 1);
    tally.closeDay();
    onDay?.(day);
    if (options.isStoppingEarly === true && sentry.violations().length > 0) break;
  }
  return {
    seed,
    days,
    totals: tally.totals,
    databaseCalls: collection.calls,
    struck: dice.struck(),
    worstDay: tally.worstDay(),
    violations: sentry.violations(),
    violationCounts: sentry.counts(),
    brokenPromises: sentry.brokenPromises(),
    digest: tally.digest(),
  };
}

/** Every 5 minutes: what the picture shows, and the promises that have come due. */
function takeSample(world: World): void {
  const { timeline, tally, weather, collection, ledger, sentry } = world;
  const nowMs = timeline.now();
  const record = collection.documents.get(APPID) as TokenRecord | undefined;
  const mint = record?.token ? ledger.find(record.token.value) : undefined;
  const isAlive = mint !== undefined && ledger.deathAtMs(mint) > nowMs;
  if (!isAlive) tally.sample(nowMs, 'token', 'x');
  else if (record?.unsettledSinceAtMs !== null) tally.sample(nowMs, 'token', '?');
  if (nowMs < weather.wechatSlowUntilAtMs) tally.sample(nowMs, 'wechat', '~');
  if (nowMs < weather.wechatDownUntilAtMs) tally.sample(nowMs, 'wechat', 'x');
  if (nowMs < weather.databaseSlowUntilAtMs) tally.sample(nowMs, 'database', '~');
  if (nowMs < weather.databaseDownUntilAtMs) tally.sample(nowMs, 'database', 'x');
  if (nowMs < weather.timerStuckUntilAtMs) tally.sample(nowMs, 'timer', 'x');
  sentry.review();
  timeline.at(nowMs + SAMPLE_EVERY_MS, () => takeSample(world));
}
