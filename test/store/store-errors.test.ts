/** A database that can't be used: who has to act is told, and neither address nor document is quoted. */

import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createCollection } from '../../functions/_shared/store/collection.ts';
import { createCloudStore } from '../../functions/_shared/store/cloud-store.ts';
import { TokenError } from '../../functions/_shared/token/ports.ts';
import type { Fault } from '../../scripts/local/gateway/faults.ts';
import { createCloudHarness } from './cloud-harness.ts';
import type { CloudHarness } from './cloud-harness.ts';
import { fullRecord, later, seed } from './records.ts';

/** What reading, the first write and a later write throw, with the document and the address in reach. */
async function errorsOf(harness: CloudHarness): Promise<TokenError[]> {
  const { collection, appid, cloud } = harness;
  const document = { ...fullRecord, writer: 'canary-writer' };
  const calls = [
    collection.get(appid),
    collection.insert(appid, document),
    collection.replaceIf(appid, 7, document, { who: 'canary-who' }),
    harness.store().read(),
  ];
  const errors = await Promise.all(
    calls.map((call) =>
      call.then(
        () => undefined,
        (error: unknown) => error,
      ),
    ),
  );
  const shown = inspect(errors, { depth: Infinity, showHidden: true });
  const { token } = fullRecord;
  for (const secret of [String(cloud.gateway.port), 'http', 'canary', token?.value ?? '', 'AKID'])
    expect(shown.replaceAll(/\(?file:\/\/.*|at .*/g, '')).not.toContain(secret);
  return errors.map((error) => {
    if (!(error instanceof TokenError)) throw new Error(`no TokenError: ${String(error)}`);
    return error;
  });
}

const refusal = (code: string): Fault => ({
  answer: { status: 200, json: { code, message: 'canary-message http://x/', requestId: 'r' } },
});

describe('a collection that is missing', () => {
  it('is a matter of npm run deploy', async () => {
    const harness = await createCloudHarness();
    const missing = { ...harness, collection: createCollection('elsewhere') };
    missing.store = () => createCloudStore(missing.collection, missing.appid, () => 'w');
    for (const error of await errorsOf(missing)) {
      expect(error.code).toBe('STORE_MISCONFIGURED');
      expect(error.message).toBe('the collection elsewhere does not exist: npm run deploy creates it');
    }
  });

  it('is not written to twice: it is not going to appear', async () => {
    const harness = await createCloudHarness();
    const { basis } = await seed(harness);
    harness.cloud.gateway.stats.reset();
    harness.cloud.gateway.faults.intercept(() => refusal('DATABASE_COLLECTION_NOT_EXIST'));
    const failed = harness.store().swap(basis, later(fullRecord));
    await expect(failed).rejects.toMatchObject({ code: 'STORE_MISCONFIGURED' });
    expect(harness.cloud.gateway.stats.snapshot().actions).toEqual({ 'database.modifyDocument': 1 });
  });
});

describe('a collection that is closed to the function', () => {
  it('is a matter of npm run deploy', async () => {
    const harness = await createCloudHarness();
    harness.cloud.gateway.faults.intercept(() => refusal('DATABASE_PERMISSION_DENIED'));
    for (const error of await errorsOf(harness)) {
      expect(error.code).toBe('STORE_MISCONFIGURED');
      expect(error.message).toMatch(/^the collection wx_access_tokens is closed .* npm run deploy /);
    }
  });
});

describe('a database that fails for now', () => {
  it.each<[string, Fault, string]>([
    ['answers 500', { answer: { status: 500 } }, '500'],
    ['answers 502 with a web page', { answer: { status: 502, text: '<html>canary' } }, 'UNKNOWN'],
    ['answers 403', { answer: { status: 403 } }, '403'],
    ['answers with a web page', { answer: { status: 200, text: '<html>canary' } }, 'UNKNOWN'],
    ['hangs up', { drop: true }, 'ECONNRESET'],
    ['refuses in words', refusal('DATABASE_REQUEST_FAILED'), 'DATABASE_REQUEST_FAILED'],
    ['refuses in strange words', refusal('canary http://x/?a=b'), 'UNKNOWN'],
  ])('because it %s is unavailable', async (_why, fault, code) => {
    const harness = await createCloudHarness();
    harness.cloud.gateway.faults.intercept(() => fault);
    expect((await errorsOf(harness)).map(({ code: owner, message }) => [owner, message])).toEqual([
      ['STORE_UNAVAILABLE', `the database could not be read (${code})`],
      ['STORE_UNAVAILABLE', `the database could not be written (${code})`],
      ['STORE_UNAVAILABLE', `the database could not be written (${code})`],
      ['STORE_UNAVAILABLE', `the database could not be read (${code})`],
    ]);
  });

  it('because nobody listens there is unavailable', async () => {
    const harness = await createCloudHarness();
    await harness.cloud.gateway.close();
    for (const { code, message } of await errorsOf(harness)) {
      expect(code).toBe('STORE_UNAVAILABLE');
      expect(message).toContain('ECONNREFUSED');
    }
  });

  it('because it does not answer is given up after 3 s', async () => {
    const harness = await createCloudHarness();
    harness.cloud.gateway.faults.outage('hang');
    const startedAtMs = performance.now();
    const failed = harness.store().read();
    await expect(failed).rejects.toMatchObject({ message: expect.stringContaining('TIMEDOUT') as string });
    expect(performance.now() - startedAtMs).toBeGreaterThan(2_900);
    expect(performance.now() - startedAtMs).toBeLessThan(10_000);
  });
});
