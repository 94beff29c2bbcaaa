/** Who has no key gets no token, causes no mint, and can't find out why. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashOf, idOf, newServer } from '../../functions/accessTokenHttp/server-document.ts';
import { APPID, NOON_MS, ROOT } from '../support/cloud.ts';
import { borrowOutsideCloud } from './harness.ts';

const OTHER = 'wxtest000000000002';
const APPS = JSON.stringify([
  { appid: APPID, secret: 'test-app-secret-0001' },
  { appid: OTHER, secret: 'test-app-secret-0002' },
]);
const grant = 'client_credential';
const ONE = { host: { maxInstances: 1 }, startAtMs: NOON_MS };
const borrow = () => borrowOutsideCloud(ONE);
const cloudOfTwoApps = () => borrowOutsideCloud({ ...ONE, variables: { WX_APPS: APPS } });
/** Log lines come from another process, after the answer. */
const LOGGED = { timeout: 5_000 };

describe('a stranger', () => {
  it('with a wrong, a revoked, another app’s, or no key is refused, and nothing is minted', async () => {
    const cloud = await cloudOfTwoApps();
    const [revoked, others] = [await cloud.addKey('old'), await cloud.addKey('other', [OTHER])];
    await cloud.revokeKey('old');
    const wrong = `${others.slice(0, -1)}${others.endsWith('A') ? 'B' : 'A'}`;
    const secrets = [wrong, revoked, others, 'test-app-secret-0001', '0', 'x'.repeat(5_000)];
    for (const secret of secrets) {
      const fields = { grant_type: grant, appid: APPID, secret };
      for (const { body } of [await cloud.token(fields), await cloud.stable(fields)]) {
        expect(body).toEqual({
          errcode: 40125,
          errmsg: expect.stringMatching(/^invalid appsecret rid: /) as string,
        });
      }
    }
    expect((await cloud.token({ grant_type: grant, appid: APPID })).body.errcode).toBe(41004);
    expect((await cloud.token({ grant_type: grant, appid: OTHER, secret: revoked })).body.errcode).toBe(
      40125,
    );
    expect(cloud.mints(APPID) + cloud.mints(OTHER)).toBe(0);
  });

  it('a key for two apps opens both, and a third one is unknown', async () => {
    const cloud = await cloudOfTwoApps();
    const key = await cloud.addKey('both', [APPID, OTHER]);
    for (const appid of [APPID, OTHER])
      expect((await cloud.token({ grant_type: grant, appid, secret: key })).body).toHaveProperty(
        'access_token',
      );
    expect((await cloud.token({ grant_type: grant, appid: 'wx3', secret: key })).body.errcode).toBe(40013);
  });

  it('a revoked key opens nothing from the next call on, in a warm instance too', async () => {
    const cloud = await borrow();
    const key = await cloud.addKey();
    expect((await cloud.ask(key)).body).toHaveProperty('access_token');
    await cloud.revokeKey('billing');
    expect((await cloud.ask(key)).body.errcode).toBe(40125);
    // From then on it is a stranger's, and costs no read any more.
    cloud.gateway.stats.reset();
    for (let n = 0; n < 5; n += 1) expect((await cloud.ask(key)).body.errcode).toBe(40125);
    expect(cloud.gateway.stats.snapshot().reads).toEqual({});
  });

  it('a damaged server document opens nothing', async () => {
    const cloud = await borrow();
    const key = await cloud.addKey();
    const id = idOf(hashOf(key));
    await cloud.servers.replaceIf(id, 1, { version: 1, appids: APPID });
    expect((await cloud.ask(key)).body.errcode).toBe(40125);
    await cloud.servers.replaceIf(id, 1, { version: 1, appids: [APPID], hash: 'ab' });
    expect((await cloud.ask(key)).body.errcode).toBe(40125);
  });

  it('costs no database read, and never keeps a right key out, known to the instance or not', async () => {
    const cloud = await borrow();
    const [key, unseen] = [await cloud.addKey('one'), await cloud.addKey('two')];
    await cloud.ask(key);
    cloud.gateway.stats.reset();
    for (let n = 0; n < 100; n += 1) expect((await cloud.ask(`guess${n}`)).body.errcode).toBe(40125);
    expect(cloud.gateway.stats.snapshot().reads).toEqual({});
    expect((await cloud.ask(key)).body).toHaveProperty('access_token');
    expect((await cloud.ask(unseen)).body).toHaveProperty('access_token');
  });

  it('makes an instance read the list of keys once a minute, and a new key waits no longer', async () => {
    const cloud = await borrow();
    await cloud.addKey('one');
    for (let n = 0; n < 5; n += 1) await cloud.ask('guess');
    expect(cloud.gateway.stats.snapshot().reads).toEqual({ wx_access_clients: 1 });
    const late = await cloud.addKey('two');
    expect((await cloud.ask(late)).body.errcode).toBe(40125);
    cloud.clock.advance(60_000);
    expect((await cloud.ask(late)).body).toHaveProperty('access_token');
  });

  it('has no check of the token read for it', async () => {
    const cloud = await borrow();
    await cloud.ask('guess');
    expect(cloud.gateway.stats.snapshot().reads).toEqual({ wx_access_clients: 1 });
  });

  it('a right key that asks for another app is limited like any other, and stays known', async () => {
    const cloud = await cloudOfTwoApps();
    const key = await cloud.addKey('one', [APPID]);
    const fields = { grant_type: grant, appid: OTHER, secret: key };
    // Without the servers before the function, which are most of what such a call costs.
    const request = { headers: {}, query: fields, body: '', isBase64Encoded: false };
    const caller = { kind: 'http', method: 'GET', path: '/cgi-bin/token', request } as const;
    const body = expect.stringMatching(/"errcode":40125/) as string;
    for (let n = 0; n < 600; n += 1)
      expect(await cloud.host.invoke({ name: 'accessTokenHttp', caller })).toMatchObject({
        result: { body },
      });
    expect((await cloud.ask(key)).body.errcode).toBe(45011);
    cloud.clock.advance(60_000);
    expect((await cloud.ask(key)).body).toHaveProperty('access_token');
  });
});

describe('another way in', () => {
  it.each([
    ['another function', { kind: 'function', source: ',scf' } as const],
    ['a mini program', { kind: 'client', openid: 'oVisitor' } as const],
    ['a timer', { kind: 'timer', variety: 'native' } as const],
    ['the management side', { kind: 'management' } as const],
  ])('%s is no HTTP access', async (_, caller) => {
    const cloud = await borrow();
    const key = await cloud.addKey();
    const call = {
      path: '/cgi-bin/token',
      queryStringParameters: { grant_type: grant, appid: APPID, secret: key },
    };
    const outcome = await cloud.host.invoke({ name: 'accessTokenHttp', event: call, caller });
    expect(outcome).toMatchObject({ result: { errcode: 403 } });
    expect(cloud.mints()).toBe(0);
  });

  it('a mini program that dresses its event up as an HTTP request is none either', async () => {
    const cloud = await borrow();
    const event = { httpMethod: 'GET', path: '/cgi-bin/token', queryStringParameters: {} };
    expect(await cloud.visit('accessTokenHttp', event)).toMatchObject({ errcode: 403 });
  });

  it.each([undefined, null, '', 'text', 5, [], { httpMethod: 5, path: 5 }])(
    'the event %j is none',
    async (event) => {
      const cloud = await borrow();
      const outcome = await cloud.host.invoke({
        name: 'accessTokenHttp',
        event,
        caller: { kind: 'management' },
      });
      expect(outcome).toMatchObject({ result: { errcode: 403 } });
    },
  );
});

describe('a key', () => {
  it('is in no log line and nowhere in the database, right or wrong', async () => {
    const cloud = await borrow();
    const key = await cloud.addKey();
    const guess = 'a-guess-that-nobody-should-read';
    await cloud.ask(key);
    await cloud.ask(guess);
    cloud.revoke();
    await cloud.ask(key);
    cloud.gateway.faults.outage('http-500');
    await cloud.ask(key);
    await expect.poll(() => cloud.lines.length, LOGGED).toBeGreaterThan(3);
    const names = ['wx_access_tokens', 'wx_access_clients'];
    const stored = JSON.stringify(names.map((name) => cloud.database.collection(name).find({ query: {} })));
    for (const text of [cloud.lines.join('\n'), stored]) {
      for (const secret of [key, guess]) expect(text).not.toContain(secret);
    }
    expect(cloud.lines.join('\n')).not.toContain(cloud.storedToken());
  });

  it('has 256 random bits', () => {
    const keys = Array.from({ length: 20 }, () => newServer('one', [APPID], NOON_MS).key);
    expect(keys.map((key) => Buffer.from(key, 'base64url').length)).toEqual(keys.map(() => 32));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('is compared in constant time, as a whole', () => {
    const source = readFileSync(join(ROOT, 'functions/accessTokenHttp/servers.ts'), 'utf8');
    expect(source).toMatch(/timingSafeEqual\(Buffer\.from\(a, 'hex'\), Buffer\.from\(b, 'hex'\)\)/);
    expect(source).not.toMatch(/hash\s*===/);
  });
});
