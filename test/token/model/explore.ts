/** Every order in which steps can be released, one after the other: depth first, without chance. */

import { setImmediate } from 'node:timers/promises';
import type { Scheduler } from './race-clock.ts';

/** A scheduler that takes the given choices, the first pending step after them, and notes what it could have taken. */
function createReplay(choices: readonly number[]) {
  const pending: { name: string; release: () => void }[] = [];
  const taken: { choice: number; of: number; name: string }[] = [];
  const scheduler: Scheduler = {
    scheduleFunction: (run) => () =>
      new Promise((resolve, reject) => {
        pending.push({ name: run.name, release: () => void run().then(resolve, reject) });
      }),
    count: () => pending.length,
  };

  async function settle<T>(all: Promise<T>): Promise<T> {
    const state = { isSettled: false };
    const done = (): void => void (state.isSettled = true);
    all.then(done, done);
    await setImmediate();
    while (!state.isSettled) {
      if (pending.length > 0) {
        const choice = choices[taken.length] ?? 0;
        taken.push({ choice, of: pending.length, name: pending[choice]!.name });
        pending.splice(choice, 1)[0]!.release();
      }
      await setImmediate();
    }
    return all;
  }

  return { scheduler, settle, taken };
}

/** Runs once per order and returns how many there are. A failure names the order that led to it. */
export async function explore(
  run: (scheduler: Scheduler, settle: <T>(all: Promise<T>) => Promise<T>) => Promise<void>,
  mostOrders: number,
): Promise<number> {
  let choices: number[] | null = [];
  let orders = 0;
  while (choices !== null) {
    if (++orders > mostOrders) throw new Error(`more than ${mostOrders} orders`);
    const { scheduler, settle, taken } = createReplay(choices);
    await run(scheduler, settle).catch((error: unknown) => {
      const trace = taken.map(({ name }) => name).join('\n  ');
      throw new Error(`${error instanceof Error ? error.message : String(error)} after\n  ${trace}`);
    });
    choices = following(taken);
  }
  return orders;
}

/** The next order: the last choice that had an alternative takes it, and all after it start again. */
function following(taken: readonly { choice: number; of: number }[]): number[] | null {
  for (let at = taken.length - 1; at >= 0; at--) {
    const { choice, of } = taken[at]!;
    if (choice + 1 < of) return [...taken.slice(0, at).map((one) => one.choice), choice + 1];
  }
  return null;
}
