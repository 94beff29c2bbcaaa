/** An answer that is not of the expected shape is an error, whichever way it comes: no race is won or lost by it. */

import sdk from '@cloudbase/node-sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { TokenError } from '../../functions/_shared/token/ports.ts';
import type { Fault } from '../../scripts/local/gateway/faults.ts';
import { createCollection } from '../../functions/_shared/store/collection.ts';
import { createCloudHarness } from './cloud-harness.ts';
import { fullRecord, later, seed } from './records.ts';

/** The SDK's own switch, which its types leave out: on a refusal it resolves, as its next generation always does. */
const { setThrowOnCode } = sdk as unknown as { setThrowOnCode(isThrown: boolean): void };

afterEach(() => setThrowOnCode(true));

const answering = (json: object): Fault => ({ answer: { status: 200, json } });
const refusal = (code: string, message: string): Fault => answering({ code, message, requestId: 'r' });

describe('a duplicate', () => {
  it.each([
    ['DATABASE_REQUEST_FAILED', 'multiple write errors: [{write errors: [{E11000 duplicate key error'],
    ['DATABASE_REQUEST_FAILED', 'bulk write error: [E11000 duplicate key error collection: tnt-x'],
    ['DATABASE_DUPLICATE_WRITE', 'Duplicate write'],
    ['DATABASE_REQUEST_FAILED', '[DATABASE_DUPLICATE_WRITE] the document exists'],
  ])('is told by %s, %s, thrown or resolved', async (code, message) => {
    const harness = await createCloudHarness();
    harness.cloud.gateway.faults.intercept(() => refusal(code, message));
    expect(await harness.collection.insert(harness.appid, { version: 1 })).toBe(false);
    setThrowOnCode(false);
    expect(await harness.collection.insert(harness.appid, { version: 1 })).toBe(false);
  });
});

describe('an SDK that resolves on a refusal', () => {
  it.each(['DATABASE_PERMISSION_DENIED', 'DATABASE_REQUEST_FAILED', 'SYS_ERR', 'EXCEED_REQUEST_LIMIT'])(
    'wins and loses nothing by %s',
    async (code) => {
      const harness = await createCloudHarness();
      await seed(harness);
      setThrowOnCode(false);
      harness.cloud.gateway.faults.intercept(() => refusal(code, 'refused'));
      for (const told of await codesOf(harness)) expect(told).toMatch(/^STORE_(UNAVAILABLE|MISCONFIGURED)$/);
    },
  );

  it('inserts once where two try, and the other one is told so', async () => {
    const harness = await createCloudHarness();
    setThrowOnCode(false);
    const wins = await Promise.all(
      [1, 2].map(() => harness.collection.insert(harness.appid, { version: 1 })),
    );
    expect(wins.filter(Boolean)).toHaveLength(1);
  });
});

describe('an answer in another form', () => {
  it.each([
    ['nothing at all', {}],
    ['only the request', { requestId: 'r' }],
    ['no data', { requestId: 'r', data: {} }],
    ['other data', { data: { insertedIds: ['somebody else'], updated: true, list: 'x' } }],
    ['counts that are texts', { data: { insertedIds: [], updated: '1', list: [] } }],
    ['counts that can’t be', { data: { insertedIds: [7], updated: 2, list: ['{"_id":"other"}'] } }],
  ])('with %s is an error', async (_what, json) => {
    const harness = await createCloudHarness();
    await seed(harness);
    harness.cloud.gateway.faults.intercept(() => answering(json));
    const { collection, appid } = harness;
    await expect(collection.insert(appid, { version: 1 })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    await expect(collection.replaceIf(appid, 7, { version: 8 })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    await expect(createCollection().setIf(appid, {}, { note: 1 })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
  });

  it('to a read is no missing document', async () => {
    const harness = await createCloudHarness();
    for (const data of [{}, { list: 'x' }, { list: ['{"_id":"other"}'] }, { list: ['{}', '{}'] }]) {
      const stop = harness.cloud.gateway.faults.intercept(() => answering({ data }));
      await expect(harness.collection.get(harness.appid)).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
      });
      stop();
    }
    expect(await harness.collection.get(harness.appid)).toBeNull();
  });

  it('to a write that was carried out is settled by reading what is stored', async () => {
    const harness = await createCloudHarness();
    const { basis } = await seed(harness);
    let answers = 0;
    harness.cloud.gateway.faults.intercept(({ stage, action }) =>
      stage === 'after' && action === 'database.modifyDocument' && answers++ === 0
        ? answering({ requestId: 'r' })
        : undefined,
    );
    expect(await harness.store().swap(basis, later(fullRecord))).not.toBeNull();
    expect(await harness.stored()).toMatchObject({ version: fullRecord.version + 1 });
  });
});

function codesOf({
  collection,
  appid,
}: Awaited<ReturnType<typeof createCloudHarness>>): Promise<(string | undefined)[]> {
  const calls = [
    collection.get(appid),
    collection.insert(appid, { version: 1 }),
    collection.replaceIf(appid, 7, { version: 8 }),
    createCollection().setIf(appid, {}, { note: 1 }),
  ];
  const codeOf = (error: unknown): string => (error instanceof TokenError ? error.code : 'no TokenError');
  return Promise.all(calls.map((call) => call.then(() => undefined, codeOf)));
}
