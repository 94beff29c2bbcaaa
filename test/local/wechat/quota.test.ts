/** Counters, their windows, and the two calls that set them back. */

import { expect, it } from 'vitest';
import { APP, createMachine, CREDENTIALS, errcodeOf, MIDNIGHT_MS, tokenOf } from './support.ts';

const NOW = MIDNIGHT_MS;
const V2 = { appid: APP.appid, appsecret: APP.secret };

it('refuses the call over the minute’s stable limit, until the minute turns', () => {
  const wechat = createMachine({ limits: { stablePerMinute: 2 } });
  const ask = (afterMs: number): number => errcodeOf(wechat.stableToken(CREDENTIALS, NOW + afterMs));
  expect([ask(0), ask(1), ask(59_999), ask(60_000)]).toEqual([0, 0, 45011, 0]);
});

it('counts normal and forced calls against the day’s stable limit', () => {
  const wechat = createMachine({ limits: { stablePerDay: 2 } });
  const ask = (afterMs: number, force_refresh = false): number =>
    errcodeOf(wechat.stableToken({ ...CREDENTIALS, force_refresh }, NOW + afterMs));
  expect([ask(0), ask(1, true), ask(2), ask(86_399_999), ask(86_400_000)]).toEqual([0, 0, 45009, 45009, 0]);
});

it('sets the daily counters back with a token or with the secret, the forced refreshes excepted', () => {
  const wechat = createMachine({ limits: { legacyPerDay: 1, stablePerDay: 1, forcePerDay: 0 } });
  const ask = (): number[] => [
    errcodeOf(wechat.token(CREDENTIALS, NOW)),
    errcodeOf(wechat.stableToken(CREDENTIALS, NOW)),
  ];
  const force = (): number => errcodeOf(wechat.stableToken({ ...CREDENTIALS, force_refresh: true }, NOW));
  const token = tokenOf(wechat.token(CREDENTIALS, NOW));
  wechat.stableToken(CREDENTIALS, NOW);
  expect(ask()).toEqual([45009, 45009]);
  expect(wechat.clearQuota(token, APP.appid, NOW)).toEqual({ errcode: 0, errmsg: 'ok' });
  expect(ask()).toEqual([0, 0]);
  expect(wechat.clearQuotaV2(V2, NOW)).toEqual({ errcode: 0, errmsg: 'ok' });
  expect(force()).toBe(45009);
});

it('clears ten times a month by both ways together, a new month at Chinese midnight', () => {
  const wechat = createMachine();
  const token = tokenOf(wechat.token(CREDENTIALS, NOW));
  const codes = Array.from({ length: 10 }, (_, i) =>
    i % 2 ? wechat.clearQuotaV2(V2, NOW).errcode : wechat.clearQuota(token, APP.appid, NOW).errcode,
  );
  expect(codes).toEqual(Array.from({ length: 10 }, () => 0));
  const december = Date.parse('2026-12-01T00:00:00+08:00');
  expect(wechat.clearQuota(token, APP.appid, NOW).errcode).toBe(48006);
  expect(wechat.clearQuotaV2(V2, december - 1).errcode).toBe(48006);
  expect(wechat.clearQuotaV2(V2, december).errcode).toBe(0);
});

it('clear_quota checks the token first, then that it belongs to the app named', () => {
  const wechat = createMachine();
  expect(wechat.clearQuota('', APP.appid, NOW).errcode).toBe(41001);
  expect(wechat.clearQuota('garbage', APP.appid, NOW).errcode).toBe(40001);
  expect(wechat.clearQuota(tokenOf(wechat.token(CREDENTIALS, NOW)), 'wx-other', NOW).errcode).toBe(40013);
});

it.each([
  [{}, 41002],
  [{ appid: APP.appid }, 41004],
  [{ appid: 'wx-other', appsecret: 'wrong' }, 40013],
  [{ appid: APP.appid, appsecret: 'wrong' }, 40125],
])('clear_quota/v2 answers %j with %i', (fields, errcode) => {
  expect(createMachine().clearQuotaV2(fields, NOW).errcode).toBe(errcode);
});

it('clear_quota/v2 heeds the whitelist', () => {
  const wechat = createMachine();
  wechat.account(APP.appid).setWhitelist(['192.0.2.1']);
  expect(wechat.clearQuotaV2(V2, NOW, '192.0.2.2').errcode).toBe(40164);
  expect(wechat.clearQuotaV2(V2, NOW, '192.0.2.1').errcode).toBe(0);
});
