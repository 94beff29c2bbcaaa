/** Reads an environment while a page is open, at most once per period, and sends the result to all pages. */

import type { Snapshot, Update } from './snapshot.ts';

export interface Source {
  /** The least time from the beginning of one read to that of the next. */
  periodMs: number;
  /** After this time a read that found nothing new is sent as well; 0: every read is sent. */
  beatMs: number;
  /** `mark` changes when anything but the time has changed. */
  read(): Promise<{ mark: string; snapshot: Snapshot }>;
}

export interface Feed {
  /** Sends the current state, and changes from then on. Returns a function that ends it. */
  watch(tell: (update: Update) => void): () => void;
  /** Reads at once, if a page is open. */
  readNow(): Promise<void>;
  watchers(): number;
  close(): void;
}

export function createFeed(source: Source, now: () => number = () => performance.now()): Feed {
  const watchers = new Set<(update: Update) => void>();
  let known: { snapshot: Snapshot; readAtMs: number } | null = null;
  let problem: string | null = null;
  let mark: string | null = null;
  let [beganAtMs, toldAtMs] = [-Infinity, -Infinity];
  let reading: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function readNow(): Promise<void> {
    reading ??= read().finally(() => {
      reading = undefined;
      wait();
    });
    return reading;
  }

  async function read(): Promise<void> {
    clearTimeout(timer);
    beganAtMs = now();
    const isNews = await source.read().then(remember, forgive);
    if (!isNews && now() - toldAtMs < source.beatMs) return;
    toldAtMs = now();
    for (const tell of watchers) tell(update());
  }

  /** Is anything new but the time? */
  function remember(seen: { mark: string; snapshot: Snapshot }): boolean {
    const isNews = seen.mark !== mark || problem !== null;
    known = { snapshot: seen.snapshot, readAtMs: now() };
    [mark, problem] = [seen.mark, null];
    return isNews;
  }

  function forgive(error: unknown): boolean {
    const before = problem;
    problem = oneLine(error);
    return problem !== before;
  }

  function update(): Update {
    const { snapshot = null, readAtMs = now() } = known ?? {};
    return { snapshot, ageMs: Math.round(now() - readAtMs), problem };
  }

  function wait(): void {
    clearTimeout(timer);
    if (watchers.size === 0) return;
    timer = setTimeout(() => void readNow(), Math.max(0, beganAtMs + source.periodMs - now()));
  }

  return {
    watch(tell) {
      watchers.add(tell);
      if (known !== null || problem !== null) tell(update());
      if (reading === undefined) wait();
      return () => {
        watchers.delete(tell);
        if (watchers.size === 0) clearTimeout(timer);
      };
    },
    readNow: async () => (watchers.size === 0 ? undefined : readNow()),
    watchers: () => watchers.size,
    close() {
      watchers.clear();
      clearTimeout(timer);
    },
  };
}

/** Errors that get here are written for a reader; a stack or a second line would be an accident. */
function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n')[0] ?? '').slice(0, 500);
}
