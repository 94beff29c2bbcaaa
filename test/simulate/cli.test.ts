/** `npm run simulate` as a user types it: flags, exit codes, what goes to which stream. */

import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { readOptions } from '../../scripts/simulate/options.ts';
import type { RunResult } from '../../scripts/simulate/run.ts';
import { argumentsFor, commandEnv } from '../support/command.ts';

function simulate(...flags: string[]) {
  const result = spawnSync(process.execPath, argumentsFor('simulate', flags), {
    env: commandEnv(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

describe('npm run simulate', () => {
  it('exits with 0 and a table when every rule held', () => {
    const { code, out } = simulate('--days', '3', '--seed', '7', '--faults', 'none');
    expect(out).toContain('Every rule held.');
    expect(out).toMatch(/availability +100\.000 %/);
    expect(code).toBe(0);
  });

  it('exits with 1, the events and a smaller replay when a rule broke', () => {
    const { code, out, err } = simulate(
      ...'--days 8 --requests 8000 --without R3 --faults answer-lost,flap'.split(' '),
    );
    expect(code).toBe(1);
    expect(out + err).not.toMatch(/110_SIMULATED|secret-\d/);
    expect(out).toMatch(/BROKEN in seed 1: \w+/);
    expect(out).toMatch(/Smallest replay found:\n {2}npm run simulate -- --seed 1 --days \d/);
  });

  it('runs several seeds, and gives one JSON array', () => {
    const { code, out } = simulate(
      '--days',
      '1',
      '--seeds',
      '2',
      '--seed',
      '4',
      '--faults',
      'none',
      '--json',
    );
    const results = JSON.parse(out) as RunResult[];
    expect(results.map(({ seed }) => seed).toSorted((a, b) => a - b)).toEqual([4, 5]);
    expect(code).toBe(0);
  });

  it('exits with 2 and says what is wrong', () => {
    const { code, out, err } = simulate('--days', 'many');
    expect(err).toContain('--days is a number from 0.01 to 3650, not "many"');
    expect(out).toBe('');
    expect(code).toBe(2);
  });

  it.each([
    [{ faults: 'rain' }, 'unknown fault rain; known are: all, none, instance-death'],
    [
      { without: 'R9' },
      '--without is R1, R1-due, R1-readers, R2, R3, R5, R6, R6-verdict, R6-probe, R6-distrust, R6-spacing, R7, R7-forces, T-due or T-promise, not "R9"',
    ],
    [{ timer: 'off' }, '--timer is on or none, not "off"'],
    [{ mode: 'both' }, '--mode is token, stable or mixed, not "both"'],
    [{ tickets: 'C' }, '--tickets is none, A or B, not "C"'],
    [{ seeds: '0' }, '--seeds is a whole number from 1 to 1000, not "0"'],
  ])('names the flag that is wrong: %j', (given, message) => {
    const usual = {
      days: '30',
      seed: '1',
      seeds: '1',
      'from-day': '0',
      mode: 'token',
      faults: 'all',
      timer: 'on',
      tickets: 'none',
    };
    const rest = { without: undefined, requests: undefined, json: false, list: false };
    expect(() => readOptions({ ...usual, ...rest, ...given })).toThrow(message);
  });

  it('takes a part of a day, for which it plans as many requests as are asked for', () => {
    const rest = { json: false, list: false, without: undefined };
    const usual = {
      seed: '80',
      seeds: '1',
      'from-day': '0',
      mode: 'token',
      faults: 'none',
      timer: 'none',
      tickets: 'none',
    };
    const { run } = readOptions({ ...rest, ...usual, days: '0.125', requests: '1000' });
    expect(run.days).toBe(0.125);
    // A third of an average day's eighth come in the three hours after midnight.
    expect(run.requestsPerDay).toBeGreaterThan(20_000);
    expect(run.requestsPerDay).toBeLessThan(28_000);
  });
});
