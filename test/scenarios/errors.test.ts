/** Scenarios 8, 9, 10, 11, 17: WeChat says no, and whoever has to act on it is told, instead of WeChat being asked again. */

import { describe, expect, it } from 'vitest';
import { nextDayAtMs } from '../../functions/_shared/token/backoff.ts';
import type { TickReply } from '../../functions/refreshAccessToken/reply.ts';
import { borrowCloud, NOON_MS } from '../support/cloud.ts';
import { APPID, createHarness, START_MS, tokenOf, type Harness } from '../support/harness.ts';
import { countFetches } from './holding.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

function outcomeOf({ action, errcode }: TickReply): string {
  return `${action} ${errcode}`;
}

/** Who is told of failures, by owner and code, each once. */
function warnings({ logged }: Harness): string[] {
  const failures = logged.filter(({ event }) => event === 'mint_failed');
  return [
    ...new Set(failures.map(({ fields }) => `${String(fields['owner'])} ${String(fields['errcode'])}`)),
  ];
}

describe('errors with owners', () => {
  it('8. With a wrong secret the first of 1 000 calls in 10 minutes fetches, three others try again after 1, 2 and 4 minutes, and each caller is told at once (co-wechat-api, hashicorp/vault#17091)', async () => {
    const harness = createHarness({ wrongSecret: true });
    const app = harness.process();
    const fetchedAtMinutes: number[] = [];
    for (let call = 0; call < 1_000; call++) {
      const [before, beganAtMs] = [harness.upstream.calls, harness.timeline.now()];
      expect(await harness.get(app)).toMatchObject({ ok: false, errcode: 40125 });
      expect(harness.timeline.now() - beganAtMs).toBeLessThan(SECOND_MS);
      if (harness.upstream.calls > before)
        fetchedAtMinutes.push(Math.floor((beganAtMs - START_MS) / MINUTE_MS));
      await harness.timeline.runUntil(START_MS + (call + 1) * 600);
    }
    expect(fetchedAtMinutes).toEqual([0, 1, 3, 7]);
  });

  it('9. An IP that is not whitelisted is named to callers and to the timer, asked for 6 times in an hour, and accepted once it is added (binarywang/weixin-java-mp-demo#152, JeffreySu/WeiXinMPSDK#2116, WxJava#3199)', async () => {
    const harness = createHarness();
    const [caller, timer] = [harness.process(), harness.process()];
    harness.wechat.account(APPID).setWhitelist(['10.0.0.1']);
    const naming = expect.stringMatching(/127\.0\.0\.1.*whitelist/s) as string;
    const told: string[] = [];
    for (let call = 0; call < 360; call++) {
      expect(await harness.get(caller)).toMatchObject({ ok: false, errcode: 40164, errmsg: naming });
      if (call % 30 === 0) told.push(outcomeOf(await harness.tick(timer)));
      await harness.timeline.runUntil(START_MS + (call + 1) * 10 * SECOND_MS);
    }
    expect(told).toEqual(Array.from({ length: 12 }, () => 'failed 40164'));
    expect(harness.upstream.calls).toBe(6);
    harness.wechat.account(APPID).setWhitelist(['127.0.0.1']);
    await harness.advance(60 * MINUTE_MS);
    expect(await harness.tick(timer)).toMatchObject({ action: 'refreshed' });
  });

  it.each([40164, 89503])(
    '10. A refresh that is refused with %i an hour before the end leaves the old token in use to its end, is tried again rarely and warned of (overtrue/laravel-wechat#367, myvas/AspNetCore.Weixin#91)',
    async (errcode) => {
      const harness = createHarness({ policy: { refreshAfterMs: 60 * MINUTE_MS } });
      const [caller, timer] = [harness.process(), harness.process()];
      const token = tokenOf(await harness.get(caller));
      await harness.advance(60 * MINUTE_MS);
      harness.lineFaults.push(
        ...Array.from({ length: 100 }, () => ({ kind: 'errcode', errcode, errmsg: 'no' }) as const),
      );
      const told: string[] = [];
      for (let minute = 60; minute < 119; minute++) {
        if (minute % 5 === 0) told.push(outcomeOf(await harness.tick(timer)));
        expect(tokenOf(await harness.get(caller))).toBe(token);
        expect(harness.isAlive(token)).toBe(true);
        await harness.timeline.runUntil(START_MS + (minute + 1) * MINUTE_MS);
      }
      expect(told).toEqual(Array.from({ length: 12 }, () => `failed ${errcode}`));
      expect(harness.upstream.calls).toBe(7);
      expect(warnings(harness)).toEqual([`configuration ${errcode}`]);
    },
  );

  it('11. When the day’s quota is gone nothing is fetched until it resets, and the token that is alive is served (Eric-Guo/wechat#52, hezhizheng/go-wxpush#10, WeiXinMPSDK#1677)', async () => {
    const harness = createHarness();
    const [caller, timer] = [harness.process(), harness.process()];
    const token = tokenOf(await harness.get(caller));
    await harness.advance(110 * MINUTE_MS);
    harness.wechat.account(APPID).setQuotaUsed('legacyDay', 2_000, harness.timeline.now());
    expect(await harness.tick(timer)).toMatchObject({ action: 'failed', errcode: 45009 });
    expect(tokenOf(await harness.get(caller))).toBe(token);
    const resetAtMs = nextDayAtMs(START_MS);
    for (let atMs = harness.timeline.now(); atMs < resetAtMs; atMs += 5 * MINUTE_MS) {
      await harness.timeline.runUntil(atMs);
      expect(await harness.tick(timer)).toMatchObject({ action: 'failed', errcode: 45009 });
      await harness.get(caller);
    }
    expect(harness.upstream.calls).toBe(2);
    expect(warnings(harness)).toEqual(['quota 45009']);
    expect(await harness.get(caller)).toMatchObject({ ok: false, errcode: 45009 });
    await harness.timeline.runUntil(resetAtMs);
    expect(await harness.tick(timer)).toMatchObject({ action: 'refreshed' });
  });

  it('17. An answer of -1 is not taken for a token: nothing of it is stored, and the one before stays (silenceper/wechat#645, wj-Mcat/token-center)', async () => {
    const cloud = await borrowCloud({ startAtMs: NOON_MS });
    await cloud.refresh();
    const token = cloud.stored()?.['token'];
    cloud.clock.advance(110 * MINUTE_MS);
    const fetches = countFetches(cloud);
    cloud.sandbox.faults.busy(3);
    await expect(cloud.refresh()).rejects.toThrow(/-1/);
    expect(fetches()).toBe(3);
    expect(cloud.stored()).toMatchObject({ token, claim: null, unsettledSinceAtMs: null });
    expect(await cloud.get()).toMatchObject({ errcode: 0, access_token: cloud.storedToken() });
    expect(cloud.isAlive(cloud.storedToken())).toBe(true);
  });
});
