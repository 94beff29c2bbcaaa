/** Scenarios 1, 2, 3, 23, 36: many ask at once, and one fetch serves them all. */

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { getAccessToken } from '../../functions/_shared/token/getAccessToken.ts';
import { borrowCloud, INSTANCES, NOON_MS, type Reply, type TestCloud } from '../support/cloud.ts';
import { createHarness, tokenOf } from '../support/harness.ts';
import { getPatiently } from './caller.ts';
import { countFetches, holdAtWeChat } from './holding.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** As many calls at the same time, which makes as many instances where none is idle. */
function ask(cloud: TestCloud, calls: number): Promise<Reply[]> {
  return Promise.all(Array.from({ length: calls }, () => getPatiently(cloud)));
}

/** The one token that all replies hold. */
function tokenIn(replies: readonly Reply[]): string | undefined {
  expect(new Set(replies.map(({ access_token }) => access_token)).size).toBe(1);
  return replies[0]?.access_token;
}

describe('stampedes', () => {
  it('1. 200 callers of one process at the edge of expiry cause one fetch and get one token (node-webot/wechat-api#179, offu/WeRoBot#288)', async () => {
    const harness = createHarness();
    const app = harness.process();
    const first = tokenOf(await harness.get(app));
    await harness.advance(120 * MINUTE_MS);
    harness.collection.calls.reads = harness.collection.calls.writes = 0;
    const calls = Array.from({ length: 200 }, () => getAccessToken(app, null));
    const answers = await harness.timeline.settle(Promise.all(calls));
    const tokens = new Set(answers.map(tokenOf));
    expect(tokens.size).toBe(1);
    expect(tokens.has(first)).toBe(false);
    expect(harness.upstream.calls).toBe(2);
    // One flight for all of them, down to the database.
    expect(harness.collection.calls).toEqual({ reads: 1, writes: 2 });
  });

  it('36. 50 cold starts that need the token at once cause one fetch (sysucats/zhongdamaopu#86)', async () => {
    const harness = createHarness();
    const starts = Array.from({ length: 50 }, () => getAccessToken(harness.process(), null));
    const answers = await harness.timeline.settle(Promise.all(starts));
    expect(new Set(answers.map(tokenOf)).size).toBe(1);
    expect(harness.upstream.calls).toBe(1);
    // As many real processes as two cores can start within the time that a caller waits.
    const cloud = await borrowCloud({ startAtMs: NOON_MS });
    await cloud.host.recycle('getAccessToken');
    const fetches = countFetches(cloud);
    const replies = await ask(cloud, INSTANCES);
    expect(cloud.host.instances('getAccessToken')).toHaveLength(INSTANCES);
    expect(cloud.isAlive(tokenIn(replies))).toBe(true);
    expect(fetches()).toBe(1);
  }, 120_000);

  it('2. 8 instances that find the token expired fetch once in all, and none replaces what another has stored (Eric-Guo/wechat#76, binarywang/WxJava#369)', async () => {
    const cloud = await borrowCloud({ startAtMs: NOON_MS });
    const fetches = countFetches(cloud);
    const first = tokenIn(await ask(cloud, 8));
    cloud.clock.advance(120 * MINUTE_MS);
    const second = tokenIn(await ask(cloud, 8));
    expect(cloud.host.instances('getAccessToken')).toHaveLength(8);
    expect(second).not.toBe(first);
    for (let minute = 0; minute < 10; minute++) {
      cloud.clock.advance(MINUTE_MS);
      expect(tokenIn(await ask(cloud, 8))).toBe(second);
    }
    expect(fetches()).toBe(2);
  });

  it('3. A caller that waits for another’s refresh gets that token and fetches none itself (WxJava#1222, WxJava#1554)', async () => {
    const cloud = await borrowCloud({ startAtMs: NOON_MS });
    const fetches = countFetches(cloud);
    const { reached, letGo } = holdAtWeChat(cloud, 'before');
    const holder = cloud.refresh();
    await reached;
    cloud.gateway.stats.reset();
    const waiting = cloud.get();
    await vi.waitFor(
      () => expect(cloud.gateway.stats.snapshot().reads).toEqual({ wx_access_tokens: 1 }),
      4_000,
    );
    letGo();
    expect((await holder).results[0]).toMatchObject({ action: 'refreshed' });
    expect(await waiting).toMatchObject({ errcode: 0, access_token: cloud.storedToken() });
    expect(fetches()).toBe(1);
  });

  it('23. An upstream that takes 8 s, longer than the request may, is asked once: the claim outlives it, and 8 instances serve what is left (WxJava#1966, WxJava#2265, Senparc)', async () => {
    const cloud = await borrowCloud({ startAtMs: NOON_MS });
    const fetches = countFetches(cloud);
    const first = tokenIn(await ask(cloud, 8));
    cloud.clock.advance(119 * MINUTE_MS + 5 * SECOND_MS);
    cloud.sandbox.faults.add({ fault: { do: 'delay', ms: 8_000 }, times: 100 });
    const deadlineMs = cloud.clock.now() + 40 * SECOND_MS;
    // The clock goes on meanwhile, and all but the one that fetches ask on.
    const stop = runClock(cloud);
    const askOn = async (): Promise<void> => {
      do {
        const { access_token: token, expires_in: leftS = 0 } = await getPatiently(cloud);
        if (cloud.mints() > 1) return;
        expect(token).toBe(first);
        expect(leftS).toBeGreaterThan(0);
        expect(leftS).toBeLessThan(60);
        await sleep(500);
      } while (cloud.clock.now() < deadlineMs);
    };
    await Promise.all(Array.from({ length: 8 }, askOn)).finally(stop);
    // Whoever fetches ends its call: else the cloud would be of no use to the next test.
    await vi.waitFor(() => expect(cloud.isAtRest()).toBe(true), 20_000);
    expect(fetches()).toBe(2);
    expect(cloud.mints()).toBe(2);
  });
});

/** As fast as the real time, which WeChat's delay takes. */
function runClock({ clock }: TestCloud): () => void {
  let toldMs = performance.now();
  const timer = setInterval(() => {
    const passedMs = Math.round(performance.now() - toldMs);
    toldMs += passedMs;
    clock.advance(passedMs);
  }, 100);
  return () => clearInterval(timer);
}
