/** The order of the checks at the token endpoints, and what each barrier lets through. */

import { describe, expect, it } from 'vitest';
import type { WeChat } from '../../../scripts/local/wechat/machine.ts';
import type { TokenReply } from '../../../scripts/local/wechat/token-endpoints.ts';
import { APP, createMachine, CREDENTIALS, errcodeOf, MIDNIGHT_MS } from './support.ts';

const NOW = MIDNIGHT_MS;
const IP = '198.51.100.7';

/** Every barrier at once; each row takes away the one that answered before it. */
const BARRIERS: [errcode: number, remove: (trial: Trial) => void][] = [
  [41002, ({ sent }) => (sent['appid'] = 'wx-unknown')],
  [41004, ({ sent }) => (sent['secret'] = 'wrong')],
  [40002, ({ sent }) => (sent['grant_type'] = 'client_credential')],
  [40013, ({ sent }) => (sent['appid'] = APP.appid)],
  [40125, ({ sent }) => (sent['secret'] = APP.secret)],
  [40243, ({ wechat }) => wechat.account(APP.appid).unfreeze(NOW, 0)],
  [50004, ({ wechat }) => wechat.account(APP.appid).ban(50007)],
  [50007, ({ wechat }) => wechat.account(APP.appid).ban(undefined)],
  [40164, ({ wechat }) => wechat.account(APP.appid).setWhitelist(['198.51.100.*'])],
  // The refusal itself asks the administrator, and the next call finds the answer pending.
  [89503, () => undefined],
  [89501, ({ wechat }) => wechat.account(APP.appid).setRisk(IP, 'refusedOnce', NOW)],
  [89507, ({ wechat }) => wechat.account(APP.appid).setRisk(IP, 'refusedTwice', NOW)],
  [89506, ({ wechat }) => wechat.account(APP.appid).setRisk(IP, 'ok', NOW)],
];

interface Trial {
  wechat: WeChat;
  sent: Record<string, string>;
}

function askOnce({ wechat, sent }: Trial, endpoint: 'token' | 'stable_token'): TokenReply {
  return endpoint === 'token' ? wechat.token(sent, NOW, IP) : wechat.stableToken(sent, NOW, IP);
}

describe.each([
  ['token', 'legacyDay', [45009]],
  ['stable_token', 'stableMinute', [45011, 45009]],
] as const)('%s', (endpoint, firstQuota, quotaCodes) => {
  it('answers with the first check that fails, the quota last', () => {
    const trial: Trial = { wechat: createMachine(), sent: { grant_type: 'password' } };
    const app = trial.wechat.account(APP.appid);
    app.freeze(NOW, 0);
    app.ban(50004);
    app.setWhitelist(['203.0.113.1']);
    app.setRisk(IP, 'confirm', NOW);
    app.setQuotaUsed(firstQuota, 1e9, NOW);
    app.setQuotaUsed('stableDay', 1e9, NOW);
    const ask = (): number => errcodeOf(askOnce(trial, endpoint));

    const seen = BARRIERS.map(([, remove]) => {
      const errcode = ask();
      remove(trial);
      return errcode;
    });
    const quotaSeen = [ask()];
    if (endpoint === 'stable_token') {
      app.setQuotaUsed('stableMinute', 0, NOW);
      quotaSeen.push(ask());
    }
    expect([...seen, ...quotaSeen]).toEqual([...BARRIERS.map(([errcode]) => errcode), ...quotaCodes]);
    app.setQuotaUsed('legacyDay', 0, NOW);
    app.setQuotaUsed('stableDay', 0, NOW);
    expect(ask()).toBe(0);
  });

  it.each([
    ['appid', 41002],
    ['secret', 41004],
    ['grant_type', 40002],
  ])('reads an empty %s as a missing one', (field, errcode) => {
    const trial = { wechat: createMachine(), sent: { ...CREDENTIALS, [field]: '' } };
    expect(errcodeOf(askOnce(trial, endpoint))).toBe(errcode);
  });

  it('charges no quota for a refused call', () => {
    const trial: Trial = {
      wechat: createMachine({ limits: { legacyPerDay: 1, stablePerDay: 1 } }),
      sent: {},
    };
    expect(errcodeOf(askOnce(trial, endpoint))).toBe(41002);
    trial.sent = { ...CREDENTIALS };
    expect([errcodeOf(askOnce(trial, endpoint)), errcodeOf(askOnce(trial, endpoint))]).toEqual([0, 45009]);
  });
});

it.each([['text'], [[CREDENTIALS]], [null], [undefined], [42]])(
  'stable_token misses the appid in the body %j',
  (body) => {
    expect(errcodeOf(createMachine().stableToken(body, NOW))).toBe(41002);
  },
);

it('stable_token asks for POST before it looks at anything', () => {
  expect(createMachine().stableToken({}, NOW, IP, 'GET')).toEqual({
    errcode: 43002,
    errmsg: 'require POST method',
  });
});

it.each([['true'], [1], ['yes'], [false]])('stable_token is not forced by force_refresh: %j', (value) => {
  const wechat = createMachine();
  const first = wechat.stableToken(CREDENTIALS, NOW);
  expect(wechat.stableToken({ ...CREDENTIALS, force_refresh: value }, NOW)).toEqual(first);
});

it('names the refused address in the 40164 text', () => {
  const wechat = createMachine();
  wechat.account(APP.appid).setWhitelist([]);
  expect(wechat.token(CREDENTIALS, NOW, IP)).toEqual({
    errcode: 40164,
    errmsg: `invalid ip ${IP} ipv6 ::ffff:${IP}, not in whitelist`,
  });
});

it.each([
  ['198.51.100.7', true],
  ['198.51.100.*', true],
  ['198.51.100.0/24', true],
  ['198.51.0.0/16', true],
  ['0.0.0.0/0', true],
  ['198.51.100.8', false],
  ['198.51.10.*', false],
  ['198.51.100.0/30', false],
  ['198.51.101.0/24', false],
])('whitelist entry %s admits 198.51.100.7: %s', (entry, isAdmitted) => {
  const wechat = createMachine();
  wechat.account(APP.appid).setWhitelist([entry]);
  expect(errcodeOf(wechat.token(CREDENTIALS, NOW, IP))).toBe(isAdmitted ? 0 : 40164);
});

it('takes ten whitelist entries of the three forms and no more', () => {
  const app = createMachine().account(APP.appid);
  expect(() => app.setWhitelist(Array.from({ length: 10 }, () => '192.0.2.1'))).not.toThrow();
  expect(() => app.setWhitelist(Array.from({ length: 11 }, () => '192.0.2.1'))).toThrow('at most 10');
  expect(() => app.setWhitelist(['example.com'])).toThrow('example.com');
  expect(() => app.setWhitelist(['192.0.2.0/33'])).toThrow('192.0.2.0/33');
});

it('asks the administrator once, and keeps a refused address out for its time', () => {
  const wechat = createMachine();
  const app = wechat.account(APP.appid);
  const ask = (afterMs: number): number => errcodeOf(wechat.token(CREDENTIALS, NOW + afterMs, IP));
  app.setRisk(IP, 'confirm', NOW);
  expect([ask(0), ask(1)]).toEqual([89503, 89501]);
  app.setRisk(IP, 'refusedOnce', NOW);
  expect([ask(3_599_999), ask(3_600_000)]).toEqual([89507, 89503]);
  app.setRisk(IP, 'refusedTwice', NOW);
  expect([ask(86_399_999), ask(86_400_000)]).toEqual([89506, 89503]);
  expect(errcodeOf(wechat.token(CREDENTIALS, NOW, '192.0.2.1'))).toBe(0);
});

it('takes ten minutes to freeze and ten to unfreeze', () => {
  const wechat = createMachine();
  const app = wechat.account(APP.appid);
  const ask = (afterMs: number): number => errcodeOf(wechat.stableToken(CREDENTIALS, NOW + afterMs));
  app.freeze(NOW);
  expect([ask(599_999), ask(600_000)]).toEqual([0, 40243]);
  app.unfreeze(NOW + 600_000);
  expect([ask(1_199_999), ask(1_200_000)]).toEqual([40243, 0]);
});

it('refuses the old secret at once after a reset, or after the grace that was given', () => {
  const wechat = createMachine();
  const app = wechat.account(APP.appid);
  const ask = (secret: string, afterMs: number): number =>
    errcodeOf(wechat.token({ ...CREDENTIALS, secret }, NOW + afterMs));
  app.setSecret('second', NOW);
  expect([ask(APP.secret, 0), ask('second', 0)]).toEqual([40125, 0]);
  app.setSecret('third', NOW, 1000);
  expect([ask('second', 999), ask('second', 1000), ask('third', 1000)]).toEqual([0, 40125, 0]);
});

it('answers a wrong secret with 40001 where an app is told to', () => {
  const wechat = createMachine({ wrongSecretCode: 40001 });
  expect(errcodeOf(wechat.token({ ...CREDENTIALS, secret: 'wrong' }, NOW))).toBe(40001);
});
