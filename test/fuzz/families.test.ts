/** A quick share of `npm run fuzz`: the same properties, on the same cases in every run. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import command from '../../scripts/fuzz/command.ts';
import { families } from '../../scripts/fuzz/families.ts';
import { must, pure } from '../../scripts/fuzz/family.ts';
import { fuzz } from '../../scripts/fuzz/run.ts';
import { ROOT } from '../support/cloud.ts';
import { argumentsFor, commandEnv } from '../support/command.ts';

const CASES = 2_000;
/** Any will do; new ones are for `npm run fuzz`. */
const SEED = 20_261_122;

/** A process of its own: the functions read their environment when they are loaded. */
const runCommand = (...flags: string[]): Promise<{ code: number; output: string }> =>
  promisify(execFile)(process.execPath, argumentsFor('fuzz', flags), {
    cwd: ROOT,
    env: commandEnv(),
  }).then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      output: stdout + stderr,
    }),
  );

describe('odd inputs', () => {
  let tried: { code: number; output: string };
  beforeAll(async () => void (tried = await runCommand('--cases', String(CASES), '--seed', String(SEED))));

  it.each(families)('of $name break nothing', ({ name }) => {
    const [, held, all] = new RegExp(`^${name}: (\\d+) of (\\d+) cases`, 'm').exec(tried.output) ?? [];
    // The report comes last: it is what a person wants to read here.
    expect(held === all && held !== undefined ? '' : tried.output).toBe('');
  });

  it('break nothing at all', () => {
    expect(tried).toMatchObject({ code: 0, output: expect.stringMatching(/✓ everything held\n$/) as string });
  });
});

describe('the fuzzer', () => {
  const even = pure(
    'even',
    1,
    fc.asyncProperty(fc.nat(), async (value) => must(value < 1_000, 'too big')),
  );

  it('stops at what does not hold, says why, and how to see it again', async () => {
    const lines: string[] = [];
    const run = { families: [even], cases: 500, out: (line: string) => void lines.push(line) };
    expect(await fuzz({ ...run, seed: 1 })).toBe(false);
    const report = lines.at(-1) ?? '';
    expect(report).toMatch(/^✗ even: too big\n/);
    expect(report).toContain('Counterexample: [1000]');
    const [, seed = '', path = ''] =
      /npm run fuzz -- --only even --seed (\d+) --path (\S+)$/.exec(report) ?? [];
    const again: string[] = [];
    expect(await fuzz({ ...run, seed: Number(seed), path, out: (line) => again.push(line) })).toBe(false);
    expect(again.join()).toContain('Counterexample: [1000]');
  });

  it('tries 100,000 in all by default', () => {
    expect(command.flags).toMatchObject({ cases: { default: '100000' } });
  });

  it('ends with 0 when all held, and with 2 and a sentence for flags that are none', async () => {
    const [held, refused] = await Promise.all([
      runCommand('--cases', '50', '--seed', '7', '--only', 'lines'),
      runCommand('--path', '0:1'),
    ]);
    expect(held.output).toMatch(/^seed 7\nlines: 50 of 50 cases.*\n✓ everything held\n$/);
    expect(held.code).toBe(0);
    expect(refused).toEqual({
      code: 2,
      output: '✗ --path needs --only: npm run fuzz -- --help lists the flags\n',
    });
  });
});
