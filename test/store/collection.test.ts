/** What of the database's calls the contracts don't show: the history, the names, and a function without credentials. */

import { afterEach, describe, expect, it, vi } from 'vitest';
import { createCloudStore } from '../../functions/_shared/store/cloud-store.ts';
import { createCollection, HISTORY_KEPT } from '../../functions/_shared/store/collection.ts';
import { TokenError } from '../../functions/_shared/token/errors.ts';
import type { HistoryEntry } from '../../functions/_shared/token/record.ts';
import { createCloudBench } from './cloud-bench.ts';
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
    const bench = await createCloudBench();
    const { basis } = await bench.store().read();
    const first = await bench.store().swap(basis, fullRecord, entry(1));
    const second = await bench.store().swap(first?.basis, later(fullRecord), entry(2));
    await bench.store().swap(second?.basis, later(fullRecord, 2));
    expect(await bench.stored()).toMatchObject({ history: [entry(1), entry(2)] });
  });

  it('keeps the latest entries', async () => {
    const bench = await createCloudBench();
    const { basis } = await seed(bench);
    await bench.put({
      ...(await bench.stored()),
      history: Array.from({ length: HISTORY_KEPT }, () => entry(0)),
    });
    await bench.store().swap(basis, later(fullRecord), entry(9));
    const history = (await bench.stored())?.['history'] as HistoryEntry[];
    expect(history).toHaveLength(HISTORY_KEPT);
    expect(history.at(-1)).toEqual(entry(9));
  });

  it('is what a read leaves in the database', async () => {
    const bench = await createCloudBench();
    await seed(bench);
    expect(await bench.stored()).toHaveProperty('history');
    expect(await bench.collection.get(bench.appid)).not.toHaveProperty('history');
  });

  it.each([['gone'], [null], [{ 0: 'a' }], [undefined]])(
    'of %j starts anew, and stops no write',
    async (damaged) => {
      const bench = await createCloudBench();
      const { basis } = await seed(bench);
      const { history: _, ...rest } = (await bench.stored()) ?? {};
      await bench.put(damaged === undefined ? rest : { ...rest, history: damaged });
      expect(await bench.store().swap(basis, later(fullRecord), entry(1))).not.toBeNull();
      expect(await bench.stored()).toMatchObject({ version: fullRecord.version + 1, history: [entry(1)] });
    },
  );

  it('that is damaged does not open the way for a stale basis', async () => {
    const bench = await createCloudBench();
    const { basis } = await seed(bench);
    await bench.put({ ...(await bench.stored()), version: 8, history: 'gone' });
    expect(await bench.store().swap(basis, later(fullRecord), entry(1))).toBeNull();
    expect(await bench.stored()).toMatchObject({ version: 8, history: 'gone' });
  });
});

describe('two apps', () => {
  it('have a document each, and a collection of another name has its own', async () => {
    const bench = await createCloudBench();
    await seed(bench);
    const other = createCloudStore(bench.collection, 'wxOTHER', () => 'w');
    expect((await other.read()).record.version).toBe(0);
    bench.cloud.database.createCollection('elsewhere');
    const elsewhere = createCloudStore(createCollection('elsewhere'), bench.appid, () => 'w');
    expect((await elsewhere.read()).record.version).toBe(0);
  });
});

describe('a swap', () => {
  it('that somebody else forestalled costs one request: the database says so itself', async () => {
    const bench = await createCloudBench();
    const nothing = await bench.store().read();
    const { basis } = await seed(bench);
    await bench.store().swap(basis, later(fullRecord));
    bench.cloud.gateway.stats.reset();
    expect(await bench.store().swap(nothing.basis, fullRecord)).toBeNull();
    expect(await bench.store().swap(basis, later(fullRecord))).toBeNull();
    expect(bench.cloud.gateway.stats.snapshot().actions).toEqual({
      'database.insertDocument': 1,
      'database.modifyDocument': 1,
    });
  });

  it('has an end, also where the stored version cannot be compared with', async () => {
    const bench = await createCloudBench();
    const { basis } = await seed(bench);
    const answers = [new TokenError('STORE_UNAVAILABLE', 'lost')];
    const replaceIf = vi.fn<typeof bench.collection.replaceIf>(async () => {
      const error = answers.shift();
      if (error) throw error;
      return false;
    });
    const store = createCloudStore({ ...bench.collection, replaceIf }, bench.appid, () => 'w');
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
    const bench = await createCloudBench();
    for (const name of names) vi.stubEnv(name, given.includes(name) ? 'canary' : '');
    const stray: unknown[] = [];
    const keep = (reason: unknown): void => void stray.push(reason);
    process.on('unhandledRejection', keep);
    await expect(bench.store().read()).rejects.toMatchObject({
      code: 'STORE_MISCONFIGURED',
      message: expect.stringContaining('TENCENTCLOUD_SECRETID') as string,
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    process.off('unhandledRejection', keep);
    expect(stray).toEqual([]);
    expect(bench.cloud.gateway.stats.snapshot().actions).toEqual({});
  });

  it('works again once the platform has given it some', async () => {
    const bench = await createCloudBench();
    const id = process.env['TENCENTCLOUD_SECRETID'] ?? '';
    vi.stubEnv('TENCENTCLOUD_SECRETID', '');
    await expect(bench.store().read()).rejects.toMatchObject({ code: 'STORE_MISCONFIGURED' });
    vi.stubEnv('TENCENTCLOUD_SECRETID', id);
    expect((await bench.store().read()).damaged).toEqual([]);
  });

  it('may have an API key instead', async () => {
    const bench = await createCloudBench();
    vi.stubEnv('TENCENTCLOUD_SECRETID', '');
    vi.stubEnv('TENCENTCLOUD_SECRETKEY', '');
    vi.stubEnv('CLOUDBASE_APIKEY', 'local-access-key');
    expect((await bench.store().read()).damaged).toEqual([]);
  });
});
