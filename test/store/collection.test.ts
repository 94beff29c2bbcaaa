/** What of the database's calls the contracts don't show: the history, the names, and a function without credentials. */

import { afterEach, describe, expect, it, vi } from 'vitest';
import { createCloudStore } from '../../functions/_shared/store/cloud-store.ts';
import { createCollection, HISTORY_KEPT } from '../../functions/_shared/store/collection.ts';
import { TokenError } from '../../functions/_shared/token/ports.ts';
import type { HistoryEntry } from '../../functions/_shared/token/ports.ts';
import { createCloudHarness } from './cloud-harness.ts';
import { fullRecord, later, seed } from './records.ts';

afterEach(() => vi.unstubAllEnvs());

const entry = (tookMs: number): HistoryEntry => ({
  atMs: 1,
  reason: 'timer',
  outcome: 'minted',
  errcode: 0,
  rid: null,
  tookMs,
  gapMs: null,
  who: 'refreshAccessToken/0a1b2c3d',
});

describe('the history', () => {
  it('begins with the document, grows by a write that has an entry, and is left alone by others', async () => {
    const harness = await createCloudHarness();
    const { basis } = await harness.store().read();
    const first = await harness.store().swap(basis, fullRecord, entry(1));
    const second = await harness.store().swap(first?.basis, later(fullRecord), entry(2));
    await harness.store().swap(second?.basis, later(fullRecord, 2));
    expect(await harness.stored()).toMatchObject({ history: [entry(1), entry(2)] });
  });

  it('keeps the latest entries', async () => {
    const harness = await createCloudHarness();
    const { basis } = await seed(harness);
    await harness.put({
      ...(await harness.stored()),
      history: Array.from({ length: HISTORY_KEPT }, () => entry(0)),
    });
    await harness.store().swap(basis, later(fullRecord), entry(9));
    const history = (await harness.stored())?.['history'] as HistoryEntry[];
    expect(history).toHaveLength(HISTORY_KEPT);
    expect(history.at(-1)).toEqual(entry(9));
  });

  it('is what a read leaves in the database', async () => {
    const harness = await createCloudHarness();
    await seed(harness);
    expect(await harness.stored()).toHaveProperty('history');
    expect(await harness.collection.get(harness.appid)).not.toHaveProperty('history');
  });

  it.each([['gone'], [null], [{ 0: 'a' }], [undefined]])(
    'of %j starts anew, and stops no write',
    async (damaged) => {
      const harness = await createCloudHarness();
      const { basis } = await seed(harness);
      const { history: _, ...rest } = (await harness.stored()) ?? {};
      await harness.put(damaged === undefined ? rest : { ...rest, history: damaged });
      expect(await harness.store().swap(basis, later(fullRecord), entry(1))).not.toBeNull();
      expect(await harness.stored()).toMatchObject({ version: fullRecord.version + 1, history: [entry(1)] });
    },
  );

  it('that is damaged does not open the way for a stale basis', async () => {
    const harness = await createCloudHarness();
    const { basis } = await seed(harness);
    await harness.put({ ...(await harness.stored()), version: 8, history: 'gone' });
    expect(await harness.store().swap(basis, later(fullRecord), entry(1))).toBeNull();
    expect(await harness.stored()).toMatchObject({ version: 8, history: 'gone' });
  });
});

describe('two apps', () => {
  it('have a document each, and a collection of another name has its own', async () => {
    const harness = await createCloudHarness();
    await seed(harness);
    const other = createCloudStore(harness.collection, 'wxOTHER', () => 'w');
    expect((await other.read()).record.version).toBe(0);
    harness.cloud.database.createCollection('elsewhere');
    const elsewhere = createCloudStore(createCollection('elsewhere'), harness.appid, () => 'w');
    expect((await elsewhere.read()).record.version).toBe(0);
  });
});

describe('a document of a newer version', () => {
  it('is refused alone, and left out of a list, so that it is read alone', async () => {
    const harness = await createCloudHarness();
    await seed(harness);
    await harness.put({ ...(await harness.stored()), schema: 2 });
    const store = createCloudStore(harness.collection, 'wxOTHER', () => 'w');
    await store.swap((await store.read()).basis, fullRecord);
    const { collection, appid } = harness;
    await expect(collection.get(appid)).rejects.toThrow(`the document of ${appid} has format 2`);
    expect([...(await collection.getAll([appid, 'wxOTHER'])).keys()]).toEqual(['wxOTHER']);
  });
});

describe('a swap', () => {
  it('that somebody else forestalled costs one request: the database says so itself', async () => {
    const harness = await createCloudHarness();
    const nothing = await harness.store().read();
    const { basis } = await seed(harness);
    await harness.store().swap(basis, later(fullRecord));
    harness.cloud.gateway.stats.reset();
    expect(await harness.store().swap(nothing.basis, fullRecord)).toBeNull();
    expect(await harness.store().swap(basis, later(fullRecord))).toBeNull();
    expect(harness.cloud.gateway.stats.snapshot().actions).toEqual({
      'database.insertDocument': 1,
      'database.modifyDocument': 1,
    });
  });

  it('has an end, also where the stored version cannot be compared with', async () => {
    const harness = await createCloudHarness();
    const { basis } = await seed(harness);
    const answers = [new TokenError('STORE_UNAVAILABLE', 'lost')];
    const replaceIf = vi.fn<typeof harness.collection.replaceIf>(async () => {
      const error = answers.shift();
      if (error) throw error;
      return false;
    });
    const store = createCloudStore({ ...harness.collection, replaceIf }, harness.appid, () => 'w');
    expect(await store.swap(basis, later(fullRecord))).toBeNull();
    expect(replaceIf).toHaveBeenCalledTimes(2);
  });
});

describe('a function without credentials', () => {
  const names = ['TENCENTCLOUD_SECRETID', 'TENCENTCLOUD_SECRETKEY', 'CLOUDBASE_APIKEY'];

  it.each([
    ['none at all', []],
    ['an id only', ['TENCENTCLOUD_SECRETID']],
    ['a key only', ['TENCENTCLOUD_SECRETKEY']],
  ])('is told so with %s, and no promise is left rejected behind its back', async (_what, given) => {
    const harness = await createCloudHarness();
    for (const name of names) vi.stubEnv(name, given.includes(name) ? 'canary' : '');
    const stray: unknown[] = [];
    const keep = (reason: unknown): void => void stray.push(reason);
    process.on('unhandledRejection', keep);
    await expect(harness.store().read()).rejects.toMatchObject({
      code: 'STORE_MISCONFIGURED',
      message: expect.stringContaining('TENCENTCLOUD_SECRETID') as string,
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    process.off('unhandledRejection', keep);
    expect(stray).toEqual([]);
    expect(harness.cloud.gateway.stats.snapshot().actions).toEqual({});
  });

  it('works again once the platform has given it some', async () => {
    const harness = await createCloudHarness();
    const id = process.env['TENCENTCLOUD_SECRETID'] ?? '';
    vi.stubEnv('TENCENTCLOUD_SECRETID', '');
    await expect(harness.store().read()).rejects.toMatchObject({ code: 'STORE_MISCONFIGURED' });
    vi.stubEnv('TENCENTCLOUD_SECRETID', id);
    expect((await harness.store().read()).damaged).toEqual([]);
  });

  it('may have an API key instead', async () => {
    const harness = await createCloudHarness();
    vi.stubEnv('TENCENTCLOUD_SECRETID', '');
    vi.stubEnv('TENCENTCLOUD_SECRETKEY', '');
    vi.stubEnv('CLOUDBASE_APIKEY', 'local-access-key');
    expect((await harness.store().read()).damaged).toEqual([]);
  });
});
