/** Scenarios 8, 9, 10, 11, 17: WeChat says no, and whoever has to act on it is told, instead of WeChat being asked again. */

import { describe, expect, it } from 'vitest';
import { nextDayAtMs } from '../../functions/_shared/token/setback.ts';
import type { TickReply } from '../../functions/refreshAccessToken/tick.ts';
import { NOON_MS, startTestCloud } from '../support/cloud.ts';
import { APPID, createRig, START_MS, tokenOf, type Rig } from '../support/rig.ts';
import { countFetches } from './holding.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

function outcomeOf({ action, errcode }: TickReply): string {
  return `${action} ${errcode}`;
}

/** Who is told of failures, by owner and code, each once. */
function warnings({ logged }: Rig): string[] {
  const failures = logged.filter(({ event }) => event === 'mint_failed');
  return [
    ...new Set(failures.map(({ fields }) => `${String(fields['owner'])} ${String(fields['errcode'])}`)),
  ];
}

describe('errors with owners', () => {
  it('8. With a wrong secret the first of 1 000 calls in 10 minutes fetches, three others try again after 1, 2 and 4 minutes, and each caller is told at once (co-wechat-api, hashicorp/vault#17091)', async () => {
    const rig = createRig({ wrongSecret: true });
    const keeper = rig.process();
    const fetchedAtMinutes: number[] = [];
    for (let call = 0; call < 1_000; call++) {
      const [before, beganAtMs] = [rig.upstream.calls, rig.timeline.now()];
      expect(await rig.get(keeper)).toMatchObject({ ok: false, errcode: 40125 });
      expect(rig.timeline.now() - beganAtMs).toBeLessThan(SECOND_MS);
      if (rig.upstream.calls > before) fetchedAtMinutes.push(Math.floor((beganAtMs - START_MS) / MINUTE_MS));
      await rig.timeline.runUntil(START_MS + (call + 1) * 600);
    }
    expect(fetchedAtMinutes).toEqual([0, 1, 3, 7]);
  });

  it('9. An IP that is not whitelisted is named to callers and to the timer, asked for 6 times in an hour, and accepted once it is added (binarywang/weixin-java-mp-demo#152, JeffreySu/WeiXinMPSDK#2116, WxJava#3199)', async () => {
    const rig = createRig();
    const [caller, timer] = [rig.process(), rig.process()];
    rig.wechat.account(APPID).setWhitelist(['10.0.0.1']);
    const naming = expect.stringMatching(/127\.0\.0\.1.*whitelist/s) as string;
    const told: string[] = [];
    for (let call = 0; call < 360; call++) {
      expect(await rig.get(caller)).toMatchObject({ ok: false, errcode: 40164, errmsg: naming });
      if (call % 30 === 0) told.push(outcomeOf(await rig.tick(timer)));
      await rig.timeline.runUntil(START_MS + (call + 1) * 10 * SECOND_MS);
    }
    expect(told).toEqual(Array.from({ length: 12 }, () => 'failed 40164'));
    expect(rig.upstream.calls).toBe(6);
    rig.wechat.account(APPID).setWhitelist(['127.0.0.1']);
    await rig.advance(60 * MINUTE_MS);
    expect(await rig.tick(timer)).toMatchObject({ action: 'refreshed' });
  });

  it.each([40164, 89503])(
    '10. A refresh that is refused with %i an hour before the end leaves the old token in use to its end, is tried again rarely and warned of (overtrue/laravel-wechat#367, myvas/AspNetCore.Weixin#91)',
    async (errcode) => {
      const rig = createRig({ policy: { refreshAfterMs: 60 * MINUTE_MS } });
      const [caller, timer] = [rig.process(), rig.process()];
      const token = tokenOf(await rig.get(caller));
      await rig.advance(60 * MINUTE_MS);
      rig.lineFaults.push(
        ...Array.from({ length: 100 }, () => ({ kind: 'errcode', errcode, errmsg: 'no' }) as const),
      );
      const told: string[] = [];
      for (let minute = 60; minute < 119; minute++) {
        if (minute % 5 === 0) told.push(outcomeOf(await rig.tick(timer)));
        expect(tokenOf(await rig.get(caller))).toBe(token);
        expect(rig.isAlive(token)).toBe(true);
        await rig.timeline.runUntil(START_MS + (minute + 1) * MINUTE_MS);
      }
      expect(told).toEqual(Array.from({ length: 12 }, () => `failed ${errcode}`));
      expect(rig.upstream.calls).toBe(7);
      expect(warnings(rig)).toEqual([`configuration ${errcode}`]);
    },
  );

  it('11. When the day’s quota is gone nothing is fetched until it resets, and the token that is alive is served (Eric-Guo/wechat#52, hezhizheng/go-wxpush#10, WeiXinMPSDK#1677)', async () => {
    const rig = createRig();
    const [caller, timer] = [rig.process(), rig.process()];
    const token = tokenOf(await rig.get(caller));
    await rig.advance(110 * MINUTE_MS);
    rig.wechat.account(APPID).setQuotaUsed('legacyDay', 2_000, rig.timeline.now());
    expect(await rig.tick(timer)).toMatchObject({ action: 'failed', errcode: 45009 });
    expect(tokenOf(await rig.get(caller))).toBe(token);
    const resetAtMs = nextDayAtMs(START_MS);
    for (let atMs = rig.timeline.now(); atMs < resetAtMs; atMs += 5 * MINUTE_MS) {
      await rig.timeline.runUntil(atMs);
      expect(await rig.tick(timer)).toMatchObject({ action: 'failed', errcode: 45009 });
      await rig.get(caller);
    }
    expect(rig.upstream.calls).toBe(2);
    expect(warnings(rig)).toEqual(['quota 45009']);
    expect(await rig.get(caller)).toMatchObject({ ok: false, errcode: 45009 });
    await rig.timeline.runUntil(resetAtMs);
    expect(await rig.tick(timer)).toMatchObject({ action: 'refreshed' });
  });

  it('17. An answer of -1 is not taken for a token: nothing of it is stored, and the one before stays (silenceper/wechat#645, wj-Mcat/token-center)', async () => {
    const cloud = await startTestCloud({ startAtMs: NOON_MS });
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
