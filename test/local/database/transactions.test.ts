/** Transactions: what they see, what they lock, and how they end. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCloudClock, type CloudClock } from '../../../scripts/local/clock.ts';
import { openDatabase, type Collection, type Database } from '../../../scripts/local/database/open.ts';

let clock: CloudClock;
let database: Database;
let collection: Collection;

beforeEach(async () => {
  clock = createCloudClock();
  clock.freeze();
  database = openDatabase({ folder: undefined, clock });
  database.createCollection('c');
  collection = database.collection('c');
  await collection.insert([{ _id: 'a', n: 0 }, { _id: 'b' }]);
});
afterEach(() => database.close());

const CONFLICT = { code: 'DATABASE_TRANSACTION_CONFLICT' };
const GONE = { code: 'DATABASE_TRANSACTION_FAIL' };

describe('inside a transaction', () => {
  it('own writes are seen, and by nobody else before the commit', async () => {
    const transaction = database.startTransaction();
    await set('a', 1, transaction);
    await collection.insert([{ _id: 'new' }], transaction);
    await collection.remove({ _id: 'b' }, false, transaction);
    expect(collection.find({ query: {} }, transaction)).toEqual([{ _id: 'a', n: 1 }, { _id: 'new' }]);
    expect(collection.find({ query: {} })).toEqual([{ _id: 'a', n: 0 }, { _id: 'b' }]);
    database.commitTransaction(transaction);
    expect(collection.find({ query: {} })).toEqual([{ _id: 'a', n: 1 }, { _id: 'new' }]);
  });

  it('everything stays as it was at the first operation', async () => {
    const transaction = database.startTransaction();
    collection.count({}, transaction);
    await set('a', 5);
    await collection.insert([{ _id: 'new' }]);
    await collection.remove({ _id: 'b' }, false);
    expect(collection.find({ query: {} }, transaction).map(({ _id, n }) => [_id, n])).toEqual([
      ['a', 0],
      ['b', undefined],
    ]);
  });

  it('what others wrote before the first operation is seen and may be changed', async () => {
    const transaction = database.startTransaction();
    await set('a', 5);
    expect(collection.find({ query: { _id: 'a' } }, transaction)).toEqual([{ _id: 'a', n: 5 }]);
    await set('a', 6, transaction);
    database.commitTransaction(transaction);
    expect(value('a')).toBe(6);
  });

  it('a write to what others changed since the first operation is a conflict', async () => {
    const transaction = database.startTransaction();
    collection.count({}, transaction);
    await set('a', 5);
    await expect(set('a', 6, transaction)).rejects.toMatchObject(CONFLICT);
    expect(value('a')).toBe(5);
  });

  it('a write to what another transaction holds is a conflict at once, and the end', async () => {
    const [first, second] = [database.startTransaction(), database.startTransaction()];
    await set('a', 1, first);
    await set('b', 2, second);
    await expect(set('a', 2, second)).rejects.toMatchObject(CONFLICT);
    await expect(set('b', 3, second)).rejects.toMatchObject(GONE);
    expect(() => database.abortTransaction(second)).not.toThrow();
    // Its lock on b is gone with it.
    await set('b', 4, first);
    database.commitTransaction(first);
    expect([value('a'), value('b')]).toEqual([1, 4]);
  });

  it('an error ends the transaction', async () => {
    const transaction = database.startTransaction();
    await set('b', 1, transaction);
    await expect(collection.insert([{ _id: 'a' }], transaction)).rejects.toThrow(/E11000/);
    expect(() => database.commitTransaction(transaction)).toThrow(/TransactionNotExist/);
    expect(value('b')).toBeUndefined();
  });

  it('nothing is left after an abort', async () => {
    const transaction = database.startTransaction();
    await set('a', 1, transaction);
    database.abortTransaction(transaction);
    expect(value('a')).toBe(0);
    expect(() => database.abortTransaction(transaction)).toThrow(/TransactionNotExist/);
  });
});

describe('a write outside', () => {
  it('waits for the commit and then applies to what was committed', async () => {
    const transaction = database.startTransaction();
    await set('a', 1, transaction);
    const waiting = collection.update({ query: { _id: 'a', n: 0 }, update: { $set: { n: 9 } } });
    expect(await Promise.race([waiting, pause(80)])).toBe('still waiting');
    database.commitTransaction(transaction);
    expect(await waiting).toMatchObject({ matched: 0 });
    expect(value('a')).toBe(1);
  });

  it('goes on when the transaction is aborted', async () => {
    const transaction = database.startTransaction();
    await set('a', 1, transaction);
    const waiting = set('a', 9);
    database.abortTransaction(transaction);
    await expect(waiting).resolves.toMatchObject({ modified: 1 });
    expect(value('a')).toBe(9);
  });

  it('waits no longer than the 30 s that a transaction lives', async () => {
    const transaction = database.startTransaction();
    await set('a', 1, transaction);
    const waiting = set('a', 9);
    clock.advance(29_999);
    expect(await Promise.race([waiting, pause(80)])).toBe('still waiting');
    clock.advance(1);
    await expect(waiting).resolves.toMatchObject({ modified: 1 });
    expect(() => database.commitTransaction(transaction)).toThrow(/must be commit or abort in 30 seconds/);
  });

  it('does not wait for other documents', async () => {
    const transaction = database.startTransaction();
    await set('a', 1, transaction);
    expect(await Promise.race([set('b', 2), pause(1000)])).toMatchObject({ modified: 1 });
  });

  it('waits for an uncommitted insert of its _id', async () => {
    const transaction = database.startTransaction();
    await collection.insert([{ _id: 'new', by: 'transaction' }], transaction);
    const waiting = collection.insert([{ _id: 'new', by: 'other' }]).catch((error: Error) => error.message);
    database.commitTransaction(transaction);
    expect(await waiting).toMatch(/E11000/);
  });
});

function set(id: string, n: number, transaction?: string) {
  return collection.update({ query: { _id: id }, update: { $set: { n } } }, transaction);
}

function value(id: string): unknown {
  return collection.find({ query: { _id: id } })[0]?.['n'];
}

function pause(ms: number): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve('still waiting'), ms));
}
