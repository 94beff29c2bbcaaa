/** What happened last, for people: kept while the simulation runs, shown when an invariant breaks. */

export interface Trace {
  add(text: string): void;
  /** The lines around now: the last ones before it. */
  latest(count: number): string[];
}

const KEPT = 200;
const UTC_PLUS_8_MS = 8 * 3_600_000;

export function createTrace(now: () => number, startAtMs: number): Trace {
  const lines: { atMs: number; text: string }[] = [];
  return {
    add(text) {
      lines.push({ atMs: now(), text });
      if (lines.length >= 2 * KEPT) lines.splice(0, KEPT);
    },
    latest: (count) => lines.slice(-count).map(({ atMs, text }) => `${stamp(atMs, startAtMs)}  ${text}`),
  };
}

/** `day 12 14:05:20.123`: days since the start, the time of day in UTC+8, where WeChat's days turn. */
export function stamp(atMs: number, startAtMs: number): string {
  const day = Math.floor((atMs - startAtMs) / 86_400_000);
  return `day ${day} ${new Date(atMs + UTC_PLUS_8_MS).toISOString().slice(11, 23)}`;
}
