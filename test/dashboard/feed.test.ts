/** How often a place is looked at: only while somebody watches, and never oftener than its period. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFeed, type Feed, type Source } from '../../scripts/dashboard/feed.ts';
import type { Snapshot, Update } from '../../scripts/dashboard/snapshot.ts';

const PERIOD_MS = 30_000;

describe('the feed', () => {
  let reads: number;
  let mark: string;
  let failure: Error | null;
  beforeEach(() => {
    vi.useFakeTimers();
    [reads, mark, failure] = [0, 'one', null];
  });
  afterEach(() => void vi.useRealTimers());

  function start(options: Partial<Source> = {}): { feed: Feed; told: Update[] } {
    const read: Source['read'] = async () => {
      reads += 1;
      if (failure !== null) throw failure;
      return { mark, snapshot: { atMs: reads } as Snapshot };
    };
    return { feed: createFeed({ periodMs: PERIOD_MS, beatMs: 0, read, ...options }, Date.now), told: [] };
  }
  const pass = (durationMs: number): Promise<unknown> => vi.advanceTimersByTimeAsync(durationMs);

  it('reads nothing while nobody watches', async () => {
    const { feed } = start();
    await pass(10 * PERIOD_MS);
    await feed.readNow();
    expect(reads).toBe(0);
  });

  it('reads at once for the first watcher, then once a period for all of them', async () => {
    const { feed, told } = start();
    for (let watcher = 0; watcher < 5; watcher++) feed.watch((update) => told.push(update));
    await pass(0);
    expect(reads).toBe(1);
    expect(told).toHaveLength(5);
    await pass(10 * PERIOD_MS);
    expect(reads).toBe(11);
  });

  it('stops with the last watcher, and a page that is opened again and again costs no read', async () => {
    const { feed, told } = start();
    for (let times = 0; times < 20; times++) {
      const unwatch = feed.watch((update) => told.push(update));
      await pass(100);
      unwatch();
    }
    expect(reads).toBe(1);
    expect(told.at(-1)).toMatchObject({ ageMs: 1_900, snapshot: { atMs: 1 } });
    await pass(10 * PERIOD_MS);
    expect(reads).toBe(1);
    feed.watch((update) => told.push(update));
    await pass(0);
    expect(reads).toBe(2);
    feed.close();
    await pass(10 * PERIOD_MS);
    expect(reads).toBe(2);
  });

  it('stops when the last watcher leaves in the middle of a read', async () => {
    const { feed } = start({
      async read() {
        reads += 1;
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        return { mark, snapshot: {} as Snapshot };
      },
    });
    const unwatch = feed.watch(() => undefined);
    await pass(500);
    unwatch();
    await pass(10 * PERIOD_MS);
    expect(reads).toBe(1);
  });

  it('tells what is new at once, and what isn’t with the next beat only', async () => {
    const { feed, told } = start({ periodMs: 250, beatMs: 5_000 });
    feed.watch((update) => told.push(update));
    await pass(4_900);
    expect(told).toHaveLength(1);
    mark = 'two';
    await pass(250);
    expect(told).toHaveLength(2);
    await pass(5_000);
    expect(told).toHaveLength(3);
  });

  it('keeps the last good figures when a read fails, with their age and the reason in one line', async () => {
    const { feed, told } = start();
    feed.watch((update) => told.push(update));
    await pass(0);
    failure = new Error('the database can’t be reached: npm run doctor\n    at somewhere');
    await pass(PERIOD_MS);
    expect(told.at(-1)).toEqual({
      snapshot: { atMs: 1 },
      ageMs: PERIOD_MS,
      problem: 'the database can’t be reached: npm run doctor',
    });
    failure = null;
    await pass(PERIOD_MS);
    expect(told.at(-1)).toMatchObject({ snapshot: { atMs: 3 }, ageMs: 0, problem: null });
  });

  it('says so when the very first read fails', async () => {
    failure = new Error('no such environment');
    const { feed, told } = start();
    feed.watch((update) => told.push(update));
    await pass(0);
    expect(told).toEqual([{ snapshot: null, ageMs: 0, problem: 'no such environment' }]);
  });
});
