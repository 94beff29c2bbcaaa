/** The clock of a race: whoever sleeps is no step of its own, but wakes when its time has come. */

import { START_MS } from '../../support/harness.ts';

/** fast-check's `scheduleFunction`, or the explorer's. */
export interface Scheduler {
  scheduleFunction<T>(run: () => Promise<T>): () => Promise<T>;
  /** Steps that wait to be released. */
  count(): number;
}

/** Moved on by the steps; when nobody has a step to take, it jumps to whoever wakes first. */
export function createRaceClock(scheduler: Scheduler) {
  let nowMs = START_MS;
  let sleepers: { atMs: number; wake: () => void }[] = [];

  function pass(durationMs: number): void {
    nowMs += durationMs;
    const woken = sleepers.filter(({ atMs }) => atMs <= nowMs);
    sleepers = sleepers.filter(({ atMs }) => atMs > nowMs);
    for (const { wake } of woken) wake();
  }

  function jumpIfIdle(): void {
    if (sleepers.length === 0) return;
    if (scheduler.count() > 0) return void setImmediate(jumpIfIdle);
    pass(Math.min(...sleepers.map(({ atMs }) => atMs)) - nowMs);
  }

  return {
    now: () => nowMs,
    pass,
    sleep: (durationMs: number) =>
      new Promise<void>((wake) => {
        sleepers.push({ atMs: nowMs + durationMs, wake });
        setImmediate(jumpIfIdle);
      }),
  };
}
