/** Moves the embedded cloud’s clock ahead in steps that let each tick run. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Cloud } from '../local/cloud.ts';

export const MINUTE_MS = 60_000;

/**
 * The timer ticks every 5 minutes: a longer step would leave ticks out, and show failures that no real clock
 * brings.
 */
const STEP_MS = 5 * MINUTE_MS;

/** In real time: the longest wait for one tick, and for all of them; after that the rest is one jump. */
const TICK_PATIENCE_MS = 10_000;
const MOVE_PATIENCE_MS = 30_000;

export async function stepForward(
  { clock, timer }: Pick<Cloud, 'clock' | 'timer'>,
  distanceMs: number,
): Promise<void> {
  const untilMs = performance.now() + MOVE_PATIENCE_MS;
  for (let restMs = distanceMs; restMs > 0;) {
    const patienceMs = Math.min(TICK_PATIENCE_MS, untilMs - performance.now());
    const stepMs = patienceMs > 0 ? Math.min(STEP_MS, restMs) : restMs;
    clock.advance(stepMs);
    restMs -= stepMs;
    timer.check();
    if (patienceMs > 0) await within(timer.settled(), patienceMs);
  }
}

/** Resolves with the promise, or without it when it takes too long. */
async function within(promise: Promise<void>, patienceMs: number): Promise<void> {
  const ending = new AbortController();
  const timeout = sleep(patienceMs, undefined, { signal: ending.signal }).catch(() => undefined);
  await Promise.race([promise, timeout]);
  ending.abort();
}
