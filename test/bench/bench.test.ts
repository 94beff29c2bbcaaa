/** The benchmark runs to its end with tiny counts, every section prints its table, and what is counted is right. */

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { median, ms, spread, time } from '../../scripts/bench/figures.ts';
import { PRICES, priceOf } from '../../scripts/bench/prices.ts';
import { report } from '../../scripts/bench/report.ts';
import { atMost, exactly } from '../../scripts/bench/section.ts';
import { SYSTEMS } from '../../scripts/bench/systems.ts';
import { ROOT } from '../support/cloud.ts';
import { argumentsFor, commandEnv } from '../support/command.ts';

describe('a quick run', () => {
  let folder: string;
  let page: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bench-test-'));
    const path = join(folder, 'page.md');
    await promisify(execFile)(process.execPath, argumentsFor('bench', ['--quick', '--page', path]), {
      cwd: ROOT,
      env: commandEnv(),
    });
    page = await readFile(path, 'utf8');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('has every section, and every system in the table of each case', () => {
    for (const title of [
      'Targets',
      'Fetches and recovered calls',
      'A warm call',
      'Cold start',
      'Your own functions',
      'Operations, function time and money a day',
      'Growth',
      'Tickets',
    ])
      expect(page).toContain(`\n## ${title}\n`);
    for (const { label } of SYSTEMS) expect(page.split(`\n| ${label} `).length - 1).toBeGreaterThanOrEqual(4);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('counts what the others are known for, and what this project promises', () => {
    const cellsOf = (title: string, label: string): string[] => {
      const table = page.split(`### ${title}\n`)[1]?.split('\n###')[0] ?? '';
      const line = table.split('\n').find((one) => one.startsWith(`| ${label} `)) ?? '';
      return line
        .split('|')
        .slice(2, -1)
        .map((cell) => cell.trim());
    };
    for (const title of ['Nothing stored', 'At expiry', 'After a revocation'])
      for (const { label } of SYSTEMS.filter(({ guest, id }) => guest === 'client' || id === 'oursPlain'))
        expect(cellsOf(title, label)).toEqual(['1; 3 of 3', '1; 4 of 4']);
    // One fetch for each caller; the two newest tokens are alive.
    expect(cellsOf('At expiry', 'co-wechat-api, default')).toEqual(['3; 2 of 3', '4; 2 of 4']);
    // A cache and a pending promise in each process.
    expect(cellsOf('At expiry', 'pattern of @octokit/auth-app')).toEqual(['1; 3 of 3', '2; 4 of 4']);
    expect(cellsOf('Wrong AppSecret', 'co-wechat-api, default')).toEqual(['3; 0 of 3', '4; 0 of 4']);
  });

  it('has nothing of tickets in a tick without WX_TICKETS, little in the bundles, and both with it', () => {
    const [, section = ''] = page.split('\n## Tickets\n');
    const rowOf = (label: string): string[] =>
      (section.split('\n').find((line) => line.startsWith(`| ${label}`)) ?? '')
        .split('|')
        .slice(2, -1)
        .map((cell) => cell.trim());
    expect(rowOf('nothing due')).toEqual(['1, 0, 0', '2, 0, 0']);
    expect(rowOf('31 minutes on')).toEqual(['1, 0, 0', expect.stringMatching(/^\d+, \d+, 1$/)]);
    expect(rowOf('modules evaluated')).toEqual(['0', '2']);
    for (const name of ['getAccessToken', 'refreshAccessToken']) {
      const [, , share = ''] = rowOf(name);
      expect(Number(share.replace(' %', ''))).toBeGreaterThan(0);
      expect(Number(share.replace(' %', ''))).toBeLessThanOrEqual(2);
    }
    expect(page).toMatch(/\| requests for a ticket by callers that all start at once +\| 1 +\| 1 +\| met/);
  });

  it('says that its figures are none', () => {
    expect(page).toContain('**A quick run with tiny counts');
  });
});

describe('figures', () => {
  it('the median is the middle, or the middle of the middle two', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 7])).toBe(6);
  });

  it('a spread that is none is one number', () => {
    expect(spread([1, 1, 1])).toBe('1');
    expect(spread([3, 1, 2])).toBe('2 [1 … 3]');
  });

  it.each([
    [150, '150 ns'],
    [17_500, '17.5 µs'],
    [2_640_000, '2.64 ms'],
  ])('%i nanoseconds are %s', (ns, shown) => expect(time(ns)).toBe(shown));

  it('long times are seconds', () => expect(ms(30_000)).toBe('30.0 s'));

  it('a plan’s calls at the price beyond it cost 10 yuan, a GBs what the page says', () => {
    const nothing = { calls: 0, reads: 0, writes: 0, seconds: 0 };
    expect(priceOf({ ...nothing, calls: 100_000, reads: 60_000, writes: 40_000 })).toBeCloseTo(10);
    expect(priceOf({ ...nothing, seconds: 4 })).toBeCloseTo(PRICES.perGBs);
  });

  it('the price page is that of docs/operations.md', async () => {
    const operations = await readFile(join(ROOT, 'docs/operations.md'), 'utf8');
    expect(operations).toContain('0.5 yuan per 10,000 calls and 0.00011108 yuan per GBs');
    expect([PRICES.perCall, PRICES.perGBs]).toEqual([0.5 / 10_000, 0.00011108]);
  });
});

describe('targets', () => {
  it('are met up to the limit, and missed by the first odd value', () => {
    expect(atMost('reads', 300, 300)).toMatchObject({ isMet: true, wanted: '≤ 300', got: '300' });
    expect(atMost('reads', 300, 301).isMet).toBe(false);
    expect(atMost('reads', 300, Number.NaN).isMet).toBe(false);
    expect(exactly('fetches', 1, [1, 2, 1])).toMatchObject({ isMet: false, wanted: '1', got: '2' });
    expect(exactly('fetches', 1, [1, 1]).isMet).toBe(true);
  });

  it('a miss and a busy machine are plain to see', () => {
    const machine = { cpu: 'cpu', cores: 2, memoryGB: 8, system: 'system', node: 'v20' };
    const run = { machine, beganAtMs: 0, tookMs: 1_000, loadBefore: 1, isQuick: false };
    const section = { title: 'Title', text: 'Text', targets: [atMost('reads', 1, 2)] };
    const text = report(run, [section]);
    expect(text).toMatch(/\| reads +\| ≤ 1 +\| 2 +\| \*\*missed\*\* \|/);
    expect(text).toContain('**Provisional: other work ran on the machine');
    expect(report({ ...run, loadBefore: 0.1 }, [section])).not.toContain('Provisional');
  });
});
