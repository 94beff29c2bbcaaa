/** The simulation itself: does it repeat, does the core pass it, and would it notice a broken rule? */

import { describe, expect, it } from 'vitest';
import { FAULT_NAMES } from '../../scripts/simulate/faults.ts';
import { reduce } from '../../scripts/simulate/replay.ts';
import { formatDay, formatTable } from '../../scripts/simulate/report.ts';
import { run } from '../../scripts/simulate/run.ts';
import type { RunOptions, RunResult } from '../../scripts/simulate/run.ts';
import type { Mode } from '../../scripts/simulate/modes.ts';
import type { Rule } from '../../scripts/simulate/without.ts';

const BASE: RunOptions = {
  seed: 1,
  mode: 'token',
  days: 10,
  fromDay: 0,
  faults: FAULT_NAMES,
  hasTimer: true,
  tickets: null,
  without: null,
  requestsPerDay: 2_740,
};

const avoidable = ({ totals }: RunResult): number =>
  totals.deadAtHandout.avoidable + totals.deadAtUse.avoidable;

describe('the simulation', () => {
  it('gives the same run for the same seed, and another one for another', async () => {
    const [first, again, other] = [
      await run({ ...BASE, days: 2 }),
      await run({ ...BASE, days: 2 }),
      await run({ ...BASE, days: 2, seed: 2 }),
    ];
    expect(again).toEqual(first);
    expect(other.digest).not.toBe(first.digest);
  });

  it('answers every request, mints 13 or 14 times a day and breaks no rule in a world without faults', async () => {
    const result = await run({ ...BASE, faults: [] });
    const { totals } = result;
    expect(result.violations).toEqual([]);
    expect(totals.answered).toBe(totals.requests);
    expect(totals.requests).toBeGreaterThan(20_000);
    expect(totals.mints).toBeGreaterThanOrEqual(130);
    expect(totals.mostMintsPerDay).toBeLessThanOrEqual(14);
  });

  it.each([
    ['token', 2],
    ['token', 6],
    ['stable', 3],
    ['mixed', 3],
  ] as const)('breaks no rule under all faults in %s mode (seed %i)', async (mode, seed) => {
    const result = await run({ ...BASE, mode, seed });
    expect(result.violations).toEqual([]);
    expect(avoidable(result)).toBe(0);
    expect(result.totals.requests).toBeGreaterThan(20_000);
  });

  it.each([
    ['A', 'token'],
    ['B', 'token'],
    ['A', 'stable'],
    ['B', 'stable'],
    ['B', 'mixed'],
  ] as const)(
    'breaks no rule under all faults where tickets die as in model %s, and fetches them twice an hour (%s mode)',
    async (tickets, mode) => {
      const result = await run({ ...BASE, mode, days: 5, requestsPerDay: 1_000, tickets });
      expect(result.violations).toEqual([]);
      const { requests, fetches, mostFetchesPerDay, deadAtHandout, longestHeldDeadMs } = result.tickets!;
      expect(requests).toBeGreaterThan(4_000);
      expect(fetches).toBeGreaterThan(5 * 40);
      const apps = mode === 'mixed' ? 3 : 1;
      expect(mostFetchesPerDay).toBeLessThan(apps * 70);
      expect(longestHeldDeadMs).toBeLessThanOrEqual(36 * 60_000);
      expect(deadAtHandout > 0).toBe(tickets === 'B');
    },
  );

  it('mints 12 or 13 times a day in stable mode, and answers every request', async () => {
    const { totals, violations } = await run({ ...BASE, mode: 'stable', faults: [] });
    expect(violations).toEqual([]);
    expect(totals.answered).toBe(totals.requests);
    expect(totals.mostMintsPerDay).toBeLessThanOrEqual(13);
  });

  it.each([
    ['without a rest', 41, 1, 16_224],
    ['with a rest after each hour', 60, 2, 8_641],
  ])(
    'believes a caller that reports whatever it gets once, and keeps all later promises, %s',
    async (_, seed, days, faultyReports) => {
      const faults = ['faulty-caller' as const];
      const { totals, violations, brokenPromises } = await run({ ...BASE, days, seed, faults });
      expect(violations).toEqual([]);
      expect(totals.faultyReports).toBe(faultyReports);
      expect(totals.mostMintsPerDay).toBeLessThanOrEqual(17);
      // Those who were given the first token before it was reported.
      expect(brokenPromises.reported).toBeLessThan(250);
      expect(totals.deadAtUse.reported).toBe(0);
    },
  );

  // One an hour may find the token dead in an outage; one a minute refreshes it long before.
  it.each([
    [24, 'while WeChat is in reach'],
    [1_440, 'and through outages of WeChat of five minutes'],
  ])('answers every one of %i readers a day with no timer at all, %s', async (requestsPerDay, when) => {
    const options = { ...BASE, days: 12, hasTimer: false, faults: ['wechat-blip' as const], requestsPerDay };
    const { totals, violations } = await run(options);
    expect(violations).toEqual([]);
    expect(totals.ticks).toBe(0);
    expect(totals.requests).toBeGreaterThan(24 * 9);
    const excused = when.includes('through') ? 0 : totals.unansweredInOutage;
    expect(totals.answered).toBe(totals.requests - excused);
  });

  it('lets every fault strike', async () => {
    // It makes 17,280 calls whenever it strikes, and has a test of its own.
    const faults = FAULT_NAMES.filter((name) => name !== 'faulty-caller');
    const { struck } = await run({ ...BASE, mode: 'mixed', faults, days: 60, requestsPerDay: 20 });
    expect(Object.keys(struck).toSorted()).toEqual(faults.toSorted());
  });

  it('counts so that the numbers add up', async () => {
    const { totals, databaseCalls, worstDay } = await run({ ...BASE, days: 4 });
    expect(totals.answered + totals.refused + totals.lost).toBe(totals.requests);
    expect(totals.reports).toBeLessThan(totals.requests);
    expect(totals.mints).toBeLessThanOrEqual(totals.sent);
    expect(databaseCalls.reads).toBeGreaterThan(databaseCalls.writes);
    const { counts, perSlot } = worstDay!;
    for (const name of Object.keys(counts) as (keyof typeof counts)[]) {
      expect(perSlot[name].reduce((sum, times) => sum + times, 0)).toBe(counts[name]);
    }
  });

  // The breaches that only a missing rule explains, on a seed where the whole core hands out no avoidable one.
  it.each<[Mode, Rule, string, Partial<RunOptions>]>([
    ['token', 'R1-due', 'needless', {}],
    ['token', 'R2', 'version', {}],
    ['token', 'R3', 'hold', {}],
    ['token', 'R5', 'unanswered', {}],
    ['token', 'R6', 'report', { days: 30 }],
    ['token', 'R6-verdict', 'given back', {}],
    ['token', 'R6-probe', 'report', { seed: 41, faults: ['faulty-caller'] }],
    [
      'token',
      'R6-probe',
      'promise',
      { seed: 41, faults: ['faulty-caller'], isStoppingEarly: false, days: 1 },
    ],
    ['token', 'R6-distrust', 'report', { seed: 60, faults: ['faulty-caller'] }],
    [
      'token',
      'R6-distrust',
      'promise',
      { seed: 60, faults: ['faulty-caller'], isStoppingEarly: false, days: 2 },
    ],
    ['token', 'R7', 'flood', { seed: 74, faults: ['secret-changed'] }],
    ['stable', 'R1', 'dead token', {}],
    ['stable', 'R1-due', 'needless', {}],
    ['stable', 'R2', 'version', {}],
    ['stable', 'R5', 'unanswered', {}],
    ['stable', 'R6-verdict', 'given back', {}],
    ['stable', 'R6-spacing', 'calls', { seed: 41, faults: ['faulty-caller'] }],
    ['stable', 'R7', 'flood', { seed: 74, faults: ['secret-changed'] }],
    ['stable', 'R7-forces', 'force', { seed: 33, faults: ['operator-forces'], requestsPerDay: 10 }],
  ])('in %s mode notices that %s is switched off: %s', async (mode, without, rule, options) => {
    const base = { ...BASE, seed: 2, isStoppingEarly: true };
    const result = await run({ ...base, ...options, mode, without });
    expect(Object.keys(result.violationCounts)).toContain(rule);
  });

  // Nothing else than a ticket's own rules would let a caller hold a dead one for longer.
  it.each<[Rule, string, Partial<RunOptions>]>([
    ['T-due', 'ticket promise', {}],
    // Where few ask, nobody reports it either.
    ['T-due', 'stale ticket', { isStoppingEarly: false, days: 3, faults: [], requestsPerDay: 24 }],
    ['T-promise', 'ticket promise', {}],
    ['R2', 'version', {}],
  ])('of tickets notices that %s is switched off: %s', async (without, rule, options) => {
    const base = { ...BASE, seed: 2, requestsPerDay: 500, isStoppingEarly: true, tickets: 'B' as const };
    const result = await run({ ...base, ...options, without });
    expect(Object.keys(result.violationCounts)).toContain(rule);
  });

  it('makes a broken run smaller, and the smaller one breaks the same rule', async () => {
    const options: RunOptions = {
      ...BASE,
      days: 8,
      requestsPerDay: 1_000,
      without: 'R3',
      faults: ['answer-lost', 'flap'],
    };
    const broken = await run(options);
    const { command, result } = await reduce(broken, options, () => 0);
    expect(result.violations.map(({ rule }) => rule)).toContain(broken.violations[0]!.rule);
    expect(command).toMatch(
      /^npm run simulate -- --seed 1 --days \d+ --mode token .*--without R3 --requests \d+$/,
    );
    expect(command).toContain('answer-lost');
  });

  it('shows a table and a picture of the worst day, a character for each quarter of an hour', async () => {
    const result = await run({ ...BASE, days: 2 });
    expect(formatTable(result)).toContain(result.digest);
    const [, ...rows] = formatDay(result.worstDay!).split('\n');
    expect(rows.every((row) => row.length === 11 + 1 + 96 + 1)).toBe(true);
  });
});
