/** Section: what more apps, more instances and more calls cost, measured; the day's bill is computed from it. */

import { markdownTable } from 'markdown-table';
import { count, median, ms, spread } from './figures.ts';
import type { Plan } from './plan.ts';
import { withHarness, type Built, type Harness } from './harness.ts';
import { atMost, exactly, type Section } from './section.ts';

/** One tick: how long the call took, and what it asked of the database. */
export interface Tick {
  ms: number;
  reads: number;
  writes: number;
  fetches: number;
}

export interface Growth extends Section {
  /** By number of apps: a tick with nothing to do, and one in which every token is due. */
  ticks: ReadonlyMap<number, { idle: Tick; due: Tick }>;
}

const MINUTE_MS = 60_000;
/** cloudbaserc.json gives refreshAccessToken 60 s: a tick must be done well before. */
const MOST_TICK_MS = 30_000;
const FUNCTION = { kind: 'function', source: ',scf' } as const;

export async function growth(built: Built, plan: Plan, tell: (line: string) => void): Promise<Growth> {
  const ticks = new Map<number, { idle: Tick; due: Tick }>();
  for (const apps of plan.appCounts) ticks.set(apps, await ticksOf(built, plan, apps));
  tell('  apps');
  const bursts: Burst[] = [];
  for (const instances of plan.instanceCounts) bursts.push(await burst(built, plan, instances));
  tell('  instances');
  const rate = await sustained(built, plan);
  const most = Math.max(...plan.appCounts);
  const largest = ticks.get(most);
  return {
    title: 'Growth',
    text: [
      `### Apps in one tick\n\n${APPS}\n\n${appTable(ticks)}`,
      `### Instances that start at once\n\n${INSTANCES}\n\n${burstTable(bursts)}`,
      `### One instance\n\nOne call after the other, ${count(rate)} calls a second: the embedded platform's share included, which passes each call to another process and back.`,
    ].join('\n\n'),
    targets: [
      exactly(
        'reads in an idle tick, however many apps',
        1,
        [...ticks.values()].map(({ idle }) => idle.reads),
      ),
      exactly(
        'writes in an idle tick',
        0,
        [...ticks.values()].map(({ idle }) => idle.writes),
      ),
      atMost(`${most} apps refreshed in one tick`, MOST_TICK_MS, largest?.due.ms ?? Number.NaN, ms),
      exactly(
        'fetches by instances that start at once',
        1,
        bursts.flatMap(({ fetches }) => fetches),
      ),
    ],
    ticks,
  };
}

const appidOf = (index: number): string => `wxbench${String(index).padStart(11, '0')}`;

async function ticksOf(built: Built, plan: Plan, apps: number): Promise<{ idle: Tick; due: Tick }> {
  const list = Array.from({ length: apps }, (_, index) => ({
    appid: appidOf(index),
    secret: `secret-${index}`,
  }));
  return withHarness(
    built,
    async (harness) => {
      await tick(harness);
      const due: Tick[] = [];
      const idle: Tick[] = [];
      for (let round = 0; round < plan.rounds; round++) {
        harness.cloud.clock.advance(110 * MINUTE_MS);
        due.push(await tick(harness));
        harness.cloud.clock.advance(5 * MINUTE_MS);
        idle.push(await tick(harness));
      }
      return { idle: typical(idle), due: typical(due) };
    },
    { variables: { WX_APPS: JSON.stringify(list) } },
  );
}

async function tick(harness: Harness): Promise<Tick> {
  const { stats } = harness.cloud.gateway;
  stats.reset();
  harness.takeFetches();
  const beganAtMs = performance.now();
  await harness.tick('refreshAccessToken');
  const tookMs = performance.now() - beganAtMs;
  const { reads, writes } = stats.snapshot();
  return { ms: tookMs, reads: sum(reads), writes: sum(writes), fetches: harness.takeFetches() };
}

function typical(ticks: readonly Tick[]): Tick {
  const of = (key: keyof Tick): number => median(ticks.map((one) => one[key]));
  return { ms: of('ms'), reads: of('reads'), writes: of('writes'), fetches: of('fetches') };
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, one) => total + one, 0);
}

interface Burst {
  instances: number;
  tookMs: number[];
  fetches: number[];
}

/** Each round on a new cloud: no instance has been started yet, and nothing is stored. */
async function burst(built: Built, plan: Plan, instances: number): Promise<Burst> {
  const tookMs: number[] = [];
  const fetches: number[] = [];
  for (let round = 0; round < Math.min(3, plan.rounds); round++)
    await withHarness(
      built,
      async (harness) => {
        const beganAtMs = performance.now();
        const calls = Array.from({ length: instances }, () => harness.invoke('getAccessToken', {}, FUNCTION));
        const tokens = (await Promise.all(calls)) as { access_token?: string }[];
        tookMs.push(performance.now() - beganAtMs);
        fetches.push(harness.takeFetches());
        if (!tokens.every(({ access_token: token = '' }) => harness.isAlive(token)))
          throw new Error(`of ${instances} instances not all got a token`);
      },
      { host: { maxInstances: instances } },
    );
  return { instances, tookMs, fetches };
}

async function sustained(built: Built, plan: Plan): Promise<number> {
  return withHarness(built, async (harness) => {
    await harness.invoke('getAccessToken', {}, FUNCTION);
    const endsAtMs = performance.now() + plan.sustainMs;
    let calls = 0;
    for (; performance.now() < endsAtMs; calls++) await harness.invoke('getAccessToken', {}, FUNCTION);
    return (calls / plan.sustainMs) * 1_000;
  });
}

function appTable(ticks: Growth['ticks']): string {
  const rows = [...ticks].map(([apps, { idle, due }]) => [
    String(apps),
    ms(due.ms),
    `${due.reads}, ${due.writes}, ${due.fetches}`,
    ms(idle.ms),
    `${idle.reads}, ${idle.writes}, ${idle.fetches}`,
  ]);
  const header = ['apps', 'all due', 'reads, writes, fetches', 'nothing due', 'reads, writes, fetches'];
  return markdownTable([header, ...rows], { align: 'r' });
}

function burstTable(bursts: readonly Burst[]): string {
  const rows = bursts.map(({ instances, tookMs, fetches }) => [
    String(instances),
    spread(tookMs, ms),
    spread(fetches),
  ]);
  return markdownTable([['instances', 'until all have a token', 'fetches'], ...rows], { align: 'r' });
}

const APPS =
  'A warm `refreshAccessToken`, 8 apps at a time; each fetch takes 80 to 120 ms. 40 is what the 4 KB of environment variables hold. Medians.';
const INSTANCES =
  'That many calls of getAccessToken at once, no instance running and nothing stored. On two cores most of the time is the start of that many processes.';
