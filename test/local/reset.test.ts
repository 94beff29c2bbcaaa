/** What a start forgets: troubles of our documents, and nothing of anybody else's. */

import { expect, it } from 'vitest';
import { inClear } from '../../functions/_shared/store/sealed.ts';
import { COLLECTION, toDocument } from '../../functions/_shared/store/document.ts';
import { emptyRecord } from '../../functions/_shared/token/record.ts';
import { createCloudClock } from '../../scripts/local/clock.ts';
import { openDatabase } from '../../scripts/local/database/open.ts';
import { forgetTroubles } from '../../scripts/local/reset.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 4, 0, 0);

it('forgets the troubles of our documents, removes ours of the future, and leaves what is not ours as it is', async () => {
  const ours = (appid: string, refusedAtMs: number) => ({
    _id: appid,
    ...toDocument({ ...emptyRecord, learnedLimit: 9, refusedAtMs: [refusedAtMs] }, 'w', appid, inClear),
  });
  const foreign = [
    { _id: 'note', text: 'not ours' },
    { _id: 'wxNote', token: { mintedAtMs: NOW_MS * 2 }, refusedAtMs: [NOW_MS * 2] },
  ];
  const database = openDatabase({ folder: undefined, clock: createCloudClock() });
  database.createCollection(COLLECTION);
  const collection = database.collection(COLLECTION);
  await collection.insert([ours('wxA', NOW_MS), ours('wxB', NOW_MS + 3_600_000), ...foreign]);
  await forgetTroubles(database, NOW_MS);
  const left = collection.find({ query: {}, order: { _id: 1 } });
  expect(left.slice(0, 1)).toEqual([foreign[0]]);
  expect(left.slice(1)).toMatchObject([{ _id: 'wxA', refusedAtMs: [], learnedLimit: null }, foreign[1]!]);
  expect(Object.keys(left.at(-1)!)).toHaveLength(3);
  await database.close();
});
