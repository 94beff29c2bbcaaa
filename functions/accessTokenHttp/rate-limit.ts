/** Bounds what one key, and all unknown keys together, can cost an instance in a minute. */

export interface RateLimit {
  /** False: too many this minute. */
  admit(keyHash: string): boolean;
  /** The key has just opened the door: from now on it is counted by itself. */
  recognise(keyHash: string): void;
  /** The key opens nothing, or nothing any more: it is a stranger's. */
  forget(keyHash: string): void;
}

const MINUTE_MS = 60_000;
/** Far above what a server that keeps its token asks: once in two hours and process. */
const CALLS_PER_KEY = 600;
/** A key is not to be guessed; this is about the database reads that every guess costs. */
const CALLS_OF_STRANGERS = 60;
const MOST_KEYS = 1_000;

interface Window {
  startedAtMs: number;
  calls: number;
}

/** In memory, per instance: a bound that all instances share would cost a write per call. */
export function createRateLimit(now: () => number): RateLimit {
  const known = new Map<string, Window>();
  const strangers: Window = { startedAtMs: 0, calls: 0 };
  return {
    admit(keyHash) {
      const own = known.get(keyHash);
      return own === undefined ? take(strangers, CALLS_OF_STRANGERS, now()) : take(own, CALLS_PER_KEY, now());
    },
    recognise(keyHash) {
      if (known.has(keyHash)) return;
      const [oldest] = known.keys();
      if (known.size >= MOST_KEYS && oldest !== undefined) known.delete(oldest);
      known.set(keyHash, { startedAtMs: now(), calls: 1 });
    },
    forget: (keyHash) => void known.delete(keyHash),
  };
}

function take(window: Window, most: number, nowMs: number): boolean {
  // A clock that steps back must not stretch the minute.
  if (nowMs - window.startedAtMs >= MINUTE_MS || nowMs < window.startedAtMs) {
    window.startedAtMs = nowMs;
    window.calls = 0;
  }
  window.calls += 1;
  return window.calls <= most;
}
