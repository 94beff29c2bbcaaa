/** Geographic queries: near a point, inside and across a shape. */

import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCloudClock } from '../../../scripts/local/clock.ts';
import { openDatabase, type Collection, type Document } from '../../../scripts/local/database/open.ts';

const database = openDatabase({ folder: undefined, clock: createCloudClock() });
let places: Collection;

const point = (longitude: number, latitude: number) => ({
  type: 'Point',
  coordinates: [longitude, latitude],
});
const GUANGZHOU = point(113.3089506, 23.0968251);
const SQUARE = {
  type: 'Polygon',
  coordinates: [
    [
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
      [-1, -1],
    ],
  ],
};

beforeAll(async () => {
  database.createCollection('places');
  places = database.collection('places');
  await places.insert([
    { _id: 'far', at: point(113.4, 23.2) },
    { _id: 'near', at: point(113.31, 23.1) },
    { _id: 'zero', at: point(0, 0) },
    {
      _id: 'line',
      at: {
        type: 'LineString',
        coordinates: [
          [0, 0],
          [5, 5],
        ],
      },
    },
    { _id: 'none' },
    { _id: 'text', at: 'here' },
  ]);
});
afterAll(() => database.close());

it.each<[condition: Document, found: string[]]>([
  [{ $nearSphere: { $geometry: GUANGZHOU, $maxDistance: 50_000 } }, ['near', 'far']],
  [{ $nearSphere: { $geometry: GUANGZHOU, $maxDistance: 1000 } }, ['near']],
  [{ $nearSphere: { $geometry: GUANGZHOU, $minDistance: 1000, $maxDistance: 50_000 } }, ['far']],
  [{ $geoWithin: { $geometry: SQUARE } }, ['zero']],
  [{ $geoWithin: { $centerSphere: [[113.31, 23.1], 1 / 6378.1] } }, ['near']],
  [{ $geoIntersects: { $geometry: SQUARE } }, ['zero', 'line']],
  [{ $geoIntersects: { $geometry: point(0, 0) } }, ['zero', 'line']],
])('%j finds %j', (condition, found) => {
  expect(places.find({ query: { at: condition } }).map(({ _id }) => _id)).toEqual(found);
});

it.each<[condition: Document, reason: RegExp]>([
  [{ $nearSphere: { $geometry: { type: 'Point' } } }, /\$geometry/],
  [{ $nearSphere: { $geometry: SQUARE } }, /Point/],
  [{ $geoWithin: { $geometry: point(0, 0) } }, /\$geoWithin not supported/],
  [{ $geoWithin: { $centerSphere: [[-288, 30], 0.1] } }, /out of bounds/],
  [{ $geoWithin: { $centerSphere: [[0, 0], '10'] } }, /radius/],
])('%j fails in words', (condition, reason) => {
  expect(() => places.find({ query: { at: condition } })).toThrow(reason);
});

it('an aggregation measures the distance as MongoDB does', () => {
  const near = {
    near: GUANGZHOU,
    distanceField: 'metres',
    key: 'at',
    query: { _id: { $in: ['far', 'near'] } },
  };
  const found = places.aggregate([{ $geoNear: { ...near, includeLocs: 'place' } }, { $limit: 1 }]);
  expect(found).toEqual([
    { _id: 'near', at: point(113.31, 23.1), place: point(113.31, 23.1), metres: expect.closeTo(369.2, 0) },
  ]);
});
