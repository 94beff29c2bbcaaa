/** Events that nobody sends by accident: huge, deep, hostile. None ends an instance, none is quoted at length. */

import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { mayReadToken, readCaller } from '../../functions/_shared/runtime/caller.ts';
import { mayRefresh } from '../../functions/refreshAccessToken/caller.ts';
import { readRequest } from '../../functions/getAccessToken/contract.ts';
import { APPID, borrowCloud, NOON_MS } from '../support/cloud.ts';

const borrow = () => borrowCloud({ startAtMs: NOON_MS, host: { maxInstances: 1 } });

const CHAIN = { environment: '{"TCB_SOURCE":",scf"}' };
const LONGEST_ERRMSG = 500;

const fail = (): never => {
  throw new Error('trap');
};

describe('an event through the platform', () => {
  const deep = (levels: number): object =>
    JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`) as object;
  const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`key${index}`, index]));

  it.each<[string, object, number]>([
    ['5 MB of AppID', { appid: 'x'.repeat(5_000_000) }, 400],
    ['5 MB of reported token', { invalid_access_token: 'x'.repeat(5_000_000) }, 400],
    ['5 MB beside what counts', { appid: APPID, junk: 'x'.repeat(5_000_000) }, 0],
    ['2 000 levels', { appid: deep(2_000) }, 400],
    ['2 000 levels beside what counts', { userInfo: deep(2_000) }, 0],
    ['100 000 keys', wide, 0],
    [
      'prototype keys',
      JSON.parse('{"__proto__":{"appid":"wxother"},"constructor":{"prototype":{}}}') as object,
      0,
    ],
    ['an AppID that objects have by themselves', { appid: '__proto__' }, 404],
    ['another one', { appid: 'constructor' }, 404],
  ])('of %s gets its answer, and the instance lives on', async (_what, event, errcode) => {
    const cloud = await borrow();
    await cloud.get();
    const [instance] = cloud.host.instances('getAccessToken');
    const startedAtMs = performance.now();
    const reply = await cloud.get(event);
    expect(performance.now() - startedAtMs).toBeLessThan(5_000);
    expect(reply.errcode).toBe(errcode);
    expect(reply.errmsg.length).toBeLessThan(LONGEST_ERRMSG);
    expect(await cloud.get()).toMatchObject({ errcode: 0 });
    expect(cloud.host.instances('getAccessToken')).toMatchObject([{ pid: instance?.pid }]);
    expect(cloud.mints()).toBe(1);
  });

  it('of 5 MB from somebody else is refused as shortly as any other', async () => {
    const cloud = await borrow();
    const reply = await cloud.get({ appid: 'x'.repeat(5_000_000) }, { kind: 'client', openid: 'o1' });
    expect(reply).toMatchObject({ errcode: 403 });
    expect(reply.errmsg.length).toBeLessThan(LONGEST_ERRMSG);
  });
});

describe('an event that is more than data', () => {
  it.each<[string, object]>([
    ['fails when it is read', new Proxy({ appid: APPID }, { get: fail })],
    ['fails when its keys are asked', new Proxy({}, { getOwnPropertyDescriptor: fail })],
    ['has a getter that fails', Object.defineProperty({}, 'appid', { get: fail, enumerable: true })],
    ['has another one', Object.defineProperty({}, 'invalid_access_token', { get: fail })],
    ['has a symbol', { appid: Symbol('appid') }],
    ['has an object that fails when it becomes text', { appid: { toString: fail, valueOf: fail } }],
  ])('is malformed, and no more: %s', (_what, event) => {
    expect(readRequest(event)).toMatchObject({ errcode: 400 });
  });

  it('speaks for nobody when it can’t even be looked at', () => {
    const event = new Proxy({}, { has: fail });
    expect(mayReadToken(readCaller(event, CHAIN), [])).toBe(false);
    expect(mayRefresh(readCaller(event, {}))).toBe(false);
  });

  it('is no way around the context, which may be hostile as well', () => {
    for (const context of [
      new Proxy({}, { get: fail }),
      Object.defineProperty({}, 'environment', { get: fail }),
    ])
      expect(mayReadToken(readCaller({}, context), [''])).toBe(false);
  });
});

describe('a context whose decisive values are no text', () => {
  it.each(['["oUSER"]', '{"id":"oUSER"}', 'true', '1', 'null'])('is void: WX_OPENID is %s', (openid) => {
    const context = { environment: `{"TCB_SOURCE":",scf","WX_OPENID":${openid}}` };
    expect(mayReadToken(readCaller({}, context), [])).toBe(false);
  });
});

describe('a context that names the decisive twice', () => {
  it.each([
    '{"TCB_SOURCE":"wx_client","TCB_SOURCE":",scf"}',
    '{"TCB_SOURCE":",scf","WX_OPENID":"oUSER","WX_OPENID":""}',
    '{"TCB_SOURCE" : ",scf", "a":1, "TCB_SOURCE"\n:",scf"}',
  ])('is void, as in the older form: %s', (environment) => {
    expect(readCaller({}, { environment })).toMatchObject({ source: null, hasOpenid: false });
    expect(mayReadToken(readCaller({}, { environment }), [])).toBe(false);
  });

  it('is not one whose values only look like it', () => {
    const variables = {
      TCB_SOURCE: ',scf',
      NOTE: '","TCB_SOURCE":"wx_client',
      MORE: '{"TCB_SOURCE":"x"}',
      A: 'TCB_SOURCE',
    };
    expect(mayReadToken(readCaller({}, { environment: JSON.stringify(variables) }), [])).toBe(true);
    const other = { environment: '{"TCB_SOURCE":",scf","OTHER":"a","OTHER":"b"}' };
    expect(mayReadToken(readCaller({}, other), [])).toBe(true);
  });
});
