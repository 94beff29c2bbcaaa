/** Scenarios 25, 27, 28, 38: deployments, several apps, somebody else's minter, and variables that are wrong. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { APPID, borrowCloud, NOON_MS, SECRET, startTestCloud } from '../support/cloud.ts';
import { callWeChat } from './caller.ts';
import { holdAtWeChat } from './holding.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const ONE_APP = { WX_APPID: APPID, WX_APPSECRET: SECRET };
const appsWith = (flag: object): string => JSON.stringify([{ appid: APPID, secret: SECRET, ...flag }]);

describe('operations', () => {
  it('25. A new version, and a cloud that starts again, go on with the stored token without a mint (WeiXinMPSDK#1399, WeiXinMPSDK#1778)', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'scenario-25-'));
    onTestFinished(() => rm(dataFolder, { recursive: true, force: true }));
    const old = await startTestCloud({ startAtMs: NOON_MS, dataFolder });
    await old.refresh();
    const token = old.storedToken();
    for (const name of ['refreshAccessToken', 'getAccessToken']) await old.host.recycle(name);
    expect((await old.refresh()).results[0]).toMatchObject({ action: 'fresh' });
    expect(await old.get()).toMatchObject({ errcode: 0, access_token: token });
    expect(old.mints()).toBe(1);
    await old.close();

    const variables = { ...ONE_APP, WX_REFRESH_MINUTES: '100' };
    const next = await startTestCloud({ startAtMs: NOON_MS + MINUTE_MS, dataFolder, variables });
    expect((await next.refresh()).results[0]).toMatchObject({ action: 'fresh' });
    expect(await next.get()).toMatchObject({ errcode: 0, access_token: token });
    expect(next.isAlive(token)).toBe(true);
    expect(next.mints()).toBe(0);
  });

  it('27. One app’s errors, reports and refreshes under way touch no other app (WxJava#1473, aws-sdk-js-v3#8266)', async () => {
    const WX_APPS = JSON.stringify([
      { appid: 'wxa', secret: 'secret-a' },
      { appid: 'wxb', secret: 'secret-b' },
    ]);
    const cloud = await startTestCloud({ startAtMs: NOON_MS, variables: { WX_APPS } });
    cloud.sandbox.wechat.account('wxa').setWhitelist(['10.0.0.1']);
    const { results } = await cloud.refresh();
    expect(results.map(({ errcode }) => errcode)).toEqual([40164, 0]);
    const { access_token: ofB } = await cloud.get({ appid: 'wxb' });
    expect(cloud.isAlive(ofB)).toBe(true);
    expect(await cloud.get({ appid: 'wxa' })).toMatchObject({ errcode: 40164 });

    cloud.sandbox.wechat.account('wxa').setWhitelist(undefined);
    cloud.clock.advance(MINUTE_MS);
    const { reached, letGo } = holdAtWeChat(cloud, 'before');
    const ofA = cloud.get({ appid: 'wxa', invalid_access_token: ofB });
    await reached;
    cloud.sandbox.wechat.account('wxb').revoke(cloud.clock.now());
    const fresh = await cloud.get({ appid: 'wxb', invalid_access_token: ofB });
    expect(cloud.isAlive(fresh.access_token)).toBe(true);
    expect(cloud.storedToken('wxa')).toBeUndefined();
    letGo();
    expect((await ofA).access_token).toBe(cloud.storedToken('wxa'));
    expect(cloud.storedToken('wxb')).toBe(fresh.access_token);
    expect([cloud.mints('wxa'), cloud.mints('wxb')]).toEqual([1, 2]);
  });

  it('28. A foreign minter every 10 minutes costs one mint of ours each time, no two within 10 minutes, and is told of from the second on (silenceper/wechat#516, easywechat#688, WxJava#2636, WxJava#2998)', async () => {
    const alerts: number[] = [];
    const log = (line: string): void => {
      if (line.includes('foreign_minter_suspected')) alerts.push(cloud.clock.now());
    };
    const cloud = await startTestCloud({ startAtMs: NOON_MS, host: { log } });
    const { wechat } = cloud.sandbox;
    for (let minute = 0; minute <= 120; minute++) {
      if (minute % 5 === 0) await cloud.refresh();
      if (minute % 10 === 0 && minute > 0) wechat.account(APPID).foreignMint(cloud.clock.now());
      const attempts = await callWeChat(cloud);
      expect(attempts.at(-1)).toMatchObject({ errcode: 0 });
      cloud.clock.advance(MINUTE_MS);
    }
    const ours = wechat
      .mints(APPID)
      .latest()
      .filter(({ isForeign }) => !isForeign);
    const gapsMs = ours.slice(2).map(({ atMs }, index) => atMs - ours[index + 1]!.atMs);
    expect(wechat.mints(APPID).foreign).toBe(12);
    // The first, and one for each foreign mint whose five minutes of grace are over.
    expect(ours).toHaveLength(1 + 11);
    expect(Math.min(...gapsMs)).toBeGreaterThanOrEqual(10 * MINUTE_MS);
    expect(alerts).toEqual(ours.slice(2).map(({ atMs }) => atMs));
  });

  it('38. The mode in force can be seen in the log and in the stored document, and a flag that nobody knows is refused by name (WxJava#3696, easywechat/PR#2719)', async () => {
    const variables = { ...ONE_APP, WX_TOKEN_API: 'stable' };
    const cloud = await borrowCloud({ startAtMs: NOON_MS, variables });
    await cloud.refresh();
    expect(cloud.stored()).toMatchObject({ token: { api: 'stable' } });
    expect(cloud.lines.filter((line) => line.includes('token_minted')).join()).toContain('"api":"stable"');
    expect(cloud.sandbox.wechat.mints(APPID)).toMatchObject({ legacy: 0, stable: 1 });

    const wrong: Record<string, string>[] = [
      { WX_TOKEN_API: 'stable_token', WX_APPS: appsWith({ stable: true }) },
      { WX_TOKEN_API: 'true', WX_APPS: appsWith({ api: 'Stable' }) },
    ];
    for (const badVariables of wrong) {
      const other = await startTestCloud({ variables: badVariables });
      for (const { errcode, errmsg } of [await other.get(), await other.refresh()]) {
        expect(errcode).toBe(500);
        for (const name of ['WX_TOKEN_API', 'WX_APPS']) expect(errmsg).toContain(`${name} must be`);
      }
      expect(other.mints()).toBe(0);
      await other.close();
    }
  });
});
