/** When WeChat, the secret or the database fails: real processes under load on a moved clock. */

import { describe, expect, it } from 'vitest';
import { borrowCloud, NOON_MS, startTestCloud, type Reply, type TestCloud } from '../support/cloud.ts';

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;
/** Two apps with a wrong secret, one for each code that WeChat says so with. */
const WRONG = ([40125, 40001] as const).map((code) => ({
  appid: `wx${code}`,
  secret: 'right',
  wrongSecretCode: code,
}));

/** `rounds` of `calls` at once, with the clock moved on between the rounds. */
async function underLoad(
  cloud: TestCloud,
  rounds: number,
  calls: number,
  stepMs: number,
  event = {},
): Promise<Reply[]> {
  const replies: Reply[] = [];
  for (let round = 0; round < rounds; round++) {
    replies.push(...(await Promise.all(Array.from({ length: calls }, () => cloud.get(event)))));
    cloud.clock.advance(stepMs);
  }
  return replies;
}

describe('outages', () => {
  it.each([40125, 40001] as const)(
    'a wrong secret costs at most 5 calls of WeChat in 10 minutes of 1 000 calls, and each is told %i',
    async (wrongSecretCode) => {
      const cloud = await borrowCloud({
        startAtMs: NOON_MS,
        host: { maxInstances: 4 },
        variables: { WX_APPS: JSON.stringify(WRONG.map(({ appid }) => ({ appid, secret: 'wrong' }))) },
        sandboxApps: WRONG,
      });
      let upstream = 0;
      cloud.sandbox.faults.intercept(({ stage }) => {
        if (stage === 'before') upstream += 1;
        return undefined;
      });
      const replies = await underLoad(cloud, 40, 25, 15 * SECOND_MS, { appid: `wx${wrongSecretCode}` });
      expect(replies).toHaveLength(1_000);
      expect(replies.filter(({ errcode }) => errcode !== wrongSecretCode)).toEqual([]);
      expect(replies.every(({ errmsg }) => errmsg.includes('WX_APPSECRET'))).toBe(true);
      expect(upstream).toBeGreaterThanOrEqual(3);
      expect(upstream).toBeLessThanOrEqual(5);
    },
  );

  it.each(['http-500', 'drop', 'hang'] as const)(
    'warm instances serve through two minutes without the database (%s), and nothing is minted',
    async (mode) => {
      const cloud = await borrowCloud({ startAtMs: NOON_MS, host: { maxInstances: 4 } });
      await underLoad(cloud, 1, 20, SECOND_MS);
      expect(cloud.host.instances('getAccessToken')).toHaveLength(4);
      const token = cloud.storedToken();
      cloud.clock.advance(55 * SECOND_MS);
      const release = cloud.gateway.faults.outage(mode);
      cloud.gateway.stats.reset();
      // 2 minutes at 200 calls a second would be 24 000 calls; a call a second on each instance shows the same.
      const replies = await underLoad(cloud, 120, 4, SECOND_MS);
      expect(replies.filter(({ access_token }) => access_token !== token)).toEqual([]);
      expect(cloud.mints()).toBe(1);
      // The memory is 56 s old when the outage begins: each instance looks after 4 s, then 5, 10, 20, 30 and 30 s
      // later, as its pause doubles to half a minute. The look after that would come 129 s into the outage.
      const { reads, writes } = cloud.gateway.stats.snapshot();
      expect({ reads, writes }).toEqual({ reads: { wx_access_tokens: 4 * 6 }, writes: {} });
      release();
      cloud.clock.advance(MINUTE_MS);
      expect(await cloud.get()).toMatchObject({ errcode: 0, access_token: token });
    },
    // A database that hangs costs the SDK's whole timeout at each of the rare looks.
    90_000,
  );

  it('200 calls a second for two minutes without the database: one warm instance answers them all', async () => {
    const cloud = await borrowCloud({ startAtMs: NOON_MS, host: { maxInstances: 1 } });
    const first = await cloud.get();
    cloud.gateway.faults.outage('drop');
    cloud.gateway.stats.reset();
    cloud.clock.advance(61 * SECOND_MS);
    const replies = await underLoad(cloud, 120, 200, SECOND_MS);
    expect(replies).toHaveLength(24_000);
    expect(replies.every(({ access_token }) => access_token === first.access_token)).toBe(true);
    // At once, for its memory is too old, and as above from then on.
    expect(cloud.gateway.stats.snapshot().reads).toEqual({ wx_access_tokens: 6 });
    expect(cloud.mints()).toBe(1);
  }, 120_000);

  it('an instance that can’t reach the database at all mints nothing and says 503 with retry_after', async () => {
    const cloud = await startTestCloud();
    cloud.gateway.faults.outage('drop');
    const reply = await cloud.get();
    expect(reply).toMatchObject({ errcode: 503, retry_after: expect.any(Number) as number });
    expect(reply.errmsg).toMatch(/database/);
    await expect(cloud.refresh()).rejects.toThrow(/refresh failed/);
    expect(cloud.mints()).toBe(0);
  });
});
