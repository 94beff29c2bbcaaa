/** Limits what one valid key, or all unknown tokens, can cost an instance in a minute; unknown keys cost nothing (live-keys.ts). */

export interface RateLimit {
  /** False: too many this minute. */
  admit(id: string): boolean;
}

const MINUTE_MS = 60_000;
/** Far above what a server that keeps its token asks: once in two hours and process. */
const CALLS_PER_KEY = 600;
const MOST_KEYS = 1_000;

interface Window {
  startedAtMs: number;
  calls: number;
}

/** In memory, per instance: a limit that all instances share would cost a write per call. */
export function createRateLimit(now: () => number): RateLimit {
  const windows = new Map<string, Window>();
  const windowOf = (id: string): Window => {
    const known = windows.get(id);
    if (known !== undefined) return known;
    const [oldest] = windows.keys();
    if (windows.size >= MOST_KEYS && oldest !== undefined) windows.delete(oldest);
    const opened = { startedAtMs: now(), calls: 0 };
    windows.set(id, opened);
    return opened;
  };
  return { admit: (id) => take(windowOf(id), now()) };
}

function take(window: Window, nowMs: number): boolean {
  // A clock that steps back must not stretch the minute.
  if (nowMs - window.startedAtMs >= MINUTE_MS || nowMs < window.startedAtMs) {
    window.startedAtMs = nowMs;
    window.calls = 0;
  }
  window.calls += 1;
  return window.calls <= CALLS_PER_KEY;
}
