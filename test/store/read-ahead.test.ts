/** A tick of many apps: one read while nothing is due, and each app on its own as soon as anything is wrong. */

import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createCloudStore } from '../../functions/_shared/store/cloud-store.ts';
import { COLLECTION } from '../../functions/_shared/store/document.ts';
import { createReadAhead } from '../../functions/_shared/store/read-ahead.ts';
import { createApp } from '../../functions/_shared/token/app.ts';
import { emptyRecord } from '../../functions/_shared/token/record.ts';
import { tick } from '../../functions/refreshAccessToken/tick.ts';
import type { Fault } from '../../scripts/local/gateway/faults.ts';
import { createCloudHarness } from './cloud-harness.ts';

const MINUTE_MS = 60_000;
const NOW_MS = Date.UTC(2026, 10, 22, 4);
const READ = 'database.getDocument';

const appidOf = (index: number): string => `wxAPP${String(index).padStart(3, '0')}`;

/** The apps of one instance of the timer's function, each with a token of this age. */
async function createTimer(count: number, ageMs: (index: number) => number = () => MINUTE_MS) {
  const { cloud, collection } = await createCloudHarness();
  const documents = cloud.database.collection(COLLECTION);
  const clock = { nowMs: NOW_MS };
  const failures: string[] = [];
  const ahead = createReadAhead(
    collection,
    () => clock.nowMs,
    ({ code }) => failures.push(code),
  );
  const appids = Array.from({ length: count }, (_, index) => appidOf(index));
  await documents.insert(appids.map((appid, index) => documentOf(appid, NOW_MS - ageMs(index))));
  const minted: string[] = [];
  const apps = appids.map((appid) =>
    createApp(appid, policy, {
      store: createCloudStore(ahead, appid, randomUUID),
      async mint() {
        minted.push(appid);
        return { kind: 'minted', token: tokenAt(clock.nowMs) };
      },
      probe: async () => 'accepted',
      now: () => clock.nowMs,
      sleep: async () => undefined,
      random: () => 0.5,
      newId: randomUUID,
      who: 'timer',
      log: () => undefined,
    }),
  );
  return {
    cloud,
    documents,
    collection,
    ahead,
    appids,
    clock,
    failures,
    minted,
    actions: () => cloud.gateway.stats.snapshot().actions,
    async tick(): Promise<string[]> {
      cloud.gateway.stats.reset();
      await ahead.readAhead(appids);
      const ticks = await Promise.all(apps.map(tick));
      return ticks.map(({ reply }) => reply.action);
    },
    /** What the query for all of them meets, before or after it is carried out. */
    onQuery(
      meet: (stage: 'before' | 'after', body: string) => Promise<Fault | undefined> | Fault | undefined,
    ) {
      cloud.gateway.faults.intercept(({ action, stage, body }) => {
        const text = JSON.stringify(body);
        return action === READ && text.includes('$in') ? meet(stage, text) : undefined;
      });
    },
  };
}

const policy = {
  api: 'token',
  refreshAfterMs: 110 * MINUTE_MS,
  mintLimitPerDay: 500,
  fingerprint: 'f',
} as const;

function tokenAt(mintedAtMs: number) {
  return {
    value: `110_${randomUUID()}`,
    api: 'token',
    mintedAtMs,
    expiresAtMs: mintedAtMs + 7_200_000,
  } as const;
}

function documentOf(appid: string, mintedAtMs: number) {
  const record = { ...emptyRecord, version: 7, token: tokenAt(mintedAtMs) };
  return { ...record, _id: appid, schema: 1, writer: 'before', history: [] };
}

const fresh = (count: number): string[] => Array.from({ length: count }, () => 'fresh');

describe('a tick with nothing to do', () => {
  it.each([
    [1, 1],
    [10, 1],
    [40, 1],
    [101, 2],
  ])('of %i apps costs %i of the database’s calls', async (apps, reads) => {
    const timer = await createTimer(apps);
    for (let round = 0; round < 2; round++) {
      expect(await timer.tick()).toEqual(fresh(apps));
      expect(timer.actions()).toEqual({ [READ]: reads });
    }
    expect(timer.minted).toEqual([]);
  });
});

describe('an app that is due', () => {
  it('and is the only one costs one read, also where it has no document yet', async () => {
    const timer = await createTimer(1);
    await timer.documents.remove({}, true);
    expect(await timer.tick()).toEqual(['refreshed']);
    expect(timer.actions()).toMatchObject({ [READ]: 1 });
  });

  it('is refreshed once, and the others are left alone', async () => {
    const timer = await createTimer(10, (index) => (index === 3 ? 115 * MINUTE_MS : MINUTE_MS));
    expect(await timer.tick()).toEqual(fresh(10).with(3, 'refreshed'));
    expect(timer.minted).toEqual([appidOf(3)]);
    expect(timer.actions()).toEqual({ [READ]: 1, 'database.modifyDocument': 2 });
    expect(await timer.tick()).toEqual(fresh(10));
  });

  it('is not minted for once another instance has refreshed it since the query', async () => {
    const timer = await createTimer(3, () => 115 * MINUTE_MS);
    timer.onQuery(async (stage) => {
      if (stage === 'before') return undefined;
      await timer.documents.remove({ _id: appidOf(1) }, false);
      await timer.documents.insert([{ ...documentOf(appidOf(1), NOW_MS), version: 9 }]);
      return undefined;
    });
    expect(await timer.tick()).toEqual(['refreshed', 'fresh', 'refreshed']);
    expect(timer.minted).toEqual([appidOf(0), appidOf(2)]);
  });

  it('and has no document yet is read alone, and gets one', async () => {
    const timer = await createTimer(3);
    await timer.documents.remove({ _id: appidOf(1) }, false);
    expect(await timer.tick()).toEqual(['fresh', 'refreshed', 'fresh']);
    expect(timer.actions()).toMatchObject({ [READ]: 2 });
    expect(await timer.tick()).toEqual(fresh(3));
  });
});

describe('a query that', () => {
  const listing = (...documents: object[]): Fault => ({
    answer: {
      status: 200,
      json: { requestId: 'r', data: { list: documents.map((one) => JSON.stringify(one)) } },
    },
  });
  const first = documentOf(appidOf(0), NOW_MS);

  it.each<[string, Fault]>([
    ['is not answered', { drop: true }],
    ['is refused', { answer: { status: 200, json: { code: 'SYS_ERR', message: 'no $in', requestId: 'r' } } }],
    ['brings a document twice', listing(first, first)],
    ['brings one that nobody asked for', listing(first, documentOf('wxOTHER', NOW_MS))],
    ['brings one without an id', listing({ version: 1 })],
    ['brings one that is no document', { answer: { status: 200, json: { data: { list: ['{'] } } } }],
    ['brings no list', { answer: { status: 200, json: { requestId: 'r', data: {} } } }],
  ])('%s is told, and stops no app', async (_what, fault) => {
    const timer = await createTimer(3, (index) => (index === 2 ? 115 * MINUTE_MS : MINUTE_MS));
    timer.onQuery((stage) => (stage === 'before' ? fault : undefined));
    expect(await timer.tick()).toEqual(['fresh', 'fresh', 'refreshed']);
    expect(timer.failures).toEqual(['STORE_UNAVAILABLE']);
    expect(timer.actions()[READ]).toBe(4);
  });

  it('brings fewer than there are leaves the others to their own reads', async () => {
    const timer = await createTimer(3);
    timer.onQuery((stage) => (stage === 'before' ? listing(first) : undefined));
    expect(await timer.tick()).toEqual(fresh(3));
    expect(timer.failures).toEqual([]);
    expect(timer.actions()).toEqual({ [READ]: 3 });
  });

  it('brings a damaged document heals that one and leaves the others alone', async () => {
    const timer = await createTimer(3);
    await timer.documents.remove({ _id: appidOf(1) }, false);
    await timer.documents.insert([{ ...documentOf(appidOf(1), NOW_MS), token: 7, version: 'x' }]);
    expect(await timer.tick()).toEqual(['fresh', 'refreshed', 'fresh']);
    expect(await timer.tick()).toEqual(fresh(3));
  });

  it('takes in one of two chunks leaves only the other to its own reads', async () => {
    const timer = await createTimer(102);
    const asked: number[] = [];
    timer.onQuery((stage, body) => {
      if (stage === 'before') asked.push(body.split('wxAPP').length - 1);
      return stage === 'before' && asked.length === 2 ? { drop: true } : undefined;
    });
    expect(await timer.tick()).toEqual(fresh(102));
    expect(asked.toSorted((a, b) => b - a)).toEqual([100, 2]);
    // Two queries, and each document of the one that failed.
    expect([2 + 2, 2 + 100]).toContain(timer.actions()[READ]);
  });
});

describe('what was read ahead', () => {
  it('answers one read, and the next one asks the database', async () => {
    const { ahead, appids, documents } = await createTimer(2);
    await ahead.readAhead(appids);
    await documents.remove({}, true);
    expect(await ahead.get(appidOf(0))).toMatchObject({ version: 7 });
    expect(await ahead.get(appidOf(0))).toBeNull();
  });

  it('is what a read brings, the history left out', async () => {
    const { ahead, appids, collection } = await createTimer(2);
    await ahead.readAhead(appids);
    expect(await ahead.get(appidOf(1))).toEqual(await collection.get(appidOf(1)));
    expect(await collection.get(appidOf(1))).not.toHaveProperty('history');
  });

  it.each([
    ['is 5 s old', 5_000],
    ['comes from the future', -1],
  ])('and %s is read again', async (_what, laterMs) => {
    const { ahead, appids, documents, clock } = await createTimer(2);
    await ahead.readAhead(appids);
    await documents.remove({}, true);
    clock.nowMs += laterMs;
    expect(await ahead.get(appidOf(0))).toBeNull();
  });

  it('at one tick is forgotten at the next', async () => {
    const { ahead, appids, documents } = await createTimer(2);
    await ahead.readAhead(appids);
    await documents.remove({}, true);
    await ahead.readAhead([]);
    expect(await ahead.get(appidOf(0))).toBeNull();
  });
});
