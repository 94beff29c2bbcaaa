/** Virtual time: events in order of their instants, with everything that follows from one done before the next. */

import { setImmediate } from 'node:timers/promises';
import TinyQueue from 'tinyqueue';

export interface Timeline {
  now(): number;
  sleep(durationMs: number): Promise<void>;
  at(atMs: number, run: () => void): void;
  /** Runs every event up to that instant and leaves the clock there. */
  runUntil(atMs: number): Promise<void>;
  /** Runs events until the promise settles, and gives its result. Rejects when nothing is left to wait for. */
  settle<T>(promise: Promise<T>): Promise<T>;
  /** Events handled so far. */
  count(): number;
}

interface Event {
  atMs: number;
  order: number;
  run(): void;
}

export function createTimeline(startAtMs: number): Timeline {
  // Equal instants keep the order in which they were asked for: the same seed gives the same run.
  const queue = new TinyQueue<Event>([], (a, b) => a.atMs - b.atMs || a.order - b.order);
  let nowMs = startAtMs;
  let order = 0;

  const at = (atMs: number, run: () => void): void => {
    queue.push({ atMs: Math.max(atMs, nowMs), order: order++, run });
  };

  async function step(event: Event): Promise<void> {
    nowMs = event.atMs;
    event.run();
    await drained();
  }

  return {
    now: () => nowMs,
    at,
    sleep: (durationMs) => new Promise((resolve) => at(nowMs + durationMs, resolve)),
    async runUntil(atMs) {
      await setImmediate();
      for (let next = queue.peek(); next !== undefined && next.atMs <= atMs; next = queue.peek()) {
        queue.pop();
        await step(next);
      }
      nowMs = Math.max(nowMs, atMs);
    },
    async settle(promise) {
      const state = { isSettled: false };
      const done = (): void => {
        state.isSettled = true;
      };
      promise.then(done, done);
      await setImmediate();
      while (!state.isSettled) {
        const next = queue.pop();
        if (next === undefined)
          throw new Error('nothing is left on the timeline, and the promise has not settled');
        await step(next);
      }
      return promise;
    },
    count: () => order,
  };
}

/**
 * Resolves after the reactions of every promise that is settled by now have run. A tick that is asked for from within a
 * microtask comes after all microtasks, however long their chains; and it costs a seventh of a macrotask.
 */
function drained(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
