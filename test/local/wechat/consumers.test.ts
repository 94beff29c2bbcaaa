/** What the endpoints behind the token look at, and how they refuse. */

import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createUserCode } from '../../../scripts/local/wechat/user-codes.ts';
import { APP, call, callLegacy, MIDNIGHT_MS, post, runSandbox, tokenOf, type Running } from './support.ts';

const FIVE_MINUTES_MS = 300_000;

async function signedIn(): Promise<
  Running & { send(path: string, body: unknown): Promise<unknown>; token: string }
> {
  const sandbox = await runSandbox();
  const token = tokenOf(await callLegacy(sandbox.url));
  const send = async (path: string, body: unknown): Promise<unknown> =>
    JSON.parse((await post(`${sandbox.url}${path}?access_token=${token}`, body)).text);
  return { ...sandbox, token, send };
}

describe('jscode2session', () => {
  const login = async ({ url }: Running, query: Record<string, string>): Promise<unknown> =>
    JSON.parse((await call(`${url}/sns/jscode2session?${new URLSearchParams(query).toString()}`)).text);
  const CODE = createUserCode('login', 'oUser', MIDNIGHT_MS);
  const RIGHT = { appid: APP.appid, secret: APP.secret, js_code: CODE, grant_type: 'authorization_code' };

  it('gives the openid of a code and a session_key, once, and mints nothing', async () => {
    const sandbox = await runSandbox();
    expect(await login(sandbox, RIGHT)).toEqual({
      openid: 'oUser',
      session_key: expect.stringMatching(/^[\w+/]{22}==$/) as string,
    });
    expect(await login(sandbox, RIGHT)).toMatchObject({
      errcode: 40163,
      errmsg: expect.stringMatching(/^code been used, rid: /) as string,
    });
    expect(sandbox.wechat.mints(APP.appid)).toMatchObject({ legacy: 0, stable: 0 });
  });

  it.each([
    [{ appid: '' }, 41002],
    [{ secret: '' }, 41004],
    [{ js_code: '' }, 41008],
    [{ grant_type: 'client_credential' }, 40002],
    [{ appid: 'wx-other' }, 40013],
    [{ secret: 'wrong' }, 40125],
    [{ js_code: 'what' }, 40029],
    [{ js_code: createUserCode('phone', 'oUser', MIDNIGHT_MS) }, 40029],
  ])('%j is refused with %i', async (changed, errcode) => {
    expect(await login(await runSandbox(), { ...RIGHT, ...changed })).toMatchObject({ errcode });
  });

  it('a code ends after five minutes', async () => {
    const sandbox = await runSandbox();
    sandbox.clock.advance(FIVE_MINUTES_MS);
    expect(await login(sandbox, RIGHT)).toMatchObject({ errcode: 40029 });
  });
});

describe('errors that are named text', () => {
  const ask = async ({ url }: Running, path: string, query: object): Promise<[unknown, unknown]> => {
    const { text, headers } = await call(`${url}${path}?${new URLSearchParams({ ...query }).toString()}`);
    return [headers['content-type'], JSON.parse(text)];
  };

  it.each(['/cgi-bin/media/get', '/cgi-bin/user/info', '/sns/userinfo'])('%s', async (path) => {
    const sandbox = await signedIn();
    for (const query of [{}, { access_token: 'what' }, { access_token: sandbox.token }])
      expect(await ask(sandbox, path, query)).toEqual([
        'text/plain',
        { errcode: expect.any(Number) as number, errmsg: expect.stringMatching(/ rid: /) as string },
      ]);
  });

  it('a user is one who does not follow; what only a web page may ask is refused with the reason', async () => {
    const sandbox = await signedIn();
    const query = { access_token: sandbox.token, openid: 'oUser' };
    const user = { subscribe: 0, openid: 'oUser', tagid_list: [] };
    expect(await ask(sandbox, '/cgi-bin/user/info', query)).toEqual([
      'application/json; encoding=utf-8',
      user,
    ]);
    const [, refused] = await ask(sandbox, '/sns/userinfo', query);
    expect(refused).toMatchObject({ errcode: 48001, errmsg: expect.stringContaining('hint: [') as string });
  });
});

const CHECK = { version: 2, scene: 1, openid: 'oUser' };

it.each([
  ['/cgi-bin/message/custom/send', { msgtype: 'text', text: { content: 'a' } }, 40003],
  ['/cgi-bin/message/custom/send', { touser: 'o', msgtype: 'voice' }, 40008],
  ['/cgi-bin/message/custom/send', { touser: 'o', msgtype: 'text' }, 47003],
  ['/cgi-bin/message/custom/typing', { touser: 'o', command: 'Sing' }, 40097],
  ['/cgi-bin/openapi/quota/get', { cgi_path: '/no/where' }, 76021],
  ['/wxa/msg_sec_check', { content: 'sandbox-risky' }, 87014],
  ['/cgi-bin/message/subscribe/send', { template_id: 't', data: {} }, 40003],
  ['/cgi-bin/message/subscribe/send', { touser: 'o', data: {} }, 40037],
  ['/cgi-bin/message/subscribe/send', { touser: 'o', template_id: 't' }, 47003],
  [
    '/cgi-bin/message/subscribe/send',
    { touser: 'o', template_id: 't', data: { thing1: { value: 'x'.repeat(21) } } },
    47003,
  ],
  ['/wxa/getwxacodeunlimit', {}, 40129],
  ['/wxa/getwxacodeunlimit', { scene: 'x'.repeat(33) }, 40129],
  ['/wxa/getwxacodeunlimit', { scene: 'a', page: '/pages/index/index' }, 41030],
  ['/wxa/getwxacodeunlimit', { scene: 'a', width: 100 }, 40097],
  ['/wxa/business/getuserphonenumber', {}, 40029],
  [
    '/wxa/business/getuserphonenumber',
    { code: createUserCode('phone', 'oA', MIDNIGHT_MS), openid: 'oB' },
    40029,
  ],
  ['/cgi-bin/media/upload', {}, 40004],
  ['/wxa/msg_sec_check', { ...CHECK, content: '' }, 40097],
  ['/wxa/msg_sec_check', { version: 2, content: 'tea' }, 40097],
  ['/wxa/media_check_async', { ...CHECK, media_url: 'a.png', media_type: 2 }, 40097],
  ['/wxa/media_check_async', { ...CHECK, media_url: 'https://192.0.2.1/a.png', media_type: 3 }, 40097],
])('%s refuses %j with %i', async (path, body, errcode) => {
  expect(await (await signedIn()).send(path, body)).toMatchObject({ errcode });
});

it('keeps the messages it was given', async () => {
  const { send, wechat } = await signedIn();
  const message = { touser: 'oUser', template_id: 't', data: { thing1: { value: 'tea' } } };
  await send('/cgi-bin/message/subscribe/send', message);
  expect(wechat.uses.messages).toEqual([message]);
});

it('numbers subscribe messages with 64 bits, none twice', async () => {
  const { url, token } = await signedIn();
  const message = { touser: 'oUser', template_id: 't', data: { thing1: { value: 'tea' } } };
  const send = () => post(`${url}/cgi-bin/message/subscribe/send?access_token=${token}`, message);
  const ids = [await send(), await send()].map(({ text }) => /"msgid":(\d+)\}$/.exec(text)?.[1]);
  expect(BigInt(ids[0] ?? 0)).toBeGreaterThan(2n ** 53n);
  expect(ids[0]).not.toBe(ids[1]);
});

it('gives a QR code as JPEG', async () => {
  const { url, token } = await signedIn();
  const answer = await post(`${url}/wxa/getwxacodeunlimit?access_token=${token}`, { scene: 'a' });
  expect(answer.headers['content-type']).toBe('image/jpeg');
});

it.each(['/cgi-bin/message/custom/send', '/wxa/msg_sec_check', '/cgi-bin/token', '/sns/jscode2session'])(
  'knows the quota of %s',
  async (path) => {
    const { send } = await signedIn();
    await send('/wxa/msg_sec_check', { content: 'tea' });
    const used = { '/wxa/msg_sec_check': 1, '/cgi-bin/token': 1 }[path] ?? 0;
    expect(await send('/cgi-bin/openapi/quota/get', { cgi_path: path })).toMatchObject({
      errcode: 0,
      quota: { used },
      rate_limit: { call_count: 4000, refresh_second: 60 },
    });
  },
);

it('checks a text by version 1 in a word, by version 2 in detail', async () => {
  const { send } = await signedIn();
  expect(await send('/wxa/msg_sec_check', { content: 'tea' })).toEqual({ errcode: 0, errmsg: 'ok' });
  expect(await send('/wxa/msg_sec_check', { ...CHECK, content: 'tea' })).toMatchObject({
    result: { suggest: 'pass', label: 100 },
    detail: [
      { strategy: 'content_model', suggest: 'pass' },
      { strategy: 'keyword', errcode: 0 },
    ],
  });
});

it('keeps the customer-service messages it was given', async () => {
  const { send, wechat } = await signedIn();
  const message = { touser: 'oUser', msgtype: 'text', text: { content: 'hello' } };
  expect(await send('/cgi-bin/message/custom/send', message)).toEqual({ errcode: 0, errmsg: 'ok' });
  expect(await send('/cgi-bin/message/custom/typing', { touser: 'oUser', command: 'Typing' })).toEqual({
    errcode: 0,
    errmsg: 'ok',
  });
  expect(wechat.uses.serviceMessages).toEqual([message]);
});

it('calls a text risky that says so', async () => {
  const { send } = await signedIn();
  const answer = await send('/wxa/msg_sec_check', { ...CHECK, content: 'a sandbox-risky text' });
  expect(answer).toMatchObject({ errcode: 0, result: { suggest: 'risky' } });
});

describe('temporary media', () => {
  const form = (name: string, filename = 'a.png'): string =>
    `--b\r\nContent-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: image/png\r\n\r\nPNG\r\n--b--\r\n`;
  const upload = async (
    { url, token }: { url: string; token: string },
    body: string,
  ): Promise<{ media_id?: string }> => {
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    const path = `${url}/cgi-bin/media/upload?access_token=${token}&type=image`;
    return JSON.parse((await call(path, { method: 'POST', headers, body })).text) as { media_id?: string };
  };

  it('comes back as it was uploaded, for three days', async () => {
    const sandbox = await signedIn();
    const { media_id: id = '' } = await upload(sandbox, form('media'));
    const fetchIt = () =>
      call(`${sandbox.url}/cgi-bin/media/get?access_token=${sandbox.token}&media_id=${id}`);
    const answer = await fetchIt();
    expect(answer.text).toBe('PNG');
    expect(answer.headers).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': 'attachment; filename="a.png"',
    });
    const unknown = await call(`${sandbox.url}/cgi-bin/media/get?access_token=${sandbox.token}&media_id=x`);
    expect(JSON.parse(unknown.text)).toMatchObject({ errcode: 40007 });
    expect(unknown.headers['content-type']).toBe('text/plain');
  });

  it.each([
    ['茶.png', "filename*=UTF-8''%E8%8C%B6.png"],
    ["d'été (1)*.png", "filename*=UTF-8''d%27%C3%A9t%C3%A9%20%281%29%2A.png"],
    ['a\\b.png', 'filename="a\\\\b.png"'],
  ])('a file named %s is handed out with its name', async (filename, parameter) => {
    const sandbox = await signedIn();
    const { media_id: id = '' } = await upload(sandbox, form('media', filename));
    const answer = await call(
      `${sandbox.url}/cgi-bin/media/get?access_token=${sandbox.token}&media_id=${id}`,
    );
    expect(answer).toMatchObject({
      status: 200,
      text: 'PNG',
      headers: { 'content-disposition': `attachment; ${parameter}` },
    });
  });

  it.each([
    ['another field', form('file')],
    ['a form that is cut off', form('media').slice(0, -8)],
    ['no form', 'PNG'],
  ])('%s is refused', async (_, body) => {
    expect(await upload(await signedIn(), body)).toMatchObject({ errcode: 41005 });
  });
});

describe('what a session_key signs', () => {
  const ALL = ['/wxa/checksession', '/wxa/resetusersessionkey', '/wxa/business/getuserencryptkey'];
  const sign = (key: string, text = '') => createHmac('sha256', key).update(text).digest('hex');

  async function loggedIn(): Promise<
    Running & { ask(path: string, query?: object): Promise<Record<string, unknown>>; key: string }
  > {
    const sandbox = await runSandbox();
    const token = tokenOf(await callLegacy(sandbox.url));
    const code = createUserCode('login', 'oUser', MIDNIGHT_MS);
    const sent = { ...APP, js_code: code, grant_type: 'authorization_code' };
    const { session_key: key } = sandbox.wechat.code2Session(sent, MIDNIGHT_MS) as { session_key: string };
    const usual = { access_token: token, openid: 'oUser', sig_method: 'hmac_sha256', signature: sign(key) };
    const ask = async (path: string, query: object = {}): Promise<Record<string, unknown>> => {
      const search = new URLSearchParams({ ...usual, ...query }).toString();
      return JSON.parse((await call(`${sandbox.url}${path}?${search}`)).text) as Record<string, unknown>;
    };
    return { ...sandbox, ask, key };
  }

  it('the published vector', () => {
    expect(sign('tiihtNczf5v6AKRyjwEUhQ==')).toBe(
      '7154f9f8b4b76b92f541cbf0e37d48840fa06e5e42da92a6f80168a1516a4735',
    );
  });

  it.each(ALL)('%s takes it, and refuses every other', async (path) => {
    const { ask, key } = await loggedIn();
    const wrong: [object, number][] = [
      [{ signature: sign(key, '{}') }, 87009],
      [{ signature: '' }, 87009],
      [{ sig_method: 'sha1' }, 87008],
      [{ openid: 'oOther' }, 87007],
      [{ openid: '' }, 40003],
      [{ access_token: 'other' }, 40001],
    ];
    for (const [query, errcode] of wrong) expect(await ask(path, query)).toMatchObject({ errcode });
    expect(await ask(path)).toMatchObject({ errcode: 0, errmsg: 'ok' });
  });

  it('a reset ends the key, and its answer has the next one', async () => {
    const { ask, key } = await loggedIn();
    const { openid, session_key } = await ask('/wxa/resetusersessionkey');
    expect([openid, session_key]).toEqual(['oUser', expect.stringMatching(/^[\w+/]{22}==$/)]);
    expect(session_key).not.toBe(key);
    expect(await ask('/wxa/checksession')).toMatchObject({ errcode: 87009 });
    expect(await ask('/wxa/checksession', { signature: sign(String(session_key)) })).toMatchObject({
      errcode: 0,
    });
  });

  it('tells the last three keys to encrypt with, each of which is good for an hour', async () => {
    const { ask, wechat } = await loggedIn();
    const { sessions } = wechat.uses;
    const toldAt = (minutes: number) =>
      sessions
        .encryptKeys(APP.appid, 'oUser', MIDNIGHT_MS + minutes * 60_000)
        .map(({ version, expire_in }) => [version, expire_in]);
    expect(await ask('/wxa/business/getuserencryptkey')).toMatchObject({
      key_info_list: [{ version: 1, expire_in: 3_600, create_time: MIDNIGHT_MS / 1_000 }],
    });
    expect(toldAt(59)).toEqual([[1, 60]]);
    for (const minutes of [60, 120, 180]) toldAt(minutes);
    expect(toldAt(181)).toEqual([
      [4, 3_540],
      [3, 0],
      [2, 0],
    ]);
  });
});
