/** Functions V2 run several calls at once in one instance: nothing of one call may be seen by another. */

import { describe, expect, it } from 'vitest';
import type { Caller } from '../../scripts/local/functions/caller-context.ts';
import { borrowCloud, startTestCloud } from '../support/cloud.ts';

const CALLERS: Caller[] = [
  { kind: 'function', source: ',scf' },
  { kind: 'function', source: 'wx_client,scf' },
  { kind: 'client', openid: 'oABC' },
  { kind: 'management' },
  { kind: 'web', uid: 'u1' },
];

const ONE_INSTANCE = { maxInstances: 1, callsPerInstance: 50 };

describe('50 calls of different callers in one process', () => {
  it.each([false, true])('are each answered for their own caller (stale variables: %s)', async (isStale) => {
    const cloud = await borrowCloud({ host: { ...ONE_INSTANCE, ...(isStale && { staleProcessEnv: true }) } });
    await cloud.get();
    const calls = Array.from({ length: 50 }, (_, at) => CALLERS[at % CALLERS.length]!);
    let most = 0;
    const watch = setInterval(() => {
      const [only] = cloud.host.instances('getAccessToken');
      most = Math.max(most, only?.state === 'busy' ? 1 : 0);
    }, 1);
    const replies = await Promise.all(calls.map((caller) => cloud.get({}, caller)));
    clearInterval(watch);
    for (const [at, { errcode, access_token }] of replies.entries()) {
      const mayRead = calls[at]?.kind === 'function';
      expect([at, errcode, access_token !== undefined]).toEqual([at, mayRead ? 0 : 403, mayRead]);
    }
    expect(cloud.host.instances('getAccessToken')).toHaveLength(1);
    expect(cloud.mints()).toBe(1);
  });

  it('mint once, and a client’s report among them mints nothing', async () => {
    const cloud = await borrowCloud({ host: ONE_INSTANCE });
    const calls = Array.from({ length: 50 }, (_, at) => CALLERS[at % CALLERS.length]!);
    const replies = await Promise.all(
      calls.map((caller) => cloud.get({ invalid_access_token: 'made up' }, caller)),
    );
    const served = replies.filter(({ errcode }) => errcode === 0);
    expect(served).toHaveLength(20);
    expect(new Set(served.map(({ access_token }) => access_token)).size).toBe(1);
    expect(cloud.mints()).toBe(1);
  });

  it('refresh only for those who may', async () => {
    const cloud = await borrowCloud({ host: ONE_INSTANCE });
    const codes = await Promise.all(
      Array.from({ length: 25 }, (_, at) => cloud.refresh(CALLERS[at % CALLERS.length])),
    );
    expect(codes.map(({ errcode }) => errcode)).toEqual(
      Array.from({ length: 25 }, (_, at) => [0, 0, 403, 0, 403][at % CALLERS.length]),
    );
    expect(cloud.mints()).toBe(1);
  });
});

describe('a platform that gives a function no credentials of its own', () => {
  it('is none of V1: a call without a source is refused, and told how to tick', async () => {
    const cloud = await startTestCloud({
      host: { credentials: { secretId: '', secretKey: '', sessionToken: '' } },
    });
    const reply = await cloud.refresh({ kind: 'management' });
    expect(reply).toMatchObject({ errcode: 403 });
    expect(reply.errmsg).toContain('npm run server-key');
    expect(cloud.mints()).toBe(0);
  });
});
