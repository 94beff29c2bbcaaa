/** Remembers whose clock wrote what: an instant in the document is by the clock of the instance that wrote it. */

/** Two clocks that are wrong differ by this at most. */
export const MOST_APART_MS = 240_000;

/** Two clocks that are within this of each other count as one. */
export const TOLERATED_SKEW_MS = 1_000;

export interface Clocks {
  onClaim(startedAtMs: number, offsetMs: number): void;
  /** Of the clock that wrote this instant into a claim. */
  offsetOf(startedAtMs: number | null): number | undefined;
  /** An instance makes a claim or asks WeChat. */
  onRequest(offsetMs: number): void;
  /** Did one whose clock is wrong do so within the last minutes? What the document says of "lately" is wrong then. */
  isSkewed(): boolean;
}

export function createClocks(now: () => number): Clocks {
  const offsets = new Map<number, number>();
  let skewedAtMs = -Infinity;
  return {
    onClaim: (startedAtMs, offsetMs) => void offsets.set(startedAtMs, offsetMs),
    offsetOf: (startedAtMs) => (startedAtMs === null ? undefined : offsets.get(startedAtMs)),
    onRequest(offsetMs) {
      if (Math.abs(offsetMs) > TOLERATED_SKEW_MS) skewedAtMs = now();
    },
    isSkewed: () => now() - skewedAtMs < MOST_APART_MS,
  };
}
