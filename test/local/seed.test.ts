/** `--seed`: JSON files that fill collections, once, and what is wrong with them in one line. */

import { expect, it } from 'vitest';
import { createCloudClock } from '../../scripts/local/clock.ts';
import { openDatabase } from '../../scripts/local/database/open.ts';
import { fillCollections, readSeed } from '../../scripts/local/seed.ts';
import { folderOf } from './folder.ts';

it('fills the collections that are empty, from an array or from the lines that the console exports', async () => {
  const folder = folderOf({
    'goods.json': '[{ "_id": "tea", "price": 3 }]',
    'orders.json': '{ "_id": "a", "at": { "$date": "2026-01-02T03:04:05Z" } }\n\n{ "_id": "b" }\n',
    '_rules.json': { goods: 'ADMINWRITE', drafts: 'READONLY' },
    'notes.txt': 'no collection',
  });
  const seed = readSeed(folder, ['ours']);
  expect([...seed.rules]).toEqual([
    ['goods', 'ADMINWRITE'],
    ['drafts', 'READONLY'],
  ]);
  const database = openDatabase({ folder: undefined, clock: createCloudClock() });
  await fillCollections(database, seed);
  const find = (name: string) => database.collection(name).find({ query: {}, order: { _id: 1 } });
  expect(find('goods')).toEqual([{ _id: 'tea', price: 3 }]);
  expect(find('orders')).toEqual([{ _id: 'a', at: new Date('2026-01-02T03:04:05Z') }, { _id: 'b' }]);
  expect(find('drafts')).toEqual([]);
  await database.collection('goods').insert([{ _id: 'cup' }]);
  await database.collection('goods').remove({ _id: 'tea' }, false);
  await fillCollections(database, seed);
  expect(find('goods')).toEqual([{ _id: 'cup' }]);
  await database.close();
});

it.each<[what: string, files: Record<string, string>, reason: RegExp]>([
  ['no collection', { 'a.txt': '' }, /holds no <collection>\.json/],
  ['a collection of ours', { 'ours.json': '[]' }, /ours is a collection of ours/],
  [
    'a rule for one of ours',
    { 'a.json': '[]', '_rules.json': '{"ours":"PRIVATE"}' },
    /ours is a collection of ours/,
  ],
  ['no JSON', { 'a.json': '{"x":1}\n{' }, /a\.json is neither .* \(line 2\)$/],
  ['numbers', { 'a.json': '[1, 2]' }, /a\.json is neither/],
  [
    'an unknown rule',
    { 'a.json': '[]', '_rules.json': '{"a":"OPEN"}' },
    /_rules\.json must give .*ADMINONLY/,
  ],
])('refuses a folder with %s', (_what, files, reason) => {
  expect(() => readSeed(folderOf(files), ['ours'])).toThrow(reason);
});

it('refuses a folder that is not there', () => {
  expect(() => readSeed('/no/such', [])).toThrow('--seed: there is no folder /no/such');
});
