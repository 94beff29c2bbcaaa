/** The unmodified `wx-server-sdk` against the gateway: every recorded step, with the recorded result. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import cloudSdk from 'wx-server-sdk';
import { describeError, normalize, readCaptures } from './captures.ts';
import { ENV_ID, pointSdksAt, SECRET_KEY, startTestCloud, type TestCloud } from './cloud.ts';

/** Its own types say `void` or `any` where it answers with promises. */
interface Sdk {
  init(options: object): void;
  database(options?: object): Db;
  callFunction(options: object): Promise<{ errMsg: string }>;
  getWXContext(): object;
  createNewInstance(options: object): Sdk;
}
interface Document {
  get(): Promise<{ data: object }>;
  set(options: object): Promise<object>;
  update(options: object): Promise<object>;
}
interface Collection {
  add(options: object): Promise<object>;
  doc(id: string): Document;
  where(query: object): { update(options: object): Promise<object> };
}
interface Db {
  command: { inc(by: number): unknown };
  createCollection(name: string): Promise<object>;
  collection(name: string): Collection;
  serverDate(): unknown;
  runTransaction<T>(run: (transaction: Db) => Promise<T>): Promise<T>;
}

const sdk = cloudSdk as unknown as Sdk;
const captures = new Map(readCaptures('wx-server-sdk-4.0.2').map((capture) => [capture.step, capture]));
let cloud: TestCloud;
let db: Db;

beforeAll(async () => {
  cloud = await startTestCloud();
  cloud.database.createCollection('wx_token');
  pointSdksAt(cloud.gateway.url);
  sdk.init({ env: ENV_ID });
  db = sdk.database();
});
afterAll(() => cloud.close());

const STEPS: [sentence: string, capture: string, run: () => unknown][] = [
  ['a collection can be created', '01-createCollection', () => db.createCollection('other')],
  [
    'a document is added under its own _id',
    '02-add',
    () => tokens().add({ data: { _id: 'lease', fence: 1, at: db.serverDate() } }),
  ],
  [
    'a second add of an _id is E11000',
    '03-add-duplicate',
    () => tokens().add({ data: { _id: 'lease', fence: 1 } }),
  ],
  ['get() answers with the document', '04-get', () => tokens().doc('lease').get()],
  ['get() of a missing document rejects', '05-get-missing', () => tokens().doc('nope').get()],
  [
    'get() of a missing document is null for who asks for that',
    '06-get-missing-throwOnNotFound-false',
    () => sdk.database({ throwOnNotFound: false }).collection('wx_token').doc('nope').get(),
  ],
  ['a compare-and-swap that matches updates one document', '07-cas-hit', () => swap('A')],
  ['a compare-and-swap on a passed version updates nothing', '08-cas-miss', () => swap('B')],
  [
    'set() inserts a missing document',
    '09-set',
    () =>
      tokens()
        .doc('tok')
        .set({ data: { token: 't' } }),
  ],
  [
    'an update of a missing document updates nothing',
    '10-update-missing',
    () =>
      tokens()
        .doc('nope')
        .update({ data: { a: 1 } }),
  ],
  ['runTransaction() answers with what its callback returns', '11-runTransaction', readAndUpdate],
  ['a conflict at commit is tried again', '12-runTransaction-conflict-at-commit', conflictAtCommit],
  [
    'a conflict inside the callback is not tried again',
    '13-runTransaction-conflict-inside-callback',
    conflictInside,
  ],
  [
    'callFunction() carries JSON both ways',
    '14-callFunction',
    () => sdk.callFunction({ name: 'echo', data: { a: 1 } }),
  ],
  [
    'calling a function that does not exist fails',
    '15-callFunction-missing',
    () => sdk.callFunction({ name: 'nope', data: {} }),
  ],
  [
    'the caller is unknown without context keys',
    '16-getWXContext-without-WX_CONTEXT_KEYS',
    () => sdk.getWXContext(),
  ],
  ['the caller is read from the context keys', '17-getWXContext-with-keys', contextWithKeys],
  [
    'an instance may be pointed at the gateway by an option',
    '18-serviceUrl-option-createNewInstance',
    useServiceUrl,
  ],
];

describe('the gateway under wx-server-sdk', () => {
  it.each(STEPS)('%s', async (_sentence, step, run) => {
    const capture = captures.get(step);
    const outcome = await Promise.resolve()
      .then(run)
      .then(
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

function tokens(): Collection {
  return db.collection('wx_token');
}

function swap(h: string): Promise<object> {
  return tokens()
    .where({ _id: 'lease', fence: 1 })
    .update({ data: { fence: db.command.inc(1), h } });
}

function readAndUpdate(): Promise<object> {
  return db.runTransaction(async (transaction) => {
    const { data } = await transaction.collection('wx_token').doc('tok').get();
    await transaction
      .collection('wx_token')
      .doc('tok')
      .update({ data: { n: 1 } });
    return data;
  });
}

async function conflictAtCommit(): Promise<object> {
  let tries = 0;
  const remove = conflictAt('database.commitTransaction', () => tries < 2);
  await db.runTransaction(async (transaction) => {
    tries += 1;
    await transaction
      .collection('wx_token')
      .doc('tok')
      .update({ data: { n: db.command.inc(1) } });
  });
  remove();
  return { tries };
}

async function conflictInside(): Promise<object> {
  let tries = 0;
  const remove = conflictAt('database.modifyDocument', () => true);
  const error = await db
    .runTransaction(async (transaction) => {
      tries += 1;
      await transaction
        .collection('wx_token')
        .doc('tok')
        .update({ data: { n: db.command.inc(1) } });
    })
    .catch((reason: unknown) => reason as Error & { errCode: number });
  remove();
  return { tries, errCode: error?.errCode, message: error?.message };
}

function conflictAt(wanted: string, isDue: () => boolean): () => void {
  const json = { code: 'DATABASE_TRANSACTION_CONFLICT', message: 'conflict', requestId: '1' };
  return cloud.gateway.faults.intercept(({ stage, action }) =>
    stage === 'before' && action === wanted && isDue() ? { answer: { status: 200, json } } : undefined,
  );
}

function contextWithKeys(): object {
  const caller = {
    WX_CONTEXT_KEYS: 'WX_APPID,WX_OPENID',
    WX_APPID: 'wx123',
    WX_OPENID: 'oABC',
    TCB_SOURCE: 'wx_client,scf',
  };
  Object.assign(process.env, caller);
  try {
    return sdk.getWXContext();
  } finally {
    for (const name of Object.keys(caller)) delete process.env[name];
  }
}

async function useServiceUrl(): Promise<object> {
  const serviceUrl = cloud.gateway.url;
  const instance = sdk.createNewInstance({
    env: 'opt-env',
    serviceUrl,
    secretId: 'AKIDopt',
    secretKey: SECRET_KEY,
  });
  const r = await instance.database().collection('wx_token').doc('tok').get();
  const { errMsg: f } = await instance.callFunction({ name: 'echo', data: { b: 2 } });
  return { r, f };
}
