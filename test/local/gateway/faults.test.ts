/** The knobs that tests turn: faults before and after the work, outages, and the count of requests. */

import tcb from '@cloudbase/node-sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ENV_ID, pointSdksAt, startTestCloud, type TestCloud } from './cloud.ts';

let cloud: TestCloud;

beforeEach(async () => {
  cloud = await startTestCloud();
  cloud.database.createCollection('c');
  pointSdksAt(cloud.gateway.url);
});
afterEach(() => cloud.close());

describe('a fault', () => {
  it('before the work leaves nothing done', async () => {
    cloud.gateway.faults.intercept(({ stage }) => (stage === 'before' ? { drop: true } : undefined));
    await expect(add('a')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(stored()).toEqual([]);
  });

  it('after the work loses only the answer', async () => {
    cloud.gateway.faults.intercept(({ stage }) => (stage === 'after' ? { drop: true } : undefined));
    await expect(add('a')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(stored()).toEqual(['a']);
  });

  it('may delay the answer past the timeout of a caller whose write is done', async () => {
    cloud.gateway.faults.intercept(({ stage }) => (stage === 'after' ? { delayMs: 1000 } : undefined));
    await expect(add('a', 200)).rejects.toMatchObject({ code: 'ESOCKETTIMEDOUT' });
    expect(stored()).toEqual(['a']);
  });

  it('may be decided later, from what the request is about', async () => {
    const seen: unknown[] = [];
    cloud.gateway.faults.intercept(async ({ stage, action, collectionName, functionName, body }) => {
      seen.push({ stage, action, collectionName, functionName, data: body['request_data'] });
      await Promise.resolve();
      return functionName === 'echo'
        ? { answer: { status: 200, json: { code: 'BUSY', message: 'busy' } } }
        : undefined;
    });
    await add('a');
    await expect(app().callFunction({ name: 'echo', data: { x: 1 } })).rejects.toMatchObject({
      code: 'BUSY',
    });
    expect(seen).toEqual([
      { stage: 'before', action: 'database.insertDocument', collectionName: 'c' },
      { stage: 'after', action: 'database.insertDocument', collectionName: 'c' },
      { stage: 'before', action: 'functions.invokeFunction', functionName: 'echo', data: '{"x":1}' },
    ]);
    expect(cloud.invocations).toEqual([]);
  });

  it('ends when it is taken away', async () => {
    const remove = cloud.gateway.faults.intercept(() => ({ drop: true }));
    await expect(add('a')).rejects.toMatchObject({ code: 'ECONNRESET' });
    remove();
    await expect(add('a')).resolves.toMatchObject({ id: 'a' });
  });
});

describe('an outage', () => {
  it('hits what it is meant for until it is released', async () => {
    const release = cloud.gateway.faults.outage(
      'http-500',
      ({ action }) => action === 'database.insertDocument',
    );
    await expect(add('a')).rejects.toMatchObject({ code: 500 });
    await expect(count()).resolves.toBe(0);
    release();
    await expect(add('a')).resolves.toMatchObject({ id: 'a' });
  });

  it('that hangs drops its callers when it is released, and has done nothing', async () => {
    const release = cloud.gateway.faults.outage('hang');
    const waiting = add('a');
    const early = await Promise.race([waiting.catch(() => 'settled'), sleep(150, 'still waiting')]);
    expect(early).toBe('still waiting');
    release();
    await expect(waiting).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(stored()).toEqual([]);
  });

  it('does not keep the gateway from closing', async () => {
    cloud.gateway.faults.outage('hang');
    const waiting = add('a').catch((error: unknown) => error);
    await sleep(50);
    await cloud.gateway.close();
    await expect(waiting).resolves.toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('the counters', () => {
  it('count requests per action, collection and function', async () => {
    const collection = app().database().collection('c');
    await add('a');
    await collection.doc('a').get();
    await collection.where({ _id: 'a' }).count();
    await collection.where({ _id: 'a' }).update({ n: 1 });
    await collection.where({ _id: 'a' }).updateAndReturn({ n: 2 });
    await collection.doc('a').remove();
    await app().callFunction({ name: 'echo', data: {} });
    expect(cloud.gateway.stats.snapshot()).toEqual({
      actions: {
        'database.insertDocument': 1,
        'database.getDocument': 1,
        'database.calculateDocument': 1,
        'database.modifyDocument': 1,
        'database.modifyAndReturnDoc': 1,
        'database.removeDocument': 1,
        'functions.invokeFunction': 1,
      },
      reads: { c: 2 },
      writes: { c: 4 },
      functions: { echo: 1 },
    });
  });

  it('start again at zero', async () => {
    await add('a');
    cloud.gateway.stats.reset();
    await count();
    expect(cloud.gateway.stats.snapshot()).toMatchObject({ reads: { c: 1 }, writes: {} });
  });
});

describe('an invocation', () => {
  it('carries the caller chain, the argument and the call number', async () => {
    process.env['TCB_SOURCE'] = 'wx_client';
    process.env['TCB_CONTEXT_KEYS'] = 'TCB_SOURCE';
    try {
      await app().callFunction({ name: 'echo', data: { x: 1 } });
    } finally {
      delete process.env['TCB_SOURCE'];
      delete process.env['TCB_CONTEXT_KEYS'];
    }
    expect(cloud.invocations).toEqual([
      {
        name: 'echo',
        data: { x: 1 },
        source: 'wx_client,scf',
        seqId: expect.stringMatching(/^[0-9a-f]+_[0-9a-z]+$/),
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    ]);
  });
});

function app(timeout = 15_000) {
  return tcb.init({ env: ENV_ID, timeout });
}

function add(id: string, timeout?: number) {
  return app(timeout).database().collection('c').add({ _id: id });
}

async function count(): Promise<unknown> {
  return (await app().database().collection('c').where({}).count()).total;
}

function stored(): unknown[] {
  return cloud.database
    .collection('c')
    .find({ query: {} })
    .map(({ _id }) => _id);
}

function sleep<T>(ms: number, value?: T): Promise<T | undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(value), ms));
}
