/** Many instances, many calls, one mint: real processes, the real SDK. */

import { describe, expect, it } from 'vitest';
import { borrowCloud, NOON_MS, type Reply, type TestCloud } from '../support/cloud.ts';

const MINUTE_MS = 60_000;

/** 200 calls at once on 8 instance processes. */
async function stampede(cloud: TestCloud, event: object = {}, calls = 200): Promise<Reply[]> {
  const replies = await Promise.all(Array.from({ length: calls }, () => cloud.get(event)));
  expect(cloud.host.instances('getAccessToken').length).toBe(8);
  return replies;
}

const borrow = () => borrowCloud({ startAtMs: NOON_MS });

function expectOneToken(cloud: TestCloud, replies: Reply[]): void {
  expect(new Set(replies.map((reply) => reply.access_token)).size).toBe(1);
  expect(replies.every(({ errcode, access_token }) => errcode === 0 && cloud.isAlive(access_token))).toBe(
    true,
  );
}

describe('stampedes', () => {
  it('200 calls on 8 instances and an empty database mint once and get one answer', async () => {
    const cloud = await borrow();
    expectOneToken(cloud, await stampede(cloud));
    expect(cloud.mints()).toBe(1);
  });

  it('8 instances × 200 calls at expiry mint once', async () => {
    const cloud = await borrow();
    await stampede(cloud);
    cloud.clock.advance(120 * MINUTE_MS);
    // In two waves: the embedded platform lets no more than 1 000 calls wait.
    expectOneToken(cloud, [...(await stampede(cloud, {}, 800)), ...(await stampede(cloud, {}, 800))]);
    expect(cloud.mints()).toBe(2);
  });

  it('200 reports of a revoked token on 8 instances mint once, and all 200 recover', async () => {
    const cloud = await borrow();
    const [{ access_token: dead = '' } = { access_token: '' }] = await stampede(cloud);
    cloud.clock.advance(MINUTE_MS);
    cloud.sandbox.wechat.account(cloud.sandbox.wechat.appids()[0]!).revoke(cloud.clock.now());
    const replies = await stampede(cloud, { invalid_access_token: dead });
    expectOneToken(cloud, replies);
    expect(replies[0]?.access_token).not.toBe(dead);
    expect(cloud.mints()).toBe(2);
  });
});
