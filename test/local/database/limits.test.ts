/** How much one document and all of them together may hold. */

import { expect, it, onTestFinished } from 'vitest';
import { createCloudClock } from '../../../scripts/local/clock.ts';
import { openDatabase, type Collection } from '../../../scripts/local/database/open.ts';

const MB = 1024 * 1024;

function open(maxBytes?: number): Collection {
  const database = openDatabase({
    folder: undefined,
    clock: createCloudClock(),
    ...(maxBytes && { maxBytes }),
  });
  onTestFinished(() => database.close());
  database.createCollection('c');
  return database.collection('c');
}

it('takes a document of 16 MB and refuses a larger one, inserted or grown', async () => {
  const documents = open();
  const filled = (bytes: number): object => ({ _id: 'a', text: 'x'.repeat(bytes) });
  // `_id`, the names and the lengths take 32 bytes.
  await documents.insert([filled(16 * MB - 100)] as never);
  await expect(documents.insert([{ _id: 'b', text: 'x'.repeat(16 * MB) }])).rejects.toMatchObject({
    code: 'DATABASE_REQUEST_FAILED',
    message: expect.stringContaining('too large') as string,
  });
  const grow = { query: { _id: 'a' }, update: { $set: { more: 'x'.repeat(1_000) } } };
  await expect(documents.update(grow)).rejects.toMatchObject({
    code: 'DATABASE_REQUEST_FAILED',
    message: expect.stringContaining('too large') as string,
  });
  expect(documents.count({})).toBe(1);
  expect(documents.find({ query: { more: { $exists: true } } })).toEqual([]);
});

it('refuses what would not fit any more, keeps what it has, and takes it after something was removed', async () => {
  const documents = open(4 * MB);
  const insert = (id: number): Promise<unknown> => documents.insert([{ _id: id, text: 'x'.repeat(MB) }]);
  for (let id = 0; id < 3; id += 1) await insert(id);
  await expect(insert(3)).rejects.toMatchObject({
    code: 'DATABASE_REQUEST_FAILED',
    message: expect.stringContaining('limit of 4194304 bytes') as string,
  });
  expect(documents.count({})).toBe(3);
  await documents.remove({ _id: 0 }, false);
  await insert(4);
  expect(documents.count({})).toBe(3);
});
