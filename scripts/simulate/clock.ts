/** An instance's own clock: wrong by a constant offset, and sometimes set back. */

export interface SkewedClock {
  now(): number;
  offsetMs(): number;
  /** The least and the greatest offset so far. */
  range(): { leastMs: number; mostMs: number };
  stepTo(offsetMs: number): void;
}

export function createSkewedClock(now: () => number, firstOffsetMs: number): SkewedClock {
  let offsetMs = firstOffsetMs;
  const range = { leastMs: firstOffsetMs, mostMs: firstOffsetMs };
  return {
    now: () => now() + offsetMs,
    offsetMs: () => offsetMs,
    range: () => range,
    stepTo(next) {
      offsetMs = next;
      range.leastMs = Math.min(range.leastMs, next);
      range.mostMs = Math.max(range.mostMs, next);
    },
  };
}
