/** How many documents one answer holds, in which order, and with which fields. */

import tcb from '@cloudbase/node-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCaptures } from './captures.ts';
import { ENV_ID, pointSdksAt, startTestCloud, type TestCloud } from './cloud.ts';
import { send, signAnew } from './wire.ts';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startTestCloud();
  cloud.database.createCollection('c');
  const documents = Array.from({ length: 1002 }, (_, n) => ({
    _id: `d${n}`,
    n,
    even: n % 2 === 0,
    extra: { deep: n },
  }));
  await cloud.database.collection('c').insert(documents);
  pointSdksAt(cloud.gateway.url);
});
afterAll(() => cloud.close());

describe('a read', () => {
  it.each([
    ['100 without a limit', undefined, 100],
    ['what its limit says', 101, 101],
    ['at most 1000', 5000, 1000],
  ])('answers with %s', async (_sentence, limit, expected) => {
    const { list, limit: applied } = await getDocuments({ limit });
    expect([list.length, applied]).toEqual([expected, expected]);
  });

  it('sorts by several fields, skips and limits', async () => {
    const { data } = await collection().orderBy('even', 'asc').orderBy('n', 'desc').skip(500).limit(3).get();
    expect(data.map(({ n }: { n: number }) => n)).toEqual([1, 1000, 998]);
  });

  it('answers with the fields that were asked for, and the _id', async () => {
    const { data } = await collection().where({ n: 7 }).field({ 'extra.deep': true }).get();
    expect(data).toEqual([{ _id: 'd7', extra: { deep: 7 } }]);
  });

  it('answers without the fields that were left out', async () => {
    const { data } = await collection().doc('d7').field({ extra: false }).get();
    expect(data).toEqual([{ _id: 'd7', n: 7, even: false }]);
  });

  it('that is no read names the field that is wrong', async () => {
    const { body } = await request({ queryType: 5, limit: 'many' });
    expect(body).toMatchObject({
      code: 'INVALID_PARAM',
      message: "database.getDocument: can't read queryType, limit",
    });
  });
});

function collection() {
  return tcb.init({ env: ENV_ID }).database().collection('c');
}

async function getDocuments(fields: object) {
  const { body } = await request(fields);
  return body?.['data'] as { list: string[]; limit: number };
}

/** The SDK itself always sends a limit, and none over 1000. */
function request(fields: object) {
  const recorded = readCaptures('node-sdk-3.18.3').find(({ step }) => step === '42-empty-where-get')?.wire[0]
    ?.request;
  if (!recorded) throw new Error('no such capture');
  const headers = { ...recorded.headers, 'x-timestamp': String(Math.floor(Date.now() / 1000)) };
  return send(
    cloud.gateway.port,
    signAnew({ ...recorded, headers, body: { ...recorded.body, collectionName: 'c', ...fields } }),
  );
}
