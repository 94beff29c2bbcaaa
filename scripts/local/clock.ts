/** The embedded cloud's clock: real time plus an offset that tests and the sandbox's knobs can move. */

export interface CloudClock {
  /** Now, in milliseconds since the epoch. */
  now(): number;
  /** How far this clock is ahead of the machine's, in milliseconds. */
  offsetMs(): number;
  /** Moves the clock; a negative distance moves it back. Real time goes on from there. */
  advance(distanceMs: number): void;
  /** Stops the flow of real time, now or at that instant: from here on only `advance` moves the clock. */
  freeze(atMs?: number): void;
  isFrozen(): boolean;
}

/** A clock on the machine's time, or one that starts at `startAtMs`. */
export function createCloudClock(startAtMs?: number): CloudClock {
  let offset = startAtMs === undefined ? 0 : startAtMs - Date.now();
  let frozenAtMs: number | undefined;
  const now = (): number => frozenAtMs ?? Date.now() + offset;
  return {
    now,
    offsetMs: () => (frozenAtMs === undefined ? offset : frozenAtMs - Date.now()),
    advance(distanceMs) {
      if (frozenAtMs === undefined) offset += distanceMs;
      else frozenAtMs += distanceMs;
    },
    freeze(atMs = now()) {
      frozenAtMs = atMs;
    },
    isFrozen: () => frozenAtMs !== undefined,
  };
}
