/** Section: what a day costs, computed from measured operations and a price list; one day is lived through as a check. */

import { markdownTable } from 'markdown-table';
import { count } from './figures.ts';
import type { Growth, Tick } from './growth.ts';
import type { Plan } from './plan.ts';
import { PRICES, priceOf, type Usage } from './prices.ts';
import { withHarness, type Built } from './harness.ts';
import { atMost, type Section } from './section.ts';

const DAY_MINUTES = 1_440;
const TICK_MINUTES = 5;
const REFRESH_MINUTES = 110;
const DAY_SECONDS = 86_400;
const RATES = [0, 1, 100, 1_000];

/** No platform bills less for a call. */
const LEAST_CALL_MS = 1;
/** How long a user's own function is busy with one call of WeChat: it decides how many instances of it there are. */
const CONSUMER_MS = 200;
/** A timer that writes without asking needs no shorter interval; classic tokens live for two hours. */
const NAIVE_TICKS = 24;
const OTHERS_FETCHES = 12;

export interface Costs extends Section {
  /** Of a real day of one app on the embedded cloud. */
  day: { reads: number; writes: number; fetches: number };
}

export async function costs(built: Built, plan: Plan, grown: Growth, mainMs: number): Promise<Costs> {
  const day = await liveADay(built, plan);
  const rows = [...grown.ticks].flatMap(([apps, ticks]) =>
    RATES.map((rate) => row(apps, rate, ticks, Math.max(mainMs, LEAST_CALL_MS))),
  );
  return {
    title: 'Operations, function time and money a day',
    text: `${HOW}\n\n${markdownTable([HEADER, ...rows], { align: 'r' })}\n\n${lived(plan, day)}`,
    targets: plan.isQuick
      ? []
      : [
          atMost('reads on an idle day of one app', 300, day.reads),
          atMost('writes on an idle day of one app', 60, day.writes),
        ],
    day,
  };
}

/** 288 ticks through the bundle, on a clock that is moved. */
async function liveADay(built: Built, plan: Plan): Promise<Costs['day']> {
  const ticks = plan.isQuick ? 2 : DAY_MINUTES / TICK_MINUTES;
  return withHarness(built, async (harness) => {
    await harness.tick('refreshAccessToken');
    harness.cloud.gateway.stats.reset();
    harness.takeFetches();
    for (let index = 0; index < ticks; index++) {
      harness.cloud.clock.advance(TICK_MINUTES * 60_000);
      await harness.tick('refreshAccessToken');
    }
    const { reads, writes } = harness.cloud.gateway.stats.snapshot();
    const total = (counts: Record<string, number>): number =>
      Object.values(counts).reduce((a, b) => a + b, 0);
    return { reads: total(reads), writes: total(writes), fetches: harness.takeFetches() };
  });
}

interface Ticks {
  idle: Tick;
  due: Tick;
}

function row(apps: number, rate: number, ticks: Ticks, callMs: number): string[] {
  const calls = rate * DAY_SECONDS;
  const ours = add(timerOf(ticks), gettersOf(apps, calls, rate, callMs));
  const consumers = rate === 0 ? 0 : Math.ceil((rate * CONSUMER_MS) / 1_000);
  const asks = Math.min(calls, consumers * DAY_MINUTES * apps);
  const withClient = add(timerOf(ticks), gettersOf(apps, asks, asks / DAY_SECONDS, callMs));
  const fetches = OTHERS_FETCHES * apps;
  const shared = { calls: 0, reads: calls, writes: fetches, seconds: 0 };
  const naive = {
    calls: calls + NAIVE_TICKS * apps,
    reads: calls,
    writes: NAIVE_TICKS * apps,
    seconds: (calls * callMs) / 1_000,
  };
  return [
    String(apps),
    rate === 0 ? 'idle' : count(rate),
    count(ours.calls),
    count(ours.reads),
    count(ours.writes),
    count(ours.seconds),
    ...[ours, withClient, shared, naive].map((usage) => yuan(priceOf(usage))),
  ];
}

function timerOf({ idle, due }: Ticks): Usage {
  const ticks = DAY_MINUTES / TICK_MINUTES;
  const refreshes = DAY_MINUTES / REFRESH_MINUTES;
  const of = (key: 'reads' | 'writes' | 'ms'): number =>
    idle[key] * (ticks - refreshes) + due[key] * refreshes;
  return { calls: ticks, reads: of('reads'), writes: of('writes'), seconds: of('ms') / 1_000 };
}

/** As many instances as calls overlap, each of which reads every app's document once a minute. */
function gettersOf(apps: number, calls: number, rate: number, callMs: number): Usage {
  const instances = rate === 0 ? 0 : Math.ceil((rate * callMs) / 1_000);
  return {
    calls,
    reads: Math.min(calls, instances * DAY_MINUTES * apps),
    writes: 0,
    seconds: (calls * callMs) / 1_000,
  };
}

function add(a: Usage, b: Usage): Usage {
  return {
    calls: a.calls + b.calls,
    reads: a.reads + b.reads,
    writes: a.writes + b.writes,
    seconds: a.seconds + b.seconds,
  };
}

function yuan(amount: number): string {
  return amount >= 100 ? count(amount) : amount.toFixed(3);
}

const HEADER = [
  'apps',
  'calls a second',
  'function calls',
  'reads',
  'writes',
  'function seconds',
  'yuan',
  'with its client',
  'co-wechat-api, shared store',
  'timer and getter',
];

const HOW = `Computed from the measured ticks and calls above. The first columns are this project where each call is a \`callFunction\`. The last four are yuan a day, every operation at the price beyond the plan (0.5 for 10,000 calls, database operations included; 0.00011108 for a GBs), from the ${PRICES.source}; the plan itself, 19.9 a month, holds ${count(PRICES.planCallsPerMonth)} calls.

Assumed: a call of getAccessToken is billed with a millisecond at least; there are as many instances as calls overlap; a consumer is busy for ${CONSUMER_MS} ms with each call of WeChat, and with the client asks once a minute; co-wechat-api reads its store for each call, which is the consumer's own function time; the naive timer ticks hourly.`;

function lived(plan: Plan, { reads, writes, fetches }: Costs['day']): string {
  const length = plan.isQuick ? 'The first ticks of a day' : 'A day';
  return `${length} of one app that nobody asks, lived through on the embedded cloud: ${reads} reads, ${writes} writes, ${fetches} fetches.`;
}
