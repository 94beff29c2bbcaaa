/** Tickets of an official account: which is handed out, how long it signs pages, and how /verify judges a page. */

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sandboxAppsIn } from '../../../scripts/local/variables.ts';
import { callLegacy, APP, call, MIDNIGHT_MS, post, runSandbox, tokenOf, type Running } from './support.ts';

const OFFICIAL = { ...APP, kind: 'official' as const };
const PAGE = { url: 'https://example.com/a', timestamp: 1795320000, nonceStr: 'nonce0123456789a' };
const WINDOW_S = 7200;

interface Signing extends Running {
  get(query?: Record<string, string>): Promise<Record<string, unknown>>;
  verify(body: unknown): Promise<{ errcode: number; errmsg: string }>;
  at(second: number): void;
}

async function signing(options: Parameters<typeof runSandbox>[0] = { apps: [OFFICIAL] }): Promise<Signing> {
  const sandbox = await runSandbox(options);
  const token = tokenOf(await callLegacy(sandbox.url));
  return {
    ...sandbox,
    async get(query = { type: 'jsapi' }) {
      const sent = new URLSearchParams({ access_token: token, ...query }).toString();
      return JSON.parse(
        (await call(`${sandbox.url}/cgi-bin/ticket/getticket?${sent}`)).text,
      ) as object as never;
    },
    verify: async (body) => JSON.parse((await post(`${sandbox.url}/verify`, body)).text) as never,
    at: (second) => sandbox.clock.advance(MIDNIGHT_MS + second * 1000 - sandbox.clock.now()),
  };
}

/** Written out anew: the sandbox must not be right by its own word. */
function sign(ticket: unknown, { url, timestamp, nonceStr }: typeof PAGE): string {
  const text = `jsapi_ticket=${String(ticket)}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${url}`;
  return createHash('sha1').update(text).digest('hex');
}

const signed = (ticket: unknown, page = PAGE) => ({
  appid: APP.appid,
  ...page,
  signature: sign(ticket, page),
});

async function turn({ url }: Running, knob: string, body: object): Promise<void> {
  const { text } = await post(`${url}/__sandbox/${knob}`, body);
  expect(text).toBe('{"ok":true}');
}

describe('getticket', () => {
  it('answers the same value with 7200 s until the even hour, and then another', async () => {
    const wechat = await signing();
    const first = await wechat.get();
    expect(first).toEqual({
      errcode: 0,
      errmsg: 'ok',
      ticket: expect.stringMatching(/^[\w-]{86}$/) as string,
      expires_in: 7200,
    });
    wechat.at(WINDOW_S - 1);
    expect(await wechat.get({ type: 'jsapi', access_token: tokenOf(await callLegacy(wechat.url)) })).toEqual(
      first,
    );
    wechat.at(WINDOW_S);
    const next = await wechat.get({ type: 'jsapi', access_token: tokenOf(await callLegacy(wechat.url)) });
    expect(next).toMatchObject({ errcode: 0, expires_in: 7200 });
    expect(next['ticket']).not.toBe(first['ticket']);
  });

  it('has a value for each type, and takes no other', async () => {
    const wechat = await signing();
    const values = await Promise.all(
      ['jsapi', 'wx_card', '2'].map(async (type) => (await wechat.get({ type }))['ticket']),
    );
    expect(new Set(values).size).toBe(3);
    for (const query of [{ type: 'sdk' }, { type: 'JSAPI' }, { type: '' }, {}])
      expect(await wechat.get(query)).toMatchObject({
        errcode: 40035,
        errmsg: expect.stringMatching(/^invalid parameter rid: /) as string,
      });
  });

  it.each([
    ['', 41001],
    ['what', 40001],
  ])('checks the token first: %j', async (token, errcode) => {
    const wechat = await signing();
    expect(await wechat.get({ access_token: token, type: 'sdk' })).toMatchObject({ errcode });
  });

  it('has none for a mini program, and says what to do', async () => {
    const wechat = await signing({});
    const refused = await wechat.get();
    expect(refused).toMatchObject({ errcode: 48001 });
    expect(refused['errmsg']).toMatch(/^api unauthorized hint: \[.*official account.*WX_TICKETS.*\] rid: /);
    await turn(wechat, 'kind', { kind: 'official' });
    expect(await wechat.get()).toMatchObject({ errcode: 0 });
  });

  it('ends with the day’s quota, which quota/get knows and clear_quota sets back', async () => {
    const wechat = await signing({ apps: [{ ...OFFICIAL, limits: { ticketPerDay: 2 } }] });
    const token = tokenOf(await callLegacy(wechat.url));
    const ask = async (path: string, body: object): Promise<unknown> =>
      JSON.parse((await post(`${wechat.url}${path}?access_token=${token}`, body)).text);
    const codes = [];
    for (const type of ['jsapi', 'wx_card', 'jsapi']) codes.push((await wechat.get({ type }))['errcode']);
    expect(codes).toEqual([0, 0, 45009]);
    expect(await ask('/cgi-bin/openapi/quota/get', { cgi_path: '/cgi-bin/ticket/getticket' })).toMatchObject({
      quota: { daily_limit: 2, used: 2, remain: 0 },
    });
    await ask('/cgi-bin/clear_quota', { appid: APP.appid });
    expect(await wechat.get()).toMatchObject({ errcode: 0 });
    await turn(wechat, 'quota', { quota: 'ticketDay', used: 2 });
    expect(await wechat.get()).toMatchObject({ errcode: 45009 });
  });
});

describe('verify', () => {
  it.each<[string, unknown, number]>([
    ['A', 'A', 2 * WINDOW_S],
    ['B', 'B', WINDOW_S],
    ['early', { earlyMs: 8_000_000 }, 6400],
  ])('a ticket in model %s signs until its end', async (_, dies, endsAtSecond) => {
    const wechat = await signing();
    await turn(wechat, 'ticketDies', { dies });
    const page = signed((await wechat.get())['ticket']);
    wechat.at(endsAtSecond - 1);
    expect(await wechat.verify(page)).toEqual({ errcode: 0, errmsg: 'ok' });
    wechat.at(endsAtSecond);
    expect(await wechat.verify(page)).toEqual({ errcode: 63002, errmsg: 'invalid signature' });
  });

  it('a new token ends no ticket', async () => {
    const wechat = await signing();
    const page = signed((await wechat.get())['ticket']);
    await turn(wechat, 'foreignMint', {});
    await turn(wechat, 'foreignMint', {});
    expect(await wechat.verify(page)).toMatchObject({ errcode: 0 });
  });

  const AAA = 'A'.repeat(86);
  const DOCUMENTED = 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg';
  const LONG = 'https://example.com/a/b?x=1&y=%E4%B8%AD%20+';
  it.each([
    [
      'the documented one',
      DOCUMENTED,
      'http://mp.weixin.qq.com?params=value',
      '0f9de62fce790f9a083d5c99e95740ceb90c27ed',
      0,
    ],
    [
      'a fragment, which the client leaves out',
      AAA,
      `${LONG}#/route?z=2`,
      'feeb1e828212b1663d06f978dd05a797e51e6fda',
      0,
    ],
    ['a decoded address', AAA, LONG, '24c4f3ed487e771f75fd443b493253d1907ad686', 63002],
    [
      'a bare host with its slash',
      AAA,
      'https://example.com/',
      'e4362dcc12ffaa53c6af99464c3d6300ac38236b',
      0,
    ],
    [
      'signed without the slash',
      AAA,
      'https://example.com/',
      '3497c38d2b9c431ac6eee3a163a7db79adbd7e36',
      63002,
    ],
    [
      'an upper-case signature',
      AAA,
      'https://example.com/',
      'E4362DCC12FFAA53C6AF99464C3D6300AC38236B',
      63002,
    ],
    ['http for https', AAA, 'http://example.com/', 'e4362dcc12ffaa53c6af99464c3d6300ac38236b', 63002],
  ])('judges the published vectors: %s', async (title, ticket, url, signature, errcode) => {
    const wechat = await signing({ apps: [OFFICIAL], ticketValue: () => ticket });
    const page =
      title === 'the documented one'
        ? { timestamp: 1414587457, nonceStr: 'Wm3WZYTPz0wzccnW' }
        : { timestamp: 1795320000, nonceStr: PAGE.nonceStr };
    expect(await wechat.verify({ appid: APP.appid, url, ...page, signature })).toMatchObject({ errcode });
    // A query string makes the number a text.
    const timestamp = String(page.timestamp);
    expect(await wechat.verify({ appid: APP.appid, url, ...page, timestamp, signature })).toMatchObject({
      errcode,
    });
  });

  it('takes the ticket of a page only, of this app only', async () => {
    const wechat = await signing({ apps: [OFFICIAL, { ...OFFICIAL, appid: 'wx0000000000000002' }] });
    const page = signed((await wechat.get())['ticket']);
    expect(await wechat.verify(page)).toMatchObject({ errcode: 0 });
    expect(await wechat.verify({ ...page, appid: 'wx0000000000000002' })).toMatchObject({ errcode: 63002 });
    expect(await wechat.verify({ ...page, appid: 'wx-other' })).toMatchObject({ errcode: 40013 });
    expect(await wechat.verify(signed((await wechat.get({ type: 'wx_card' }))['ticket']))).toMatchObject({
      errcode: 63002,
    });
  });

  it.each([
    [null, 'https://example.com/a', 0],
    [['example.com'], 'https://example.com/a', 0],
    [['example.com'], 'https://EXAMPLE.com:8443/a', 0],
    [['Example.com'], 'https://shop.example.com/a', 0],
    [['example.com/app'], 'https://example.com/app', 0],
    [['example.com/app'], 'https://example.com/app/x?y', 0],
    [['example.com/app'], 'https://example.com/apple', 40048],
    [['example.com/app'], 'https://example.com/', 40048],
    [['example.com'], 'https://badexample.com/a', 40048],
    [['example.com'], 'https://example.com.evil.test/a', 40048],
    [['example.com'], 'https://evil.test/?https://example.com', 40048],
    [[], 'https://example.com/a', 40048],
    [null, 'ftp://example.com/a', 40048],
    [null, 'example.com/a', 40048],
  ])('with the domains %j the page %s gets %i', async (domains, url, errcode) => {
    const wechat = await signing();
    await turn(wechat, 'jsDomains', { domains });
    const ticket = (await wechat.get())['ticket'];
    expect(await wechat.verify(signed(ticket, { ...PAGE, url }))).toMatchObject({ errcode });
  });

  it('refuses a mini program’s AppID for its domain', async () => {
    const wechat = await signing();
    const page = signed((await wechat.get())['ticket']);
    await turn(wechat, 'kind', { kind: 'mini' });
    expect(await wechat.verify(page)).toEqual({ errcode: 40048, errmsg: 'invalid url domain' });
  });

  it.each<[unknown, string]>([
    [{}, 'appid'],
    [{ ...signed('t'), url: undefined }, 'url'],
    [{ ...signed('t'), nonceStr: undefined, noncestr: PAGE.nonceStr }, 'nonceStr'],
    [{ ...signed('t'), timestamp: '1.5' }, 'timestamp'],
    [{ ...signed('t'), signature: ['x'] }, 'signature'],
    [[], 'expected object'],
    ['text', 'expected object'],
  ])('%j is a 400 that names the field', async (body, named) => {
    const { url } = await signing();
    const answer = await post(`${url}/verify`, body);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({
      errcode: 400,
      errmsg: expect.stringContaining(named) as string,
    });
  });

  it('wants POST and JSON', async () => {
    const { url } = await signing();
    expect((await call(`${url}/verify`)).status).toBe(405);
    expect((await call(`${url}/verify`, { method: 'POST', body: '{' })).status).toBe(400);
  });
});

it.each([
  ['kind', { kind: 'test' }],
  ['ticketDies', { dies: 'C' }],
  ['ticketDies', { dies: { earlyMs: -1 } }],
  ['jsDomains', { domains: ['https://example.com'] }],
  ['jsDomains', { domains: ['example.com/'] }],
])('the knob %s refuses %j', async (knob, body) => {
  const { url } = await signing();
  expect((await post(`${url}/__sandbox/${knob}`, body)).status).toBe(400);
});

it.each([
  [{}, 'mini mini'],
  [{ WX_TICKETS: ' ' }, 'mini mini'],
  [{ WX_TICKETS: 'jsapi' }, 'official official'],
  [{ WX_TICKETS: 'wxB=jsapi+wx_card' }, 'mini official'],
  [{ WX_TICKETS: 'wxA=jsapi, wxB=wx_card' }, 'official official'],
  [{ WX_TICKETS: 'wxAB=jsapi' }, 'mini mini'],
])('in the embedded cloud %j makes official accounts of what it names', (variables, kinds) => {
  const apps = [
    { appid: 'wxA', secret: 'a' },
    { appid: 'wxB', secret: 'b' },
  ];
  const known = sandboxAppsIn({ WX_APPS: JSON.stringify(apps), ...variables });
  expect(known.map(({ kind }) => kind).join(' ')).toBe(kinds);
});
