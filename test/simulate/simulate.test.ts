/** The simulation itself: does it repeat, does the core pass it, and would it notice a broken rule? */

import { describe, expect, it } from 'vitest';
import { FAULT_NAMES } from '../../scripts/simulate/faults.ts';
import { reduce } from '../../scripts/simulate/replay.ts';
import { formatDay, formatTable } from '../../scripts/simulate/report.ts';
import { run } from '../../scripts/simulate/run.ts';
import type { RunOptions, RunResult } from '../../scripts/simulate/run.ts';
import type { Rule } from '../../scripts/simulate/without.ts';

const BASE: RunOptions = {
  seed: 1,
  days: 10,
  fromDay: 0,
  faults: FAULT_NAMES,
  hasTimer: true,
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

  it.each([2, 3, 6])('hands out no token that could have been known to be dead (seed %i)', async (seed) => {
    expect(avoidable(await run({ ...BASE, seed }))).toBe(0);
  });

  // One an hour may find the token dead in an outage; one a minute refreshes it long before.
  it.each([
    [24, 'while WeChat is in reach'],
    [1_440, 'and through outages of WeChat of five minutes'],
  ])('answers every one of %i readers a day with no timer at all, %s', async (requestsPerDay, when) => {
    const options = { ...BASE, days: 40, hasTimer: false, faults: ['wechat-blip' as const], requestsPerDay };
    const { totals, violations } = await run(options);
    expect(violations).toEqual([]);
    expect(totals.ticks).toBe(0);
    expect(totals.requests).toBeGreaterThan(24 * 30);
    const excused = when.includes('through') ? 0 : totals.unansweredInOutage;
    expect(totals.answered).toBe(totals.requests - excused);
  });

  it('lets every fault strike', async () => {
    const { struck } = await run({ ...BASE, days: 150, requestsPerDay: 20 });
    expect(Object.keys(struck).toSorted()).toEqual([...FAULT_NAMES].toSorted());
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
  it.each<[Rule, number, string[]]>([
    ['R2', 2, ['version']],
    ['R3', 2, ['hold', 'dead token', 'promise']],
    ['R6', 2, ['report']],
  ])('notices within days that %s is switched off', async (without, seed, rules) => {
    const result = await run({ ...BASE, seed, without });
    expect(Object.keys(result.violationCounts)).toEqual(expect.arrayContaining(rules));
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
    expect(command).toMatch(/^npm run simulate -- --seed 1 --days \d+ .*--without R3 --requests \d+$/);
    expect(command).toContain('answer-lost');
  });

  it('shows a table and a picture of the worst day, a character for each quarter of an hour', async () => {
    const result = await run({ ...BASE, days: 2 });
    expect(formatTable(result)).toContain(result.digest);
    const [, ...rows] = formatDay(result.worstDay!).split('\n');
    expect(rows.every((row) => row.length === 11 + 1 + 96 + 1)).toBe(true);
  });
});
