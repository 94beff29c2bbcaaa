/** What goes over the wire, byte by byte where WeChat is known to be peculiar. */

import { describe, expect, it } from 'vitest';
import type { SandboxLogEntry } from '../../../scripts/local/wechat/sandbox.ts';
import {
  APP,
  call,
  callLegacy,
  callWithToken,
  CREDENTIALS,
  MIDNIGHT_MS,
  post,
  runSandbox,
  tokenOf,
} from './support.ts';
import { createUserCode } from '../../../scripts/local/wechat/user-codes.ts';

const LEGACY = `/cgi-bin/token?${new URLSearchParams(CREDENTIALS).toString()}`;
const JSON_TYPE = 'application/json; encoding=utf-8';

it('sends a token as compact JSON under WeChat’s odd content type, with its length', async () => {
  const { url } = await runSandbox();
  const answer = await call(url + LEGACY);
  expect(answer.status).toBe(200);
  expect(answer.text).toMatch(/^\{"access_token":"110_[\w-]{138}","expires_in":7200\}$/);
  expect(answer.headers['content-type']).toBe(JSON_TYPE);
  expect(answer.headers['content-length']).toBe(String(answer.text.length));
});

it('sends an error with status 200 and a rid that begins with the second of the call', async () => {
  const { url } = await runSandbox();
  const answer = await call(`${url}/cgi-bin/token?grant_type=client_credential`);
  const second = (MIDNIGHT_MS / 1000).toString(16);
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toBe(JSON_TYPE);
  expect(answer.text).toMatch(
    new RegExp(`^\\{"errcode":41002,"errmsg":"appid missing rid: ${second}-[0-9a-f]{8}-[0-9a-f]{8}"\\}$`),
  );
});

it('answers a chunked POST with 412 and nothing, and issues no token', async () => {
  const { url, wechat } = await runSandbox();
  const headers = { 'transfer-encoding': 'chunked' };
  const answer = await call(`${url}/cgi-bin/stable_token`, { method: 'POST', headers });
  expect([answer.status, answer.text]).toEqual([412, '']);
  expect((await post(`${url}/cgi-bin/stable_token`, CREDENTIALS)).status).toBe(200);
  expect(wechat.mints(APP.appid).stable).toBe(1);
});

it.each([
  ['GET', undefined, 43002],
  ['PUT', JSON.stringify(CREDENTIALS), 43002],
  ['POST', 'appid=wx&secret=s&grant_type=client_credential', 41002],
  ['POST', '[]', 41002],
  ['POST', JSON.stringify({ ...CREDENTIALS, appid: 'wx-other' }), 40013],
])('stable_token answers %s %s with %i', async (method, body, errcode) => {
  const { url } = await runSandbox();
  const answer = await call(`${url}/cgi-bin/stable_token`, {
    method,
    ...(body === undefined ? {} : { body }),
  });
  expect(JSON.parse(answer.text)).toMatchObject({ errcode });
});

it('GET /cgi-bin/token reads the query alone', async () => {
  const { url } = await runSandbox();
  const answer = await post(`${url}/cgi-bin/token`, CREDENTIALS);
  expect(JSON.parse(answer.text)).toMatchObject({ errcode: 41002 });
  expect((await call(url + LEGACY, { method: 'POST', body: '' })).text).toContain('access_token');
});

describe('endpoints that take a token', () => {
  const message = { touser: 'oUser', template_id: 't1', data: { thing1: { value: 'tea' } } };
  const check = { version: 2, scene: 1, openid: 'oUser' };
  const picture = { media_url: 'https://192.0.2.1/a.png', media_type: 2 };
  const phone = { phone_info: { watermark: { appid: APP.appid } } };
  const POSTED = [
    ['/cgi-bin/message/subscribe/send', message, { errmsg: 'ok' }],
    ['/wxa/business/getuserphonenumber', { code: createUserCode('phone', 'oUser', MIDNIGHT_MS) }, phone],
    ['/wxa/msg_sec_check', { content: 'tea', ...check }, { result: { suggest: 'pass' } }],
    ['/wxa/media_check_async', { ...picture, ...check }, { errmsg: 'ok' }],
  ] as const;

  it.each(POSTED)('%s answers a valid token, and refuses another and GET', async (path, body, expected) => {
    const { url } = await runSandbox();
    const token = tokenOf(await callLegacy(url));
    expect(JSON.parse((await post(`${url}${path}?access_token=${token}`, body)).text)).toMatchObject({
      errcode: 0,
      ...expected,
    });
    expect(JSON.parse((await post(`${url}${path}?access_token=2`, {})).text)).toMatchObject({
      errcode: 40001,
    });
    expect(JSON.parse((await post(url + path, {})).text)).toMatchObject({ errcode: 41001 });
    expect(await callWithToken(url, token, path)).toBe(43002);
  });

  it('getwxacodeunlimit sends an image, or JSON when the token is refused', async () => {
    const { url } = await runSandbox();
    const path = `${url}/wxa/getwxacodeunlimit?access_token=`;
    const image = await post(path + tokenOf(await callLegacy(url)), { scene: 'a' });
    expect(image.headers['content-type']).toBe('image/jpeg');
    expect(image.text).toContain('JFIF');
    const refused = await post(`${path}2`, { scene: 'a' });
    expect(refused.headers['content-type']).toBe(JSON_TYPE);
    expect(JSON.parse(refused.text)).toMatchObject({ errcode: 40001 });
  });

  it('quota/get tells what is used of the token endpoints', async () => {
    const { url } = await runSandbox();
    const token = tokenOf(await callLegacy(url));
    const ask = async (cgi_path: string): Promise<unknown> =>
      JSON.parse((await post(`${url}/cgi-bin/openapi/quota/get?access_token=${token}`, { cgi_path })).text);
    expect(await ask('/cgi-bin/token')).toMatchObject({
      quota: { daily_limit: 2000, used: 1, remain: 1999 },
    });
    expect(await ask('/cgi-bin/stable_token')).toMatchObject({ quota: { daily_limit: 500_000, used: 0 } });
    expect(await ask('/nowhere')).toMatchObject({ errcode: 76021 });
  });

  it('clear_quota and its v2, in query or body, set the day’s count back', async () => {
    const { url, wechat } = await runSandbox({ apps: [{ ...APP, limits: { legacyPerDay: 1 } }] });
    const token = tokenOf(await callLegacy(url));
    const used = (): number | undefined =>
      wechat.account(APP.appid).quota('/cgi-bin/token', MIDNIGHT_MS)?.used;
    const v2 = { appid: APP.appid, appsecret: APP.secret };
    expect(used()).toBe(1);
    for (const clear of [
      () => post(`${url}/cgi-bin/clear_quota?access_token=${token}`, { appid: APP.appid }),
      () => post(`${url}/cgi-bin/clear_quota/v2?${new URLSearchParams(v2).toString()}`, {}),
      () => post(`${url}/cgi-bin/clear_quota/v2`, v2),
    ]) {
      wechat.account(APP.appid).setQuotaUsed('legacyDay', 1, MIDNIGHT_MS);
      expect((await clear()).text).toBe('{"errcode":0,"errmsg":"ok"}');
      expect(used()).toBe(0);
    }
    expect(JSON.parse((await call(`${url}/cgi-bin/clear_quota/v2`)).text)).toMatchObject({ errcode: 43002 });
  });

  it.each([['/cgi-bin/unknown'], ['/constructor'], ['/']])(
    '%s checks the token first, then is 40066 that names it',
    async (path) => {
      const { url } = await runSandbox();
      const ask = async (token: string): Promise<unknown> => {
        const answer = await post(`${url}${path}?access_token=${token}`, {});
        expect(answer.status).toBe(200);
        return JSON.parse(answer.text);
      };
      expect(await ask('2')).toMatchObject({ errcode: 40001 });
      expect(await ask(tokenOf(await callLegacy(url)))).toMatchObject({
        errcode: 40066,
        errmsg: expect.stringMatching(new RegExp(`^invalid url hint: .*has no ${path};.* rid: `)) as string,
      });
    },
  );

  it.each([
    '/sns/oauth2/access_token',
    '/sns/auth',
    '/sns/component/jscode2session',
    '/cgi-bin/component/api_component_token',
  ])('%s is 48001, as to a mini program', async (path) => {
    const { url } = await runSandbox();
    const answer = await call(`${url}${path}?appid=${APP.appid}`);
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([
      200,
      { errcode: 48001, errmsg: expect.stringContaining(`may not call ${path}`) as string },
    ]);
  });

  it('a POST without any body is answered like any other', async () => {
    const { url } = await runSandbox();
    const answer = await call(`${url}/cgi-bin/clear_quota/v2`, { method: 'POST' });
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([200, { errcode: 41002 }]);
  });
});

it('logs each request without its secret, token or query', async () => {
  const log: SandboxLogEntry[] = [];
  const { url, faults } = await runSandbox({ log: (entry) => log.push(entry) });
  const token = tokenOf(await callLegacy(url));
  await callWithToken(url, token);
  await post(`${url}/cgi-bin/stable_token`, { ...CREDENTIALS, secret: 'wrong-one' });
  // Somebody mixes the two up: what isn't an AppID of ours isn't shown.
  await callLegacy(url, { ...CREDENTIALS, appid: APP.secret });
  faults.add({ fault: { do: 'drop' } });
  await expect(callLegacy(url)).rejects.toThrow('socket hang up');

  const entry = { atMs: MIDNIGHT_MS, method: 'GET', appid: APP.appid, status: 200, errcode: undefined };
  expect(log).toEqual([
    { ...entry, path: '/cgi-bin/token' },
    { ...entry, path: '/cgi-bin/get_api_domain_ip' },
    { ...entry, path: '/cgi-bin/stable_token', method: 'POST', errcode: 40125 },
    { ...entry, path: '/cgi-bin/token', appid: undefined, errcode: 40013 },
    { ...entry, path: '/cgi-bin/token', status: 0 },
  ]);
});
