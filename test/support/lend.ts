/**
 * Lends what is costly to start from one test to the next, over all files of a worker: a cold instance takes a third
 * of a second of processor time. For tests to which it makes no difference that instances are warm.
 */

import { onTestFinished } from 'vitest';

export interface Lendable {
  /** As on its first day, but a day later: nothing that an instance remembers is good any more. */
  renew(): Promise<void>;
  /** Nothing is at work in it, and nothing in it has failed. */
  isAtRest(): boolean;
  end(): Promise<void>;
}

/** At the most so many wait for the next test: each has some processes, a few of them a dozen. */
const KEPT = 6;
let lenders = 0;
/** By how they were opened, the one that was used last at the end. */
const waiting = new Map<string, Lendable>();

/** A function that opens one for a test, or takes the one that an earlier test has left. */
export function lend<Options extends object, Lent extends Lendable>(
  open: (options?: Options) => Promise<Lent>,
): (options?: Options) => Promise<Lent> {
  const id = ++lenders;
  return async (options) => {
    const key = `${id} ${keyOf(options ?? {})}`;
    // `open` has made it: no other has this number.
    const left = waiting.get(key) as Lent | undefined;
    waiting.delete(key);
    await left?.renew();
    const lent = left ?? (await open(options));
    onTestFinished(async ({ task }) => {
      if (task.result?.state === 'fail' || !lent.isAtRest()) return lent.end();
      await keep(key, lent);
    });
    return lent;
  };
}

/** The same for the same options, in whatever order they are given. */
function keyOf(options: object): string {
  return JSON.stringify(options, (name, value: unknown) => {
    if (typeof value === 'function') throw new Error(`what is lent can't be opened for one test: ${name}`);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}

async function keep(key: string, lent: Lendable): Promise<void> {
  const [replaced, oldest] = [waiting.get(key), [...waiting.keys()][0]];
  waiting.delete(key);
  waiting.set(key, lent);
  await replaced?.end();
  if (waiting.size <= KEPT || oldest === undefined) return;
  const over = waiting.get(oldest);
  waiting.delete(oldest);
  await over?.end();
}

// vitest ends a worker by this signal, and waits for half a second.
process.once('SIGTERM', () => {
  void Promise.allSettled([...waiting.values()].map((lent) => lent.end())).then(() => process.exit());
});
