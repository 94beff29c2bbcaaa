/** Scenarios 18, 19, 20, 32, 33: WeChat or the database fails; what is alive is served, and nobody is flooded. */

import { describe, expect, it } from 'vitest';
import type { App } from '../../functions/_shared/token/app.ts';
import { getAccessToken } from '../../functions/_shared/token/getAccessToken.ts';
import type { Answer } from '../../functions/_shared/token/ports.ts';
import { borrowCloud, NOON_MS, type TestCloud } from '../support/cloud.ts';
import { createHarness, START_MS, tokenOf, type Harness } from '../support/harness.ts';
import { countFetches, isWrite } from './holding.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

function tokensOf(cloud: TestCloud, calls: number): Promise<(string | undefined)[]> {
  return Promise.all(Array.from({ length: calls }, async () => (await cloud.get()).access_token));
}

describe('outages', () => {
  it('18. A first fetch that gets no answer is not what later calls get: after a second’s backoff the next call, on any instance, fetches again (aws/aws-sdk-js-v3#2067, aws/aws-sdk-js-v3#6344)', async () => {
    const cloud = await borrowCloud({ startAtMs: NOON_MS, host: { maxInstances: 1 } });
    const fetches = countFetches(cloud);
    cloud.sandbox.faults.add({ fault: { do: 'drop' } });
    for (let call = 0; call < 3; call++) {
      expect(await cloud.get()).toMatchObject({ errcode: 503, retry_after: expect.any(Number) as number });
      await cloud.host.recycle('getAccessToken');
    }
    expect(fetches()).toBe(1);
    cloud.clock.advance(1_300);
    expect(cloud.isAlive((await cloud.get()).access_token)).toBe(true);
    expect(fetches()).toBe(2);
  });

  it('19. While the database fails for 2 minutes 24 000 calls at 200 a second get the token from memory, and nothing is fetched (silenceper/wechat#762)', async () => {
    // As many real calls, and an outage under four real processes: test/cloud/outages.test.ts.
    const harness = createHarness();
    const apps = Array.from({ length: 4 }, () => harness.process());
    const askAll = async (callsOfEach: number): Promise<Set<string>> => {
      const asked = apps.map((app) => askInTurn(app, callsOfEach));
      return new Set((await harness.timeline.settle(Promise.all(asked))).flat().map(tokenOf));
    };
    const tokens = await askAll(1);
    expect(tokens.size).toBe(1);
    harness.outage.store = true;
    harness.collection.calls.reads = harness.collection.calls.writes = 0;
    const beganAtMs = harness.timeline.now();
    for (let second = 0; second < 120; second++) {
      expect(await askAll(50)).toEqual(tokens);
      await harness.timeline.runUntil(beganAtMs + (second + 1) * SECOND_MS);
    }
    // Each process looks when its memory is a minute old, and again 5, 10 and 20 s after a look has failed, which
    // takes 3 s; the next pause of 30 s outlasts the outage.
    expect(harness.collection.calls.reads).toBe(4 * 4);
    expect(harness.collection.calls.writes).toBe(0);
    expect(harness.mints()).toBe(1);
  });

  it('20. A token that was minted but could not be saved is served from memory, saved at the next look at the database, and not minted again (silenceper/wechat#762)', async () => {
    const cloud = await borrowCloud({ startAtMs: NOON_MS, host: { maxInstances: 1 } });
    let writes = 0;
    const release = cloud.gateway.faults.outage('drop', ({ action }) => isWrite(action) && ++writes > 1);
    const [token] = await tokensOf(cloud, 1);
    expect(cloud.isAlive(token)).toBe(true);
    expect(cloud.storedToken()).toBeUndefined();
    expect(new Set(await tokensOf(cloud, 20))).toEqual(new Set([token]));
    release();
    cloud.clock.advance(MINUTE_MS);
    expect(await tokensOf(cloud, 1)).toEqual([token]);
    expect(cloud.storedToken()).toBe(token);
    expect(cloud.stored()).toMatchObject({ claim: null, unsettledSinceAtMs: null });
    expect(cloud.mints()).toBe(1);
  });

  it('32. While WeChat can’t be reached for 20 minutes, callers get the token that has 30 left, and the first tick after it refreshes (hashicorp/vault#10918, hashicorp/vault#11008; songquanpeng/wechat-server)', async () => {
    const { harness, caller, timer, token } = await dueWithHalfAnHourLeft();
    harness.lineFaults.push(...Array.from({ length: 100 }, () => ({ kind: 'unreachable' }) as const));
    const { action, seen } = await liveThrough(harness, caller, timer);
    expect(action).toBe('failed');
    expect(seen.every((value) => value === token)).toBe(true);
    // Two hosts at each of the four ticks; in the 15 minutes from one tick past due on, readers too, once a minute.
    expect(harness.upstream.calls).toBeGreaterThanOrEqual(1 + 4 * 2);
    expect(harness.upstream.calls).toBeLessThanOrEqual(1 + 4 * 2 + 15 * 2);
    harness.lineFaults.length = 0;
    expect(await harness.tick(timer)).toMatchObject({ action: 'refreshed' });
  });

  it('32. While WeChat takes requests for 20 minutes and never answers, callers get the old token for the 4 minutes in which it is surely alive, then 503, and a new token within a minute of the end (hashicorp/vault#10918, hashicorp/vault#11008; songquanpeng/wechat-server)', async () => {
    // A request that may have arrived may have minted, and that kills the old token after 5 minutes.
    const { harness, caller, timer, token } = await dueWithHalfAnHourLeft();
    harness.outage.wechat = true;
    const { action, seen } = await liveThrough(harness, caller, timer);
    expect(action).toBe('failed');
    expect(seen.slice(0, 24).every((value) => value === token)).toBe(true);
    expect(seen.slice(24).every((value) => value === 503)).toBe(true);
    expect(harness.upstream.calls).toBeLessThanOrEqual(25);
    harness.outage.wechat = false;
    await harness.advance(MINUTE_MS + 15 * SECOND_MS);
    expect(harness.isAlive(tokenOf(await harness.get(caller)))).toBe(true);
  });

  it('33. When a refresh goes on failing past expiry, an hour of a call a second fetches once a minute at most after the first (vault#25712, vault/PR#26844; cert-manager#4727, cert-manager#1948)', async () => {
    const harness = createHarness();
    const [caller, timer] = [harness.process(), harness.process()];
    await harness.get(caller);
    await harness.advance(120 * MINUTE_MS);
    harness.outage.wechat = true;
    const beganAtMs = harness.timeline.now();
    const fetches = Array.from({ length: 60 }, () => 0);
    for (let second = 0; second < 3_600; second++) {
      const before = harness.upstream.calls;
      if (second % 300 === 0) await harness.tick(timer);
      expect(await harness.get(caller)).toMatchObject({ ok: false, errcode: 503 });
      fetches[Math.floor(second / 60)]! += harness.upstream.calls - before;
      await harness.timeline.runUntil(beganAtMs + (second + 1) * SECOND_MS);
    }
    expect(fetches[0]).toBe(5);
    expect(fetches[1]).toBe(2);
    expect(Math.max(...fetches.slice(2))).toBe(1);
  });
});

/** One call after the other, as an instance of functions V1 takes them. */
async function askInTurn(app: App, calls: number): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let call = 0; call < calls; call++) answers.push(await getAccessToken(app, null));
  return answers;
}

/** A token that is due for replacement with half an hour to live, because WX_REFRESH_MINUTES says 90. */
async function dueWithHalfAnHourLeft() {
  const harness = createHarness({ policy: { refreshAfterMs: 90 * MINUTE_MS } });
  const [caller, timer] = [harness.process(), harness.process()];
  const token = tokenOf(await harness.get(caller));
  await harness.timeline.runUntil(START_MS + 90 * MINUTE_MS);
  return { harness, caller, timer, token };
}

/** 20 minutes with a tick every 5 and a call every 10 s: what the last tick said, and each token or errcode in turn. */
async function liveThrough(harness: Harness, caller: App, timer: App) {
  const beganAtMs = harness.timeline.now();
  const seen: (string | number)[] = [];
  let action = '';
  for (let second = 0; second < 20 * 60; second += 10) {
    if (second % 300 === 0) ({ action } = await harness.tick(timer));
    const answer = await harness.get(caller);
    seen.push(answer.ok ? answer.token : answer.errcode);
    await harness.timeline.runUntil(beganAtMs + (second + 10) * SECOND_MS);
  }
  return { action, seen };
}
