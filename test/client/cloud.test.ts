/** The client against the built getAccessToken on an embedded cloud: tokens that are revoked, that flap, that expire. */

import tcb from '@cloudbase/node-sdk';
import { expect, it } from 'vitest';
import cloudSdk from 'wx-server-sdk';
import { createWeChat } from '../../functions/getAccessToken/client.ts';
import { errorOf } from './harness.ts';
import { borrowClientCloud } from './cloud.ts';

it('takes both SDKs as they are', () => {
  // The compiler is the test: neither is asked for anything here.
  expect(createWeChat({ app: cloudSdk })).toBeDefined();
  expect(createWeChat({ app: tcb.init({ env: 'local', secretId: 'i', secretKey: 'k' }) })).toBeDefined();
});

it('200 calls on a revoked token: one report, one mint, all 200 succeed', async () => {
  const { wechat, revoke, asked, calls, mints } = await borrowClientCloud();
  await wechat.get('/cgi-bin/getcallbackip');
  revoke();
  calls.length = 0;
  const all = Array.from({ length: 200 }, () => wechat.get('/cgi-bin/getcallbackip'));
  for (const result of await Promise.all(all))
    expect(result).toEqual({ ip_list: expect.any(Array) as unknown });
  expect(mints()).toBe(2);
  expect(asked).toHaveLength(2);
  expect(calls.filter((path) => path === '/cgi-bin/getcallbackip')).toHaveLength(400);
});

it('200 calls one by one after the revocation: one mint', async () => {
  const { wechat, revoke, mints } = await borrowClientCloud();
  await wechat.get('/cgi-bin/getcallbackip');
  revoke();
  for (let n = 0; n < 200; n += 1) await wechat.get('/cgi-bin/getcallbackip');
  expect(mints()).toBe(2);
});

it('a token that flaps is answered with the same or another one, and the next try succeeds', async () => {
  const { wechat, sandbox } = await borrowClientCloud();
  await wechat.get('/cgi-bin/getcallbackip');
  sandbox.faults.refuse(40001, { times: 1 }, 'use');
  expect(await wechat.get('/cgi-bin/getcallbackip')).toMatchObject({ ip_list: expect.any(Array) as unknown });
});

it('WeChat refusing every token is one error per call, and one mint in half a minute', async () => {
  const { wechat, sandbox, mints, clock } = await borrowClientCloud();
  await wechat.accessToken();
  clock.advance(31_000);
  sandbox.faults.refuse(40001, { times: 1_000 }, 'use');
  for (let n = 0; n < 10; n += 1)
    expect(await errorOf(wechat.get('/cgi-bin/getcallbackip'))).toMatchObject({ errcode: 40001 });
  expect(mints()).toBe(2);
});

it('a long job reads the token anew for each call: three hours', async () => {
  const { wechat, clock, isAlive, refresh } = await borrowClientCloud();
  for (let minute = 0; minute < 180; minute += 5) {
    await refresh();
    expect(isAlive(await wechat.accessToken())).toBe(true);
    clock.advance(5 * 60_000);
  }
});
