/** The race and model tests are worth something: each notices the core that lacks one rule, and shows how in few words. */

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lifeOfAToken } from './model/life-of-a-token.ts';
import { mutants } from './model/mutants.ts';
import { anyRace } from './model/race-rules.ts';
import { TIMEOUT_MS } from './model/runs.ts';

const BOUNDS = { numRuns: 5_000, seed: 20_261_122 };
const MOST_COMMANDS = 8;
const MOST_STEPS = 20;

describe('the model test', () => {
  it.each(Object.entries(mutants))(
    'catches a core with %s in a trace that a person can read',
    async (_, core) => {
      const { failed, counterexample } = await fc.check(lifeOfAToken('token', core), BOUNDS);
      expect(failed).toBe(true);
      // Those that ran, as a person reads them; fast-check adds how to replay them.
      const [, commands] = fc.stringify(counterexample!).split(/^\["[^"]*",| \/\*replayPath/);
      const trace = commands!.split(',');
      expect(trace).toSatisfy(() => trace.length <= MOST_COMMANDS);
    },
    TIMEOUT_MS,
  );
});

describe('the race test', () => {
  it.each(['a claim without compare', 'a claim that is not taken'] as const)(
    'catches a core with %s in an order of few steps',
    async (name) => {
      const { failed, counterexample } = await fc.check(anyRace(mutants[name]), BOUNDS);
      expect(failed).toBe(true);
      const [, roles, scheduler] = counterexample!;
      expect(roles).toHaveLength(2);
      expect(scheduler.report().map(({ label }) => label)).toSatisfy(
        (steps: string[]) => steps.length <= MOST_STEPS,
      );
    },
    TIMEOUT_MS,
  );
});
