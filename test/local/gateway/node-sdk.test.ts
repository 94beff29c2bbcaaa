/** The unmodified `@cloudbase/node-sdk` against the gateway: every recorded step, with the recorded result. */

import tcb from '@cloudbase/node-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OutageMode } from '../../../scripts/local/gateway/faults.ts';
import { describeError, normalize, readCaptures } from './captures.ts';
import { ENV_ID, pointSdksAt, startTestCloud, type TestCloud } from './cloud.ts';

type App = ReturnType<typeof tcb.init>;
type Db = ReturnType<App['database']>;
type Transaction = Awaited<ReturnType<Db['startTransaction']>>;

const captures = new Map(readCaptures('node-sdk-3.18.3').map((capture) => [capture.step, capture]));
let cloud: TestCloud;
let app: App;
let db: Db;

beforeAll(async () => {
  cloud = await startTestCloud();
  pointSdksAt(cloud.gateway.url);
  app = tcb.init({ env: ENV_ID });
  db = app.database();
});
afterAll(() => cloud.close());

/** Steps build on each other, as they did when they were recorded. */
const STEPS: [sentence: string, capture: string, run: () => Promise<unknown>][] = [
  [
    'an insert into a collection that nobody created fails',
    '00-add-missing-collection',
    () => tokens().add({ a: 1 }),
  ],
  ['a collection can be created', '01-createCollection', () => db.createCollection('wx_token')],
  ['a collection is created once', '02-createCollection-again', () => db.createCollection('wx_token')],
  ['a document is added under its own _id', '03-add-fixed-id', () => tokens().add(lease())],
  [
    'a second add of an _id is E11000',
    '04-add-fixed-id-again-duplicate',
    () => tokens().add({ _id: 'lease', holder: 'B' }),
  ],
  [
    'create() of an existing document is E11000',
    '05-doc-create-duplicate',
    () => (doc('lease') as unknown as { create(data: object): Promise<unknown> }).create({ holder: 'C' }),
  ],
  ['a document without _id gets one of 32 hex digits', '06-add-auto-id', () => tokens().add({ hello: 1 })],
  [
    'an array of documents is added at once',
    '07-add-array',
    () =>
      tokens().add([
        { _id: 'm1', n: 1 },
        { _id: 'm2', n: 2 },
      ]),
  ],
  ['get() answers with every type as it was stored', '08-doc-get', () => doc('lease').get()],
  ['get() of a missing document is an empty list', '09-doc-get-missing', () => doc('nope').get()],
  [
    'where() filters, sorts, limits and projects',
    '10-where-get',
    () =>
      tokens()
        .where({ n: db.command.gte(1).and(db.command.lt(2)) })
        .orderBy('n', 'desc')
        .limit(5)
        .field({ n: true })
        .get(),
  ],
  [
    'count() counts the matches',
    '11-count',
    () =>
      tokens()
        .where({ n: db.command.exists(true) })
        .count(),
  ],
  [
    'a compare-and-swap that matches updates one document',
    '12-cas-hit',
    () =>
      tokens()
        .where({ _id: 'lease', fence: 1, expiresAt: db.command.gt(0) })
        .update({
          holder: 'B',
          expiresAt: 1_795_356_931_399,
          fence: db.command.inc(1),
          renewedAt: db.serverDate(),
        }),
  ],
  [
    'a compare-and-swap on a passed version updates nothing',
    '13-cas-miss',
    () => tokens().where({ _id: 'lease', fence: 1 }).update({ holder: 'X' }),
  ],
  [
    'a compare-and-swap that writes what is there counts as no update',
    '14-cas-noop-same-value',
    () => tokens().where({ _id: 'lease', fence: 2 }).update({ holder: 'B' }),
  ],
  [
    'alternatives in a condition are tried in turn',
    '15-cas-or-expired',
    () =>
      tokens()
        .where(
          db.command.or([
            { _id: 'lease', expiresAt: db.command.lt(5) },
            { _id: 'lease', holder: 'B' },
          ]),
        )
        .update({ holder: 'D' }),
  ],
  ['one update may use many operators', '16-doc-update-operators', () => doc('lease').update(operators())],
  [
    'an update of a missing document updates nothing',
    '17-doc-update-missing',
    () => doc('nope').update({ a: 1 }),
  ],
  ['set() inserts a missing document', '18-doc-set-upsert', () => doc('tok').set({ token: 't1', v: 1 })],
  ['set() replaces the whole document', '19-doc-set-replace', () => doc('tok').set({ token: 't2' })],
  ['set() refuses an _id in the content', '20-doc-set-with-_id', () => doc('tok').set({ _id: 'x', a: 1 })],
  ['set() refuses commands', '21-doc-set-with-command', () => doc('tok').set({ a: db.command.inc(1) })],
  [
    'updateAndReturn() answers with the document after the update',
    '22-updateAndReturn',
    () =>
      tokens()
        .where({ _id: 'lease' })
        .updateAndReturn({ fence: db.command.inc(1) }),
  ],
  [
    'an update that is not multiple stops at the first match',
    '23-where-update-multi-false',
    () =>
      tokens()
        .where({ n: db.command.gt(0) })
        .options({ multiple: false })
        .update({ n: db.command.inc(10) }),
  ],
  ['a document is removed', '24-doc-remove', () => doc('m2').remove()],
  [
    'removing what nobody matches removes nothing',
    '25-where-remove',
    () =>
      tokens()
        .where({ n: db.command.gt(100) })
        .remove(),
  ],
  [
    'a transaction reads, updates, sets, adds, removes and commits',
    '26-startTransaction-flow',
    transactionFlow,
  ],
  [
    'where().update() is not part of the transaction around it',
    '27-transaction-where-update-has-no-txid',
    leakFromTransaction,
  ],
  [
    'runTransaction() answers with what its callback returns',
    '28-runTransaction',
    () =>
      db.runTransaction(async (transaction: Transaction) => {
        const was = await transaction.collection('wx_token').doc('tok').get();
        await transaction.collection('wx_token').doc('tok').update({ n: 1 });
        return { was: was.data };
      }),
  ],
  [
    'runTransaction() rolls back when its callback throws',
    '29-runTransaction-throw-rolls-back',
    () =>
      db.runTransaction(async (transaction: Transaction) => {
        await transaction.collection('wx_token').doc('tok').update({ n: 99 });
        throw new Error('boom');
      }),
  ],
  [
    'a rollback with a reason rejects with that reason',
    '30-runTransaction-rollback-reason',
    () => db.runTransaction(async (transaction: Transaction) => transaction.rollback({ my: 'reason' })),
  ],
  ['a transaction that conflicts is run again', '31-runTransaction-conflict-retries', retryUntilThirdCommit],
  [
    'a transaction that always conflicts is given up after four tries',
    '32-runTransaction-conflict-exhausted',
    conflictForEver,
  ],
  ['of two transactions on one document the second one conflicts', '33-two-transactions-conflict', overlap],
  [
    'callFunction() carries JSON both ways',
    '34-callFunction',
    () => app.callFunction({ name: 'echo', data: { a: 1, d: new Date(0) } }),
  ],
  [
    'calling a function that does not exist fails',
    '35-callFunction-missing',
    () => app.callFunction({ name: 'nope', data: undefined }),
  ],
  [
    'callFunction() without data passes an empty object',
    '36-callFunction-no-data',
    () => app.callFunction({ name: 'echo', data: undefined }),
  ],
  ['an HTTP 500 rejects with its number', '37-http-500', () => during('http-500', () => doc('tok').get())],
  [
    'an HTTP 403 rejects with its number',
    '38-http-403-json',
    () => during('http-403', () => doc('tok').get()),
  ],
  [
    'an answer that is no JSON rejects as such',
    '39-200-non-json',
    () => during('not-json', () => doc('tok').get()),
  ],
  ['an answer that never comes is a timeout', '40-timeout', () => during('hang', () => impatient().get())],
  ['a dropped connection is a reset', '41-reset', () => during('drop', () => doc('tok').get())],
  ['a query without condition answers in the order of insertion', '42-empty-where-get', () => tokens().get()],
  [
    'an update that the SDK emptied changes nothing',
    '43-update-empty-object-dropped',
    () => doc('tok').update({ k: {} }),
  ],
  [
    'in, nin, neq and a pattern combine',
    '44-where-in-nin-neq-regex',
    () =>
      tokens()
        .where({
          _id: db.command.in(['tok', 'lease']),
          holder: db.command.neq('Q'),
          token: db.command.nin(['a']),
          x: /^a/i,
        })
        .get(),
  ],
  [
    'a date is compared as a date',
    '45-lt-serverDate',
    () =>
      tokens()
        .where({ s: db.command.lt(new Date(Date.now() + 600)), _id: 'lease' })
        .get(),
  ],
  [
    'db.serverDate() in a condition is the cloud time',
    '45b-lt-serverDate-in-query',
    () =>
      tokens()
        .where({ _id: 'lease', s: db.command.lt(db.serverDate()) })
        .count(),
  ],
  [
    'two or-ed fields are one merged $or, as the SDK sends them',
    '45c-two-or-fields-bug',
    () =>
      tokens()
        .where({
          _id: db.command.eq('nope').or(db.command.eq('nada')),
          holder: db.command.eq('D').or(db.command.eq('E')),
        })
        .count(),
  ],
  [
    'a condition on undefined is gone, as the SDK sends it',
    '45d-where-undefined-dropped',
    () => tokens().where({ _id: 'lease', fence: undefined }).update({ stolen: true }),
  ],
  [
    'updateAndReturn() without a match answers null',
    '46-updateAndReturn-miss',
    () => tokens().where({ _id: 'lease', fence: -1 }).updateAndReturn({ fence: 1 }),
  ],
  ['a transaction cannot be used after its commit', '47-tx-after-commit', useAfterCommit],
  ['of 20 concurrent compare-and-swaps one wins', '48-concurrent-cas-20', swapConcurrently],
  ['of 20 concurrent adds of one _id one succeeds', '49-concurrent-add-same-id-20', addConcurrently],
];

describe('the gateway under @cloudbase/node-sdk', () => {
  it.each(STEPS)('%s', async (_sentence, step, run) => {
    const capture = captures.get(step);
    const outcome = await run().then(
      (sdkResult) => ({ sdkResult }),
      (error: unknown) => ({ sdkError: describeError(error) }),
    );
    const recorded =
      capture?.sdkError === undefined ? { sdkResult: capture?.sdkResult } : { sdkError: capture.sdkError };
    expect(normalize(outcome)).toEqual(normalize(recorded));
  });

  it('every recorded step is run', () => {
    expect(STEPS.map(([, step]) => step)).toEqual([...captures.keys()]);
  });
});

function tokens() {
  return db.collection('wx_token');
}

function doc(id: string) {
  return tokens().doc(id);
}

function lease(): object {
  return {
    _id: 'lease',
    holder: 'A',
    fence: 1,
    expiresAt: Date.now() + 5000,
    big: 1_700_000_000_000,
    f: 1.5,
    z: 0,
    nul: null,
    when: new Date(0),
    s: db.serverDate(),
    s2: db.serverDate({ offset: 60_000 }),
    re: /x/i,
    nested: { x: 1 },
    arr: [1, 'a'],
  };
}

function operators(): object {
  const { inc, mul, max, push, remove, set } = db.command;
  return {
    nested: { y: 2 },
    obj: set({ whole: true }),
    fence: inc(1),
    f: mul(2),
    z: max(7),
    arr: push(['b']),
    nul: remove(),
    'nested.z': 3,
  };
}

async function transactionFlow(): Promise<unknown> {
  const transaction = await db.startTransaction();
  const inside = transaction.collection('wx_token');
  const got = await inside.doc('tok').get();
  const missing = await inside.doc('nope').get();
  const up = await inside.doc('tok').update({ v: db.command.inc(1), token: 't4' });
  const set = await inside.doc('tok2').set({ a: 1 });
  const add = await inside.add({ _id: 'tok3', a: 1 });
  const rm = await inside.doc('m1').remove();
  return { got, missing, up, set, add, rm, commit: await transaction.commit() };
}

async function leakFromTransaction(): Promise<unknown> {
  const transaction = await db.startTransaction();
  const up = await transaction.collection('wx_token').where({ _id: 'tok' }).update({ leaked: true });
  const inside = await transaction.collection('wx_token').where({ _id: 'tok' }).get();
  // The transaction reads as of its first read, and that comes after.
  expect(inside.data).toEqual([{ _id: 'tok', token: 't4', v: 1, leaked: true }]);
  await transaction.rollback();
  return { up, afterRollback: (await doc('tok').get()).data[0] };
}

async function retryUntilThirdCommit(): Promise<unknown> {
  let tries = 0;
  const remove = conflictAtCommit(() => tries < 3);
  const r = await db.runTransaction(async (transaction: Transaction) => {
    tries += 1;
    await transaction
      .collection('wx_token')
      .doc('tok')
      .update({ n: 5 + tries });
    return 'ok';
  });
  remove();
  return { r, tries };
}

async function conflictForEver(): Promise<unknown> {
  let tries = 0;
  const remove = conflictAtCommit(() => true);
  const error = await db
    .runTransaction(async () => {
      tries += 1;
    })
    .catch((reason: unknown) => reason as { code: string });
  remove();
  return { tries, code: error?.code, name: error?.constructor.name };
}

function conflictAtCommit(isDue: () => boolean): () => void {
  const json = { code: 'DATABASE_TRANSACTION_CONFLICT', message: 'conflict', requestId: '1' };
  return cloud.gateway.faults.intercept(({ stage, action }) =>
    stage === 'before' && action === 'database.commitTransaction' && isDue()
      ? { answer: { status: 200, json } }
      : undefined,
  );
}

async function overlap(): Promise<unknown> {
  const [first, second] = [await db.startTransaction(), await db.startTransaction()];
  await first.collection('wx_token').doc('tok').update({ n: 1000 });
  const e2 = await second
    .collection('wx_token')
    .doc('tok')
    .update({ n: 2000 })
    .catch(({ code, message }: { code: string; message: string }) => ({ code, message }));
  await first.commit();
  await second.rollback();
  return { e2 };
}

async function during<T>(mode: OutageMode, work: () => Promise<T>): Promise<T> {
  const release = cloud.gateway.faults.outage(mode);
  return work().finally(release);
}

function impatient() {
  return tcb.init({ env: ENV_ID, timeout: 200 }).database().collection('wx_token').doc('tok');
}

async function useAfterCommit(): Promise<unknown> {
  const transaction = await db.startTransaction();
  await transaction.commit();
  return transaction.collection('wx_token').doc('tok').set({ a: 1 });
}

async function swapConcurrently(): Promise<unknown> {
  await doc('cas').set({ fence: 0 });
  const results = await Promise.all(
    twenty((i) =>
      tokens()
        .where({ _id: 'cas', fence: 0 })
        .update({ fence: db.command.inc(1), holder: `w${i}` }),
    ),
  );
  const winners = results.filter(({ updated }) => updated === 1).length;
  return { winners, losers: results.length - winners };
}

async function addConcurrently(): Promise<unknown> {
  const results = await Promise.allSettled(twenty((i) => tokens().add({ _id: 'once', i })));
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
  return {
    ok: results.length - refused.length,
    dup: refused.filter((text) => text.includes('E11000')).length,
  };
}

function twenty<T>(make: (index: number) => T): T[] {
  return Array.from({ length: 20 }, (_, index) => make(index));
}
