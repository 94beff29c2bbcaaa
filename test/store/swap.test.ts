/** A write whose answer was lost is repeated only where nothing has changed: on a database that plays each case. */

import { describe, expect, it } from 'vitest';
import { createCloudStore } from '../../functions/_shared/store/cloud-store.ts';
import type { Collection } from '../../functions/_shared/store/collection.ts';
import { TokenError } from '../../functions/_shared/token/ports.ts';
import type { HistoryEntry } from '../../functions/_shared/token/ports.ts';
import { fullRecord, later } from './records.ts';

type Document = Record<string, unknown> | null;

const ENTRY: HistoryEntry = {
  atMs: 1,
  reason: 'timer',
  outcome: 'minted',
  errcode: 0,
  rid: null,
  tookMs: 1,
  gapMs: null,
  who: 'test',
};

/** `documents`: what each read finds. The first write's answer is lost, the second one succeeds. */
function play(documents: Document[]): { collection: Collection; writes: unknown[][] } {
  const writes: unknown[][] = [];
  const write = async (...what: unknown[]): Promise<boolean> => {
    writes.push(what);
    if (writes.length === 1) throw new TokenError('STORE_UNAVAILABLE', 'lost');
    return true;
  };
  const collection: Collection = {
    get: async () => documents.shift() ?? null,
    insert: (id, document) => write('insert', id, document),
    replaceIf: (id, version, document, entry) => write('replace', id, version, document, entry),
  };
  return { collection, writes };
}

async function swapOnce(documents: Document[], entry?: HistoryEntry) {
  const { collection, writes } = play(documents);
  let ids = 0;
  const store = createCloudStore(collection, 'wxa', () => `writer-${++ids}`);
  const { basis } = await store.read();
  const stored = await store.swap(basis, later(fullRecord), entry);
  return { stored, writes };
}

const versioned = (version: unknown): Document => ({ _id: 'wxa', version, writer: 'somebody' });

describe('the first document', () => {
  it('is inserted with the history that there is', async () => {
    const { writes } = await swapOnce([null, null]);
    expect(writes[0]).toMatchObject(['insert', 'wxa', { version: 8, history: [] }]);
    const { writes: withEntry } = await swapOnce([null, null], ENTRY);
    expect(withEntry[0]).toMatchObject(['insert', 'wxa', { history: [ENTRY] }]);
  });

  it('is inserted once more where there is still none', async () => {
    const { stored, writes } = await swapOnce([null, null]);
    expect(writes).toHaveLength(2);
    expect(writes[1]).toEqual(writes[0]);
    expect(stored).toEqual({
      record: later(fullRecord),
      basis: { isStored: true, version: 8 },
      damaged: [],
    });
  });

  it.each([versioned(8), versioned(undefined), versioned(1)])(
    'is somebody else’s where one has come: %j',
    async (found) => {
      const { stored, writes } = await swapOnce([null, found]);
      expect(stored).toBeNull();
      expect(writes).toHaveLength(1);
    },
  );

  it('is ours where it has come with our mark', async () => {
    const { stored, writes } = await swapOnce([null, { _id: 'wxa', version: 8, writer: 'writer-1' }]);
    expect(stored?.record.version).toBe(8);
    expect(writes).toHaveLength(1);
  });
});

describe('a version that is stored', () => {
  it.each([7, undefined, null, '7', [7], { at: 7 }, Number.NaN])(
    'is replaced once more while it is the same, damaged or not: %j',
    async (version) => {
      const copy = structuredClone(version);
      const { stored, writes } = await swapOnce([versioned(version), versioned(copy)], ENTRY);
      expect(stored?.record.version).toBe(8);
      expect(writes).toHaveLength(2);
      expect(writes[1]).toMatchObject(['replace', 'wxa', version, { version: 8 }, ENTRY]);
    },
  );

  it.each<[unknown, unknown]>([
    [7, 8],
    [7, '7'],
    [7, undefined],
    [undefined, null],
    [{ at: 7 }, { at: 8 }],
    ['7', '8'],
  ])('is left alone once it is another: %j, then %j', async (version, other) => {
    const { stored, writes } = await swapOnce([versioned(version), versioned(other)]);
    expect(stored).toBeNull();
    expect(writes).toHaveLength(1);
  });

  it('is left alone once it is gone', async () => {
    const { stored, writes } = await swapOnce([versioned(7), null]);
    expect(stored).toBeNull();
    expect(writes).toHaveLength(1);
  });
});
