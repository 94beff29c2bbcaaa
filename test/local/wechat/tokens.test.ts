/** Using tokens, what befalls them from outside, and what the machine remembers of them. */

import { expect, it } from 'vitest';
import { createWeChat } from '../../../scripts/local/wechat/machine.ts';
import { createTokenValues } from '../../../scripts/local/wechat/token-value.ts';
import { APP, createMachine, CREDENTIALS, MIDNIGHT_MS, tokenOf } from './support.ts';

const NOW = MIDNIGHT_MS;
const HOUR_MS = 3_600_000;

it('tells a missing token from a string that is none', () => {
  const wechat = createMachine();
  expect(wechat.useToken(undefined, NOW).errcode).toBe(41001);
  expect(wechat.useToken('', NOW).errcode).toBe(41001);
  expect(wechat.useToken('2', NOW)).toEqual({
    errcode: 40001,
    errmsg: expect.stringContaining('could get access_token by getStableAccessToken') as string,
  });
});

it('answers garbage with 40014 and 40001 with its short text where it is told to', () => {
  const randomToken = createTokenValues();
  const base = { apps: [APP], randomToken };
  expect(createWeChat({ ...base, garbageTokenCode: 40014 }).useToken('2', NOW).errmsg).toBe(
    'invalid access_token',
  );
  const short = createWeChat({ ...base, usesShortInvalidCredentialText: true }).useToken('2', NOW);
  expect(short).toEqual({
    errcode: 40001,
    errmsg: 'invalid credential, access_token is invalid or not latest',
  });
});

it('remembers for 48 h why a token died, however seldom anybody looks', () => {
  const wechat = createMachine();
  const token = tokenOf(wechat.token(CREDENTIALS, NOW));
  expect(wechat.useToken(token, NOW + 50 * HOUR_MS - 1).errcode).toBe(42001);
  expect(wechat.useToken(token, NOW + 50 * HOUR_MS).errcode).toBe(40001);
});

it('keeps no more tokens than two days of minting, even behind an app that nobody calls', () => {
  let made = 0;
  const idle = { appid: 'wx0000000000000002', secret: 'other' };
  const wechat = createWeChat({ apps: [APP, idle], randomToken: () => `t${++made}` });
  wechat.token({ ...CREDENTIALS, ...idle }, NOW);
  for (let minute = 0; minute < 30 * 24 * 60; minute += 1) {
    wechat.token(CREDENTIALS, NOW + minute * 60_000);
  }
  expect(wechat.knownTokens()).toBeGreaterThan(48 * 60);
  expect(wechat.knownTokens()).toBeLessThan(50 * 60);
});

it('accepts each app’s token as that app’s own', () => {
  const other = { appid: 'wx0000000000000002', secret: 'other' };
  const wechat = createWeChat({ apps: [APP, other], randomToken: createTokenValues() });
  const token = tokenOf(wechat.token({ ...CREDENTIALS, ...other }, NOW));
  wechat.token(CREDENTIALS, NOW);
  wechat.token(CREDENTIALS, NOW);
  expect([wechat.ownerOf(token, NOW), wechat.useToken(token, NOW).errcode]).toEqual([other.appid, 0]);
});

it('lets issued tokens live through a new secret and a freeze', () => {
  const wechat = createMachine();
  const token = tokenOf(wechat.token(CREDENTIALS, NOW));
  wechat.account(APP.appid).setSecret('second', NOW);
  wechat.account(APP.appid).freeze(NOW, 0);
  expect(wechat.useToken(token, NOW).errcode).toBe(0);
});

it('kills the tokens of a revoked family at once and of that family only', () => {
  const wechat = createMachine();
  const [first, second] = [tokenOf(wechat.token(CREDENTIALS, NOW)), tokenOf(wechat.token(CREDENTIALS, NOW))];
  const stable = tokenOf(wechat.stableToken(CREDENTIALS, NOW));
  const codes = (): number[] => [first, second, stable].map((token) => wechat.useToken(token, NOW).errcode);
  expect(codes()).toEqual([0, 0, 0]);
  wechat.account(APP.appid).revoke(NOW, 'legacy');
  expect(codes()).toEqual([40001, 40001, 0]);
  wechat.account(APP.appid).revoke(NOW);
  expect(codes()).toEqual([40001, 40001, 40001]);
  expect(wechat.stableToken(CREDENTIALS, NOW)).toMatchObject({ expires_in: 7200 });
  expect(wechat.mints(APP.appid).stable).toBe(2);
});

it('lets a foreign mint supersede our token and cost quota, marked as foreign', () => {
  const wechat = createMachine({ limits: { legacyPerDay: 2 } });
  const ours = tokenOf(wechat.token(CREDENTIALS, NOW));
  wechat.account(APP.appid).foreignMint(NOW + 1000);
  expect(wechat.useToken(ours, NOW + 300_999).errcode).toBe(0);
  expect(wechat.useToken(ours, NOW + 301_000).errcode).toBe(40001);
  expect(wechat.token(CREDENTIALS, NOW)).toMatchObject({ errcode: 45009 });
  expect(wechat.mints(APP.appid).latest()).toEqual([
    { family: 'legacy', atMs: NOW, count: 1, isForeign: false },
    { family: 'legacy', atMs: NOW + 1000, count: 2, isForeign: true },
  ]);
});

it('flaps: refuses a valid token for a while, then takes it again', () => {
  const wechat = createMachine();
  const token = tokenOf(wechat.token(CREDENTIALS, NOW));
  const other = tokenOf(wechat.stableToken(CREDENTIALS, NOW));
  wechat.flap(token, NOW + 1000);
  expect([0, 999, 1000].map((ms) => wechat.useToken(token, NOW + ms).errcode)).toEqual([40001, 40001, 0]);
  expect(wechat.useToken(other, NOW).errcode).toBe(0);
});

it('counts every mint and lists the last ten thousand', () => {
  const wechat = createMachine({ limits: { legacyPerDay: 1e9 } });
  for (let i = 0; i < 25_000; i += 1) wechat.token(CREDENTIALS, NOW + i);
  wechat.stableToken(CREDENTIALS, NOW);
  wechat.stableToken(CREDENTIALS, NOW);
  const mints = wechat.mints(APP.appid);
  expect([mints.legacy, mints.stable, mints.latest().length]).toEqual([25_000, 1, 10_000]);
  expect(mints.latest().slice(-2)).toEqual([
    { family: 'legacy', atMs: NOW + 24_999, count: 25_000, isForeign: false },
    { family: 'stable', atMs: NOW, count: 1, isForeign: false },
  ]);
});

it('never grants less than 300 s nor more than 7200 s of a stable token', () => {
  const wechat = createMachine();
  const lives = Array.from({ length: 20_000 }, (_, second) => {
    const reply = wechat.stableToken(CREDENTIALS, NOW + second * 1000);
    return 'errcode' in reply ? Number.NaN : reply.expires_in;
  });
  expect([Math.min(...lives), Math.max(...lives)]).toEqual([300, 7200]);
  expect(
    wechat
      .mints(APP.appid)
      .latest()
      .map(({ atMs }) => (atMs - NOW) / 1000),
  ).toEqual([0, 6901, 13802]);
});

it('makes values like WeChat’s: 142 characters, a number in front, never the same twice', () => {
  const next = createTokenValues(99);
  const values = Array.from({ length: 1000 }, next);
  expect(values.filter((value) => !/^99_[\w-]{139}$/.test(value))).toEqual([]);
  expect(new Set(values).size).toBe(1000);
  expect(createTokenValues()()).toMatch(/^110_[\w-]{138}$/);
});
