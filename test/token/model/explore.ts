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

  async function finish<T>(all: Promise<T>): Promise<T> {
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

  return { scheduler, finish, taken };
}

export interface Explored<T> {
  /** How many there are. */
  orders: number;
  /** Each that differs from the others, with the first order that led to it. */
  outcomes: { outcome: T; order: string[] }[];
}

/** Runs once per order. A failure names the order that led to it. */
export async function explore<T>(
  run: (scheduler: Scheduler, finish: <U>(all: Promise<U>) => Promise<U>) => Promise<T>,
  mostOrders: number,
): Promise<Explored<T>> {
  const outcomes = new Map<string, { outcome: T; order: string[] }>();
  let choices: number[] | null = [];
  let orders = 0;
  while (choices !== null) {
    if (++orders > mostOrders) throw new Error(`more than ${mostOrders} orders`);
    const { scheduler, finish, taken } = createReplay(choices);
    const outcome = await run(scheduler, finish).catch((error: unknown) => {
      const trace = taken.map(({ name }) => name).join('\n  ');
      throw new Error(`${error instanceof Error ? error.message : String(error)} after\n  ${trace}`);
    });
    const key = JSON.stringify(outcome);
    if (!outcomes.has(key)) outcomes.set(key, { outcome, order: taken.map(({ name }) => name) });
    choices = following(taken);
  }
  return { orders, outcomes: [...outcomes.values()] };
}

/** The next order: the last choice that had an alternative takes it, and all after it start again. */
function following(taken: readonly { choice: number; of: number }[]): number[] | null {
  for (let at = taken.length - 1; at >= 0; at--) {
    const { choice, of } = taken[at]!;
    if (choice + 1 < of) return [...taken.slice(0, at).map((one) => one.choice), choice + 1];
  }
  return null;
}
