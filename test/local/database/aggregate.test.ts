/** Aggregations: the stages of MongoDB, the bounds of CloudBase, and the places where the engine was put right. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCloudClock } from '../../../scripts/local/clock.ts';
import { openDatabase, type Collection, type Document } from '../../../scripts/local/database/open.ts';

const database = openDatabase({ folder: undefined, clock: createCloudClock() });
let many: Collection;
let orders: Collection;

beforeAll(async () => {
  for (const name of ['many', 'orders', 'goods']) database.createCollection(name);
  many = database.collection('many');
  orders = database.collection('orders');
  await many.insert(Array.from({ length: 30 }, (_, i) => ({ _id: i, parity: i % 2 })));
  await orders.insert([
    { _id: 'o1', good: 'tea', n: 2 },
    { _id: 'o2', good: 'cup', n: 1 },
    { _id: 'o3', good: 'tea', n: 5 },
  ]);
  await database.collection('goods').insert([{ _id: 'tea', price: 3 }]);
});
afterAll(() => database.close());

it.each<[stages: Document[], result: Document[]]>([
  [[{ $match: { good: 'tea' } }, { $group: { _id: '$good', n: { $sum: '$n' } } }], [{ _id: 'tea', n: 7 }]],
  [
    [
      { $match: { _id: 'o1' } },
      { $lookup: { from: 'goods', localField: 'good', foreignField: '_id', as: 'goods' } },
    ],
    [{ _id: 'o1', good: 'tea', n: 2, goods: [{ _id: 'tea', price: 3 }] }],
  ],
  [
    [
      { $match: { _id: 'o1' } },
      { $lookup: { from: 'nobody', localField: 'good', foreignField: '_id', as: 'goods' } },
    ],
    [{ _id: 'o1', good: 'tea', n: 2, goods: [] }],
  ],
  [[{ $sort: { n: -1 } }, { $project: { _id: 1 } }, { $limit: 1 }], [{ _id: 'o3' }]],
])('%j', (stages, result) => {
  expect(orders.aggregate(stages)).toEqual(result);
});

describe('as many documents', () => {
  it('as CloudBase gives where no stage says how many', () => {
    expect(many.aggregate([{ $match: {} }])).toHaveLength(20);
  });

  it('as a $limit says, wherever it stands', () => {
    expect(many.aggregate([{ $limit: 25 }, { $project: { _id: 1 } }])).toHaveLength(25);
  });
});

it.each(['$out', '$merge', '$nope', '$indexStats'])('the stage %s is refused by name', (stage) => {
  expect(() => orders.aggregate([{ [stage]: {} }])).toThrow(`Unrecognized pipeline stage name: '${stage}'`);
});

it('code in a stage is refused', () => {
  expect(() => orders.aggregate([{ $match: { $where: 'true' } }])).toThrow(/\$where/);
  const body = { $function: { body: 'function(){return 1}', args: [], lang: 'js' } };
  expect(() => orders.aggregate([{ $project: { x: body } }])).toThrow(/\$function/);
});

it.each<[expression: unknown, value: unknown]>([
  [{ $week: new Date('2019-05-14') }, 19],
  [{ $week: new Date('2017-01-01') }, 1],
  [{ $week: new Date('2021-01-01') }, 0],
  [{ $isoWeekYear: new Date('2021-01-01') }, 2020],
  [{ $isoWeekYear: new Date('2024-12-30') }, 2025],
  [{ $dateToString: { date: new Date('2021-01-01'), format: '%G-%V %U %Y' } }, '2020-53 00 2021'],
  [{ $dateToString: { date: null, format: '%U', onNull: 'none' } }, 'none'],
  [{ $indexOfCP: ['中文a', 'a'] }, 2],
  [{ $indexOfBytes: ['中文a', 'a'] }, 6],
  [{ $indexOfCP: ['abcabc', 'c', 3] }, 5],
  [{ $indexOfCP: ['abc', 'c', 0, 2] }, -1],
  [{ $indexOfCP: [null, 'c'] }, null],
  [{ $substr: ['1999/12/12', 8, -1] }, '12'],
  [{ $substrBytes: ['abc', 1, 100] }, 'bc'],
  [{ $substrBytes: ['中文', 3, 3] }, '文'],
])('%j is %j', (expression, value) => {
  const [first] = orders.aggregate([{ $limit: 1 }, { $project: { _id: 0, value: expression } }]);
  expect(first).toEqual({ value });
});

it('a byte inside a character is no place to cut', () => {
  expect(() => orders.aggregate([{ $project: { x: { $substrBytes: ['中', 1, 1] } } }])).toThrow(/UTF-8/);
});
