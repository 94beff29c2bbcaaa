/** One part of a deployment: reads what is there, says what differs, makes it so, reads it back. */

import { phrases, pick } from '../command/language.ts';
import { PlatformError } from '../platform/errors.ts';
import type { Screen } from './screen.ts';

export interface Step {
  title: string;
  /** How it is when nothing differs. */
  goal: string;
  /** Good to have: where it fails, that is told and the deployment goes on. */
  isOptional?: boolean;
  /** What is not as it should be, a phrase each; empty when all is. Reads only. */
  differences(): Promise<string[]>;
  apply(): Promise<void>;
}

export interface StepOptions {
  isDryRun: boolean;
  sleep(durationMs: number): Promise<void>;
}

export type StepOutcome = 'unchanged' | 'changed' | 'would change' | 'skipped' | 'failed';

/** Never throws: a failure is told and returned. */
export async function runStep(step: Step, screen: Screen, options: StepOptions): Promise<StepOutcome> {
  try {
    const differences = await step.differences();
    if (differences.length === 0) {
      screen.good(step.title, step.goal);
      return 'unchanged';
    }
    if (options.isDryRun) {
      screen.plan(step.title, phrases(differences));
      return 'would change';
    }
    screen.begin(step.title, phrases(differences));
    await step.apply();
    await readBack(step, options);
    screen.good(step.title, step.goal);
    return 'changed';
  } catch (error) {
    if (step.isOptional) {
      screen.warn(step.title, error);
      return 'skipped';
    }
    screen.bad(step.title, error);
    return 'failed';
  }
}

/** One after the other; null at the first that fails. */
export async function runSteps(
  steps: readonly Step[],
  screen: Screen,
  options: StepOptions,
): Promise<StepOutcome[] | null> {
  const outcomes: StepOutcome[] = [];
  for (const step of steps) {
    const outcome = await runStep(step, screen, options);
    if (outcome === 'failed') return null;
    outcomes.push(outcome);
  }
  return outcomes;
}

/** Reads may lag behind writes for a moment. */
const READS = 5;
const BETWEEN_READS_MS = 1_000;

async function readBack(step: Step, { sleep }: StepOptions): Promise<void> {
  for (let read = 1; ; read++) {
    const left = await step.differences();
    if (left.length === 0) return;
    if (read === READS) {
      throw new PlatformError(
        pick({
          en: `accepted by the platform, but reading it back says: ${phrases(left)}`,
          zh: `平台已接受，但读回后发现还需要：${phrases(left)}`,
        }),
        {
          code: 'NOT_AS_SET',
          cure: pick({
            en: 'run the command again; if it stays, look at it in the console',
            zh: '请重新执行；如果仍然如此，请到控制台查看',
          }),
        },
      );
    }
    await sleep(BETWEEN_READS_MS);
  }
}
