/** Scenarios 6, 7, 29, 30, 35, 37: what a caller does about a token that WeChat refuses, and what it costs. */

import { describe, expect, it, onTestFinished } from 'vitest';
import { startHttpServer } from '../../scripts/local/http-server.ts';
import { APPID, NOON_MS, borrowCloud, type TestCloud } from '../support/cloud.ts';
import { callWeChat, errcodesOf, getPatiently, MESSAGE } from './caller.ts';

const borrow = () => borrowCloud({ startAtMs: NOON_MS });

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** WeChat's side of a call as it arrives there: which token, which body. The verdict on the token is the sandbox's. */
async function startRecorder(cloud: TestCloud) {
  const requests: { token: string | null; body: string }[] = [];
  const server = await startHttpServer({
    port: 0,
    secret: null,
    handle({ query, body }) {
      const token = new URLSearchParams(query).get('access_token');
      requests.push({ token, body: body.toString() });
      const verdict = cloud.sandbox.wechat.useToken(token ?? undefined, cloud.clock.now());
      return { status: 200, body: JSON.stringify(verdict) };
    },
  });
  onTestFinished(() => server.close());
  return { url: server.url, requests };
}

describe('reports', () => {
  it('6. When a token is revoked under 200 calls on 8 instances, one mint lets every call succeed at its one retry (easywechat#696, silenceper/wechat#336)', async () => {
    const cloud = await borrow();
    const { access_token: held } = await cloud.get();
    cloud.clock.advance(MINUTE_MS);
    cloud.sandbox.wechat.account(APPID).revoke(cloud.clock.now());
    const call = (token?: string) => cloud.sandbox.wechat.useToken(token, cloud.clock.now());
    const refused = Array.from({ length: 200 }, () => call(held));
    const report = { invalid_access_token: held };
    const replies = await Promise.all(refused.map(() => getPatiently(cloud, report)));
    const retried = replies.map(({ access_token }) => call(access_token));
    expect(cloud.host.instances('getAccessToken')).toHaveLength(8);
    expect(refused.map(({ errcode }) => errcode)).toEqual(Array.from({ length: 200 }, () => 40001));
    expect(retried.map(({ errcode }) => errcode)).toEqual(Array.from({ length: 200 }, () => 0));
    expect(cloud.mints()).toBe(2);
  });

  it('7. A 40001 that no token cures costs a call one mint, one retry and its error, and a report of a token younger than 30 s no mint (WxJava#1381, WxJava#313, chanjarster/weixin-java-tools#128)', async () => {
    const cloud = await borrow();
    await cloud.get();
    cloud.clock.advance(MINUTE_MS);
    cloud.sandbox.faults.refuse(40001, { times: 1_000 }, 'use');
    expect(errcodesOf(await callWeChat(cloud))).toEqual([40001, 40001]);
    expect(cloud.mints()).toBe(2);
    const young = cloud.storedToken();
    for (let second = 0; second < 30; second++) {
      const attempts = await callWeChat(cloud);
      expect(attempts).toEqual([
        { token: young, errcode: 40001 },
        { token: young, errcode: 40001 },
      ]);
      cloud.clock.advance(SECOND_MS);
    }
    expect(cloud.mints()).toBe(2);
  });

  it('29. After 42001 a POST is sent once more with the new token and the same body (laravel-wechat#475, easywechat#2582, wechat-api#81)', async () => {
    // Streams, which can't be sent twice, will be the client helper's to refuse.
    const cloud = await borrow();
    const { url, requests } = await startRecorder(cloud);
    const { access_token: held } = await cloud.get();
    cloud.clock.advance(120 * MINUTE_MS);
    expect(errcodesOf(await callWeChat(cloud, { held, url }))).toEqual([42001, 0]);
    expect(requests).toEqual([
      { token: held, body: MESSAGE },
      { token: cloud.storedToken(), body: MESSAGE },
    ]);
    expect(cloud.mints()).toBe(2);
  });

  it('30. 40001, 40014 and 42001 are cured alike, by one report and one mint each, and a 40001 in other text is none (co-wechat-api#99, wechat-enterprise-api#27, easywechat#163)', async () => {
    const cloud = await borrow();
    const { wechat, faults } = cloud.sandbox;
    const refusals: [number, () => void][] = [
      [40001, () => wechat.account(APPID).revoke(cloud.clock.now())],
      [40014, () => faults.refuse(40014, { times: 1 }, 'use')],
      [42001, () => cloud.clock.advance(120 * MINUTE_MS)],
    ];
    for (const [index, [errcode, refuse]] of refusals.entries()) {
      const { access_token: held } = await cloud.get();
      cloud.clock.advance(MINUTE_MS);
      refuse();
      expect(errcodesOf(await callWeChat(cloud, { held }))).toEqual([errcode, 0]);
      expect(cloud.mints()).toBe(index + 2);
      // A second report within the hour would be shown to WeChat first, which refuses only once here.
      cloud.clock.advance(61 * MINUTE_MS);
    }
    cloud.clock.advance(MINUTE_MS);
    faults.add({
      fault: { do: 'refuse', errcode: 43101, errmsg: 'refused 40001 invalid credential' },
      on: 'use',
    });
    expect(errcodesOf(await callWeChat(cloud))).toEqual([43101]);
    const chatter = { errcode: 40001, errmsg: 'invalid credential 42001', code: '40014' };
    expect(await cloud.get(chatter)).toMatchObject({ errcode: 0, access_token: cloud.storedToken() });
    expect(cloud.mints()).toBe(4);
  });

  it('35. A token that WeChat does not accept yet, seconds after its mint, is handed out again and accepted after a short wait, without a mint (octokit/auth-app.js#65)', async () => {
    const cloud = await borrow();
    const { access_token: newborn = '' } = await cloud.get();
    cloud.sandbox.wechat.flap(newborn, cloud.clock.now() + 5 * SECOND_MS);
    // How long to wait is the client helper's to know: a second, then the next call's turn.
    const pause = (): void => cloud.clock.advance(SECOND_MS);
    const seen: number[] = [];
    for (let call = 0; call < 4; call++) {
      const attempts = await callWeChat(cloud, { pause });
      expect(attempts.every(({ token }) => token === newborn)).toBe(true);
      seen.push(...errcodesOf(attempts));
      cloud.clock.advance(SECOND_MS);
    }
    expect(seen).toEqual([40001, 40001, 40001, 40001, 40001, 0, 0]);
    expect(cloud.mints()).toBe(1);
  });

  it('37. A job of 3 hours that asks before each call never holds a dead token, whatever becomes of the one it began with (probot/probot#1144, WxJava#3354)', async () => {
    const cloud = await borrow();
    const { access_token: first } = await cloud.get();
    for (let minute = 0; minute < 180; minute += 5) {
      await cloud.refresh();
      expect(await cloud.visit('askWithNodeSdk')).toMatchObject({ errcode: 0 });
      cloud.clock.advance(5 * MINUTE_MS);
    }
    expect(cloud.isAlive(first)).toBe(false);
    expect(cloud.mints()).toBe(2);
  });
});
