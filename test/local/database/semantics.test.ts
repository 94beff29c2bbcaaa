/** Queries and updates mean what they mean in MongoDB, also where the engine underneath differs. */

import { ObjectId } from 'bson';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createCloudClock } from '../../../scripts/local/clock.ts';
import { parseEjson } from '../../../scripts/local/database/document.ts';
import { openDatabase, type Collection, type Document } from '../../../scripts/local/database/open.ts';

const ID = new ObjectId('5e1f0a0b1c2d3e4f50617283');
const OTHER_ID = new ObjectId('5e1f0a0b1c2d3e4f50617284');

const clock = createCloudClock();
const database = openDatabase({ folder: undefined, clock });
let collection: Collection;
let next = 0;

beforeEach(() => {
  const name = `c${(next += 1)}`;
  database.createCollection(name);
  collection = database.collection(name);
});
afterAll(() => database.close());

describe('a regular expression', () => {
  it.each(['$regularExpression', String.raw`\u0024regularExpression`, String.raw`$\u0072egularExpression`])(
    'is read from extended JSON under the key %s',
    (key) => {
      const text = `{"a":{"${key}":{"pattern":"^x","options":"i"}}}`;
      expect(parseEjson(text)).toEqual({ a: /^x/i });
    },
  );
});

describe('a condition', () => {
  it.each<[condition: Document, hits: Document[], misses: Document[]]>([
    [{ a: { $exists: false } }, [{}], [{ a: null }, { a: 1 }]],
    [{ a: { $eq: null } }, [{}, { a: null }], [{ a: 0 }, { a: '' }]],
    [{ 'a.b': null }, [{}, { a: null }, { a: {} }, { a: 5 }], [{ a: { b: 1 } }]],
    [{ a: { $ne: null } }, [{ a: 0 }], [{}, { a: null }]],
    [{ a: Number.NaN }, [{ a: Number.NaN }], [{ a: 1 }, { a: null }, {}]],
    [{ a: { $ne: Number.NaN } }, [{ a: 1 }, {}], [{ a: Number.NaN }]],
    [
      { a: { $lt: 5 } },
      [{ a: 4 }],
      [{ a: Number.NaN }, { a: null }, {}, { a: '1' }, { a: true }, { a: new Date(0) }],
    ],
    [{ a: { $gte: null } }, [{ a: null }, {}], [{ a: 0 }]],
    [{ a: { $lte: null } }, [{ a: null }, {}], [{ a: -1 }]],
    [{ a: { $eq: { x: 1, y: 2 } } }, [{ a: { x: 1, y: 2 } }], [{ a: { y: 2, x: 1 } }, { a: { x: 1 } }, {}]],
    [{ a: { x: 1 } }, [{ a: { x: 1 } }, { a: [{ x: 1 }] }], [{ a: { x: 1, y: 1 } }]],
    [{ a: { $eq: {} } }, [{ a: {} }], [{ a: { x: 1 } }, {}]],
    [{ a: { $ne: { x: 1, y: 2 } } }, [{ a: { y: 2, x: 1 } }, {}], [{ a: { x: 1, y: 2 } }]],
    [{ a: { $in: [{ x: 1, y: 2 }, 3] } }, [{ a: 3 }, { a: { x: 1, y: 2 } }], [{ a: { y: 2, x: 1 } }, {}]],
    [{ a: { $nin: [{ x: 1 }] } }, [{ a: 3 }, {}], [{ a: { x: 1 } }]],
    [{ a: { $eq: [1, 2] } }, [{ a: [1, 2] }, { a: [[1, 2]] }], [{ a: [2, 1] }, { a: 1 }]],
    [{ a: 1 }, [{ a: 1 }, { a: [1, 2] }], [{ a: '1' }, { a: true }]],
    [{ a: new Date(5) }, [{ a: new Date(5) }], [{ a: 5 }, { a: new Date(6) }]],
    [
      { a: { $elemMatch: { v: { $gt: 0 } } } },
      [{ a: [{ v: 1 }, { v: 0 }] }, { a: [3, { v: 1 }] }],
      [{ a: [7] }, { a: ['x'] }, { a: [{ v: 0 }] }, { a: { v: 1 } }, { a: 7 }],
    ],
    [
      { a: { $elemMatch: { v: { $exists: true } } } },
      [{ a: [{ v: 1 }] }],
      [{ a: [7, 'x', null] }, { a: [] }],
    ],
    [{ a: { $elemMatch: { v: { $mod: [4, 3] } } } }, [{ a: [{ v: 7 }] }], [{ a: [7] }]],
    [{ a: { $elemMatch: { $or: [{ v: 1 }, { v: 2 }] } } }, [{ a: [{ v: 2 }] }], [{ a: [2] }]],
    [{ a: { $elemMatch: { $gt: 2 } } }, [{ a: [3] }], [{ a: [2] }, { a: 3 }, { a: [{ v: 3 }] }]],
    [{ a: { $not: { $elemMatch: { v: 7 } } } }, [{ a: [7] }, {}], [{ a: [{ v: 7 }] }]],
    [
      { a: { $all: [{ $elemMatch: { v: 1 } }, { $elemMatch: { v: 2 } }] } },
      [{ a: [{ v: 1 }, { v: 2 }] }],
      [{ a: [1, 2] }, { a: [{ v: 1 }] }],
    ],
    [{ a: { $all: [1, 2] } }, [{ a: [2, 1] }], [{ a: [1] }, { a: [] }]],
    [{ a: ID }, [{ a: ID }, { a: [ID] }], [{ a: ID.toHexString() }, { a: OTHER_ID }]],
    [{ a: { $in: [ID] } }, [{ a: ID }], [{ a: OTHER_ID }, {}]],
    [
      { $jsonSchema: { required: ['a'], properties: { a: { bsonType: 'string', maxLength: 2 } } } },
      [{ a: 'xy' }],
      [{ a: 1 }, { a: 'xyz' }, {}],
    ],
    [{ $and: [{ $or: [{ a: 1 }, { a: 2 }] }, { b: 3 }] }, [{ a: 2, b: 3 }], [{ a: 2 }, { b: 3 }]],
    [{ $or: [{ a: 1 }, { a: 2 }, { b: 3 }] }, [{ a: 9, b: 3 }, { a: 1 }], [{ a: 9 }]],
  ])('%j is met by %j and not by %j', async (condition, hits, misses) => {
    const ids = (documents: Document[], mark: string) =>
      documents.map((document, i) => ({ _id: `${mark}${i}`, ...document }));
    await collection.insert([...ids(misses, 'miss'), ...ids(hits, 'hit')]);
    const found = collection.find({ query: condition }).map(({ _id }) => _id);
    expect(found).toEqual(hits.map((_, i) => `hit${i}`));
  });

  it('with an unknown operator fails', () => {
    expect(() => collection.find({ query: { a: { $foo: 1 } } })).toThrow(/\$foo/);
  });

  it('that runs code is refused', async () => {
    await collection.insert([{ a: 1 }]);
    expect(() => collection.find({ query: { $where: 'true' } })).toThrow(/\$where/);
  });
});

describe('documents', () => {
  it('come in the order of insertion unless sorted', async () => {
    await collection.insert([{ _id: 'c' }, { _id: 7 }, { _id: 'a' }, { _id: 'b' }]);
    await collection.update({ query: { _id: 'c' }, update: { $set: { x: 1 } } });
    expect(collection.find({ query: {} }).map(({ _id }) => _id)).toEqual(['c', 7, 'a', 'b']);
  });

  it('keep every type', async () => {
    const document = {
      _id: 'x',
      int: 1,
      long: 2 ** 40,
      double: 1.5,
      nan: Number.NaN,
      infinite: -Infinity,
      at: new Date(5),
      pattern: /x/i,
      id: ID,
      empty: {},
      list: [null, [1], { a: 'ü' }],
      no: null,
    };
    await collection.insert([document]);
    expect(collection.find({ query: {} })).toEqual([document]);
  });

  it('with a string and with a number as _id are two', async () => {
    await collection.insert([{ _id: '1' }, { _id: 1 }]);
    expect(collection.find({ query: { _id: 1 } })).toEqual([{ _id: 1 }]);
  });

  it('with an ObjectId as _id are found, changed and removed by it, and not by its digits', async () => {
    await collection.insert([{ _id: ID, n: 1 }, { _id: ID.toHexString() }]);
    await expect(collection.insert([{ _id: ID }])).rejects.toThrow(
      /E11000.*ObjectId\('5e1f0a0b1c2d3e4f50617283'\)/,
    );
    await collection.update({ query: { _id: ID }, update: { $inc: { n: 1 } } });
    expect(collection.find({ query: { _id: ID } })).toEqual([{ _id: ID, n: 2 }]);
    await expect(collection.remove({ _id: ID }, false)).resolves.toBe(1);
    expect(collection.find({ query: {} })).toEqual([{ _id: ID.toHexString() }]);
  });

  it.each<[where: string, document: Document]>([
    ['at the top', { $x: 1 }],
    ['below', { a: { $x: 1 } }],
    ['in a list', { a: [{ $x: 1 }] }],
  ])('with a key that starts with a dollar %s are refused', async (_where, document) => {
    const refused = {
      code: 'DATABASE_REQUEST_FAILED',
      message: expect.stringContaining("prefixed field '$x'"),
    };
    await expect(collection.insert([document])).rejects.toMatchObject(refused);
    await collection.insert([{ _id: 'x' }]);
    const set = { query: { _id: 'x' }, update: { $set: { value: document } } };
    await expect(collection.update(set)).rejects.toMatchObject(refused);
    const replace = { query: { _id: 'x' }, update: document, replace: true };
    await expect(collection.update(replace)).rejects.toMatchObject(refused);
    expect(collection.find({ query: {} })).toEqual([{ _id: 'x' }]);
  });

  it('over 16 MB are refused in words', async () => {
    const huge = { text: 'x'.repeat(17 * 1024 * 1024) };
    await expect(collection.insert([huge])).rejects.toMatchObject({
      code: 'DATABASE_REQUEST_FAILED',
      message: expect.stringContaining('too large'),
    });
    await collection.insert([{ text: 'x'.repeat(15 * 1024 * 1024) }]);
  });

  it.each<[kind: string, id: unknown]>([
    ['a boolean', true],
    ['1025 bytes', 'x'.repeat(1025)],
  ])('cannot be inserted under %s', async (_kind, _id) => {
    await expect(collection.insert([{ _id }])).rejects.toMatchObject({ code: 'DATABASE_REQUEST_FAILED' });
  });

  it('are inserted all or, when an _id is taken, none', async () => {
    await collection.insert([{ _id: 'a' }]);
    await expect(collection.insert([{ _id: 'b' }, { _id: 'a' }])).rejects.toThrow(/E11000/);
    expect(collection.count({})).toBe(1);
  });

  it('are dated by the cloud clock, in data, updates and queries', async () => {
    const frozen = createCloudClock();
    frozen.freeze(Date.UTC(2030, 0, 1));
    const moved = openDatabase({ folder: undefined, clock: frozen });
    moved.createCollection('c');
    const c = moved.collection('c');
    const serverDate = (offset: number) => ({ $tcb_server_date: { offset } });
    await c.insert([{ _id: 'x', at: serverDate(0), list: [{ at: serverDate(-1000) }] }]);
    await c.update({ query: { _id: 'x' }, update: { $set: { later: serverDate(60_000) } } });
    expect(c.find({ query: {} })).toEqual([
      {
        _id: 'x',
        at: new Date('2030-01-01T00:00:00.000Z'),
        list: [{ at: new Date('2029-12-31T23:59:59.000Z') }],
        later: new Date('2030-01-01T00:01:00.000Z'),
      },
    ]);
    expect(c.count({ at: { $lt: serverDate(0) } })).toBe(0);
    frozen.advance(1);
    expect(c.count({ at: { $lt: serverDate(0) } })).toBe(1);
    await moved.close();
  });
});

describe('an update', () => {
  it.each<[before: Document, update: Document, after: Document]>([
    [{}, { $set: { 'a.b.c': 1 } }, { a: { b: { c: 1 } } }],
    [{ a: [1] }, { $set: { 'a.2': 3 } }, { a: [1, null, 3] }],
    [{ a: 1 }, { $inc: { a: 2, b: 1 } }, { a: 3, b: 1 }],
    [{ a: 3 }, { $mul: { a: 2, b: 2 } }, { a: 6, b: 0 }],
    [
      { a: 3, b: 3 },
      { $min: { a: 1 }, $max: { b: 9 } },
      { a: 1, b: 9 },
    ],
    [{ a: { b: 1, c: 2 } }, { $unset: { 'a.b': '' } }, { a: { c: 2 } }],
    [{ a: { b: 1 } }, { $rename: { 'a.b': 'c.d' } }, { a: {}, c: { d: 1 } }],
    [{ a: [1] }, { $push: { a: { $each: [3, 2], $sort: 1, $slice: -2 } } }, { a: [2, 3] }],
    [{ a: [1] }, { $push: { a: { $each: [0], $position: 0 }, b: 'new' } }, { a: [0, 1], b: ['new'] }],
    [{ a: [1] }, { $addToSet: { a: { $each: [1, 2] } } }, { a: [1, 2] }],
    [{ a: [1, 2, 3] }, { $pull: { a: { $gte: 2 } } }, { a: [1] }],
    [{ a: [7, { v: 7 }, { v: 1 }] }, { $pull: { a: { v: 7 } } }, { a: [7, { v: 1 }] }],
    [{ a: [1, 2, 3], b: [1, 2] }, { $pop: { a: 1, b: -1 } }, { a: [1, 2], b: [2] }],
  ])('of %j with %j makes %j', async (before, update, after) => {
    await collection.insert([{ _id: 'x', ...before }]);
    const counts = await collection.update({ query: { _id: 'x' }, update });
    expect(counts).toEqual({ matched: 1, modified: 1, upsertedId: undefined });
    expect(collection.find({ query: {} })).toEqual([{ _id: 'x', ...after }]);
  });

  it.each<[before: Document, update: Document]>([
    [{ a: { x: 1 }, n: Number.NaN }, { $set: { a: { x: 1 }, n: Number.NaN } }],
    [{ at: new Date(5) }, { $set: { at: new Date(5) } }],
    [
      { a: 1, c: 1 },
      { $inc: { a: 0 }, $max: { c: 1 }, $unset: { b: '' } },
    ],
    [{ a: [1] }, { $addToSet: { a: 1 }, $pull: { b: 1 } }],
    [{ a: null }, { $unset: { 'a.b': '' } }],
    [{}, {}],
  ])('of %j with %j matches and modifies nothing', async (before, update) => {
    await collection.insert([{ _id: 'x', ...before }]);
    const counts = await collection.update({ query: { _id: 'x' }, update });
    expect(counts).toEqual({ matched: 1, modified: 0, upsertedId: undefined });
    expect(collection.find({ query: {} })).toEqual([{ _id: 'x', ...before }]);
  });

  it.each<[before: Document, update: Document, reason: string]>([
    [{ claim: null }, { $set: { 'claim.by': 'A' } }, "Cannot create field 'by' in element {claim: null}"],
    [
      { claim: { at: null } },
      { $set: { 'claim.at.x.y': 1 } },
      "Cannot create field 'x' in element {at: null}",
    ],
    [{ claim: 'text' }, { $set: { 'claim.by': 'A' } }, `Cannot create field 'by' in element {claim: "text"}`],
    [{ claim: [1] }, { $set: { 'claim.by': 'A' } }, "Cannot create field 'by' in element {claim: [ 1 ]}"],
    [{ claim: null }, { $inc: { 'claim.n': 1 } }, "Cannot create field 'n' in element {claim: null}"],
    [
      { claim: null, a: 1 },
      { $rename: { a: 'claim.a' } },
      "Cannot create field 'a' in element {claim: null}",
    ],
    [
      { a: null },
      { $inc: { a: 1 } },
      `Cannot apply $inc to a value of non-numeric type. {_id: "x"} has the field 'a' of non-numeric type null`,
    ],
    [{ a: 'x' }, { $mul: { a: 1 } }, 'Cannot apply $mul to a value of non-numeric type'],
    [{ a: null }, { $push: { a: 1 } }, "The field 'a' must be an array but is of type null in document"],
    [
      { a: 5 },
      { $addToSet: { a: 1 } },
      "Cannot apply $addToSet to non-array field. Field named 'a' has non-array type int",
    ],
    [{ a: 5 }, { $pull: { a: 1 } }, 'Cannot apply $pull to a non-array value'],
    [{ a: true }, { $pop: { a: 1 } }, "Path 'a' contains an element of non-array type 'bool'"],
    [{}, { $inc: { a: 'x' } }, 'non-numeric'],
    [{}, { $set: { a: 1 }, $inc: { a: 1 } }, 'conflict'],
    [
      {},
      { $set: { 'a..b': 1 } },
      "The update path 'a..b' contains an empty field name, which is not allowed.",
    ],
    [{}, { $set: { _id: 'y' } }, 'immutable'],
    [{}, { a: 1 }, 'Unknown modifier: a'],
    [{}, { $foo: { a: 1 } }, '$foo'],
  ])('of %j with %j fails as in MongoDB', async (before, update, reason) => {
    await collection.insert([{ _id: 'x', ...before }]);
    const failed = collection.update({ query: { _id: 'x' }, update });
    await expect(failed).rejects.toMatchObject({
      code: 'DATABASE_REQUEST_FAILED',
      message: expect.stringContaining(reason),
    });
    expect(collection.find({ query: {} })).toEqual([{ _id: 'x', ...before }]);
  });

  it('stops at the first match unless it is for many', async () => {
    await collection.insert([{ _id: 'a' }, { _id: 'b' }]);
    await expect(collection.update({ query: {}, update: { $set: { n: 1 } } })).resolves.toMatchObject({
      matched: 1,
    });
    const many = await collection.update({ query: {}, update: { $set: { n: 1 } }, multi: true });
    expect(many).toMatchObject({ matched: 2, modified: 1 });
  });

  it('inserts what the query and the update say, if it may', async () => {
    const update = { query: { kind: 'x', n: { $gt: 1 } }, update: { $set: { a: 1 } }, upsert: true };
    const { upsertedId } = await collection.update(update);
    expect(upsertedId).toMatch(/^[0-9a-f]{32}$/);
    expect(collection.find({ query: {} })).toEqual([{ _id: upsertedId, kind: 'x', a: 1 }]);
  });

  it('inserts no second document with an id that is taken', async () => {
    await collection.insert([{ _id: 'a', owner: 'one' }]);
    for (const replace of [true, false]) {
      const update = replace ? { n: 1 } : { $set: { n: 1 } };
      const query = { _id: 'a', owner: 'two' };
      await expect(collection.update({ query, update, upsert: true, replace })).rejects.toThrow('E11000');
    }
    expect(collection.find({ query: {} })).toEqual([{ _id: 'a', owner: 'one' }]);
  });
});

describe('a replacement', () => {
  it('leaves nothing of the content before', async () => {
    await collection.insert([{ _id: 'x', old: 1 }]);
    const counts = await collection.update({ query: { _id: 'x' }, update: { fresh: 2 }, replace: true });
    expect(counts).toMatchObject({ matched: 1, modified: 1 });
    expect(collection.find({ query: {} })).toEqual([{ _id: 'x', fresh: 2 }]);
  });

  it.each([[{ _id: 'y', a: 1 }], [{ $set: { a: 1 } }]])('by %j is refused', async (update) => {
    await collection.insert([{ _id: 'x' }]);
    const refused = collection.update({ query: { _id: 'x' }, update, replace: true });
    await expect(refused).rejects.toMatchObject({ code: 'DATABASE_REQUEST_FAILED' });
  });
});

describe('a collection that nobody created', () => {
  it('does not exist', () => {
    expect(() => database.collection('nope')).toThrow(
      '[ResourceNotFound] Db or Table not exist: nope. Please check your request, but if the problem cannot be solved, contact us.',
    );
  });
});
