/** Scenarios 21, 24, 39: a refresh under way, and what is left when its holder dies. */

import { describe, expect, it } from 'vitest';
import { getAccessToken } from '../../functions/_shared/token/getAccessToken.ts';
import { requestRefresh } from '../../functions/_shared/token/manual-refresh.ts';
import { CLAIM_MS, HOLD_MS } from '../../functions/_shared/token/policy.ts';
import type { TokenRecord } from '../../functions/_shared/token/record.ts';
import { COLLECTION } from '../../scripts/local/cloud.ts';
import { APPID, borrowCloud, NOON_MS, type TestCloud } from '../support/cloud.ts';
import { APPID as HARNESS_APPID, createHarness, tokenOf } from '../support/harness.ts';
import { holdAtWeChat, holdWrite, type Held } from './holding.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

async function livesThroughDeathOfHolder(holdAt: (cloud: TestCloud) => Held): Promise<number> {
  const cloud = await borrowCloud({ startAtMs: NOON_MS });
  await cloud.refresh();
  const first = cloud.storedToken();
  cloud.clock.advance(110 * MINUTE_MS);
  const { reached, letGo } = holdAt(cloud);
  const tick = cloud.refresh().catch((error: unknown) => error);
  await reached;
  const holder = cloud.host.instances('refreshAccessToken').find(({ state }) => state === 'busy');
  process.kill(holder!.pid, 'SIGKILL');
  await tick;
  letGo();
  for (let passedMs = 0; passedMs < HOLD_MS; passedMs += 20 * SECOND_MS) {
    expect((await cloud.refresh()).results[0]).toMatchObject({ action: 'busy' });
    expect((await cloud.get()).access_token).toBe(first);
    expect(cloud.isAlive(first)).toBe(true);
    cloud.clock.advance(20 * SECOND_MS);
  }
  expect((await cloud.refresh()).results[0]).toMatchObject({ action: 'refreshed' });
  const { access_token: second } = await cloud.get();
  expect(second).toBe(cloud.storedToken());
  expect(cloud.isAlive(second)).toBe(true);
  return cloud.mints();
}

describe('holders', () => {
  it.each<[string, number, (cloud: TestCloud) => Held]>([
    ['its claim', 2, (cloud) => holdWrite(cloud, 'after', 1)],
    ['WeChat’s mint', 3, (cloud) => holdAtWeChat(cloud, 'after')],
  ])(
    '21. When the holder is killed after %s the old token is served until another takes over, 4 minutes later: %i mints in all, one too many at most (aws-powertools/powertools-lambda-python#1038, powertools-lambda#53, redisson/redisson#1626)',
    async (_, mints, holdAt) => {
      // Not as soon as the claim ends: while a mint may be under way that nobody knows of, one more would kill the old token.
      expect(await livesThroughDeathOfHolder(holdAt)).toBe(mints);
    },
  );

  it('24. A refresh that an operator orders does not blank the valid token first: readers get it until the new one is stored (WxJava#324)', async () => {
    const cloud = await borrowCloud({ startAtMs: NOON_MS, host: { maxInstances: 1 } });
    await cloud.refresh();
    const first = cloud.storedToken();
    cloud.clock.advance(30 * MINUTE_MS);
    const ordered = requestRefresh(cloud.stored() as unknown as TokenRecord, cloud.clock.now());
    const collection = cloud.database.collection(COLLECTION);
    await collection.update({ query: { _id: APPID }, update: { ...ordered }, replace: true });
    const { reached, letGo } = holdAtWeChat(cloud, 'after');
    const forced = cloud.refresh();
    await reached;
    const stored = cloud.storedToken();
    const reply = await cloud.get();
    const isAlive = cloud.isAlive(first);
    await cloud.host.recycle('getAccessToken');
    letGo();
    await forced;
    expect([stored, reply.access_token, isAlive]).toEqual([first, first, true]);
    expect((await forced).results[0]).toMatchObject({ action: 'refreshed' });
    expect(cloud.storedToken()).not.toBe(first);
    expect(await cloud.get()).toMatchObject({ errcode: 0, access_token: cloud.storedToken() });
    expect(cloud.mints()).toBe(2);
  });

  it('39. A lock that a dead process has left is broken by its age, and at once when its age makes no sense (Azure/azure-sdk-for-js#31307)', async () => {
    const harness = createHarness();
    const dead = harness.process();
    dead.ports.mint = () => new Promise(() => undefined);
    void getAccessToken(dead, null);
    await harness.advance(SECOND_MS);
    const { claim } = harness.stored();
    await harness.timeline.runUntil(claim!.untilAtMs - 7 * SECOND_MS);
    expect(await harness.get(harness.process())).toMatchObject({ ok: false, errcode: 503 });
    expect(harness.upstream.calls).toBe(0);
    await harness.timeline.runUntil(claim!.untilAtMs);
    const token = tokenOf(await harness.get(harness.process()));
    expect(harness.upstream.calls).toBe(1);

    await harness.timeline.runUntil(harness.stored().token!.expiresAtMs);
    const startedAtMs = harness.timeline.now() + 60 * MINUTE_MS;
    const impossible = { ...claim, startedAtMs, untilAtMs: startedAtMs + CLAIM_MS };
    harness.collection.documents.set(HARNESS_APPID, { ...harness.stored(), claim: impossible });
    expect(tokenOf(await harness.get(harness.process()))).not.toBe(token);
    expect(harness.upstream.calls).toBe(2);
  });
});
