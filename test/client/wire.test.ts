/** What the client puts on the wire and makes of what comes back, with the real `fetch` and a real server. */

import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { createWeChat } from '../../functions/getAccessToken/client.ts';
import type { WeChat, WeChatOptions } from '../../functions/getAccessToken/client.ts';
import { startHttpServer, type HttpAnswer, type HttpRequest } from '../../scripts/local/http-server.ts';
import { readFormFile } from '../../scripts/local/multipart.ts';
import { isChunkedPost } from '../../scripts/local/wechat/wire.ts';
import { errorOf, tokenReply } from './harness.ts';

/** Must be in no error. */
const TOKEN = '110_CANARY-of-the-token';

async function serve(
  answer: HttpAnswer | ((request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>),
  options: Partial<WeChatOptions> = {},
): Promise<{ wechat: WeChat; requests: HttpRequest[] }> {
  const requests: HttpRequest[] = [];
  const server = await startHttpServer({
    port: 0,
    secret: null,
    handle(request) {
      requests.push(request);
      if (isChunkedPost(request)) return { status: 412 };
      return typeof answer === 'function' ? answer(request) : answer;
    },
  });
  onTestFinished(() => server.close());
  const app = { callFunction: async () => ({ result: tokenReply(TOKEN) }) };
  return { wechat: createWeChat({ app, baseUrl: `${server.url}/`, ...options }), requests };
}

const json = (body: unknown, type = 'application/json; encoding=utf-8'): HttpAnswer => ({
  status: 200,
  headers: { 'content-type': type },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

it('GET: query and token in the URL, nothing else', async () => {
  const { wechat, requests } = await serve(json({ ip_list: [] }));
  const query = { a: 'ä &', n: 1, yes: true, no: undefined, access_token: 'mine' };
  expect(await wechat.get('/cgi-bin/x?b=2', query)).toEqual({ ip_list: [] });
  expect(requests[0]).toMatchObject({ method: 'GET', path: '/cgi-bin/x' });
  expect(Object.fromEntries(new URLSearchParams(requests[0]?.query))).toEqual({
    a: 'ä &',
    b: '2',
    n: '1',
    yes: 'true',
    access_token: TOKEN,
  });
});

it.each([
  [{ name: '茶' }, '{"name":"茶"}'],
  ['{"raw":1}', '{"raw":1}'],
  [undefined, '{}'],
])('POST %j as JSON with its length', async (body, text) => {
  const { wechat, requests } = await serve(json({ errcode: 0 }));
  await wechat.post('/wxa/x', body);
  expect(requests[0]?.body.toString()).toBe(text);
  expect(requests[0]?.headers).toMatchObject({
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(text)),
  });
});

it.each([
  ['bytes', () => ({ data: Buffer.from('P\r\nNG') })],
  ['a string', () => ({ data: 'P\r\nNG' })],
  ['a stream', () => ({ stream: Readable.from([Buffer.from('P\r\n'), Buffer.from('NG')]), size: 5 })],
])('uploads %s as multipart/form-data with its length', async (_, content) => {
  const { wechat, requests } = await serve(json({ media_id: 'm' }));
  const name = { filename: 'a "b".png', contentType: 'image/png', fields: { description: 'of me' } };
  await wechat.upload('/cgi-bin/media/upload', { ...name, ...content() }, { type: 'image' });
  const [{ headers, body }] = requests as [HttpRequest];
  expect(headers['content-length']).toBe(String(body.length));
  expect(headers['transfer-encoding']).toBeUndefined();
  expect(readFormFile(headers['content-type'], body)).toEqual({
    field: 'media',
    filename: 'a %22b%22.png',
    contentType: 'image/png',
    bytes: Buffer.from('P\r\nNG'),
  });
  expect(body.toString()).toContain('name="description"\r\n\r\nof me\r\n');
});

it.each([
  ['text/plain', '{"ip_list":[]}', { ip_list: [] }],
  ['', '  {"ip_list":[]}', { ip_list: [] }],
  ['application/json', '{"name":"a\u0001b\nc"}', { name: 'abc' }],
])('reads JSON of type %j: %j', async (type, body, value) => {
  const { wechat } = await serve(json(body, type));
  expect(await wechat.get('/cgi-bin/x')).toEqual(value);
});

it('downloads a file by POST or GET, whatever its type says', async () => {
  const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255]);
  const headers = { 'content-type': 'image/jpeg', 'content-disposition': 'attachment; filename="a.jpg"' };
  const { wechat, requests } = await serve({ status: 200, headers, body: bytes });
  const file = await wechat.download('/wxa/getwxacodeunlimit', { scene: 'a' });
  expect(file).toEqual({ data: bytes, contentType: 'image/jpeg', filename: 'a.jpg' });
  await wechat.download('/cgi-bin/media/get', null, { media_id: 'm' });
  expect(requests.map(({ method, body }) => [method, body.toString()])).toEqual([
    ['POST', '{"scene":"a"}'],
    ['GET', ''],
  ]);
});

it.each(['image/jpeg', 'application/json; encoding=utf-8'])(
  'an error instead of a file, as %s',
  async (type) => {
    const { wechat } = await serve(json({ errcode: 41030, errmsg: 'invalid page' }, type));
    expect(await errorOf(wechat.download('/wxa/getwxacodeunlimit', {}))).toMatchObject({ errcode: 41030 });
  },
);

it.each<[string, HttpAnswer, Partial<WeChatOptions>, object]>([
  ['a dropped connection', { status: 0, drop: true }, {}, { errcode: 502 }],
  ['an answer that is not JSON', { status: 200, body: '<html>' }, {}, { errcode: 502 }],
  ['half an answer', { status: 200, body: '{"errcode":' }, {}, { errcode: 502 }],
  ['nothing', { status: 200 }, {}, { errcode: 502 }],
  [
    'an answer that is too long',
    json({ a: 'x'.repeat(2_000) }),
    { longestReplyBytes: 1_000 },
    { errcode: 502 },
  ],
  ['a server error', { status: 500, body: 'oops' }, {}, { errcode: 502, status: 500 }],
  [
    'a redirect',
    { status: 302, headers: { location: 'http://127.0.0.1:1/' } },
    {},
    { errcode: 502, status: 302 },
  ],
  [
    'an error that quotes the token',
    json({ errcode: 40097, errmsg: `no ${TOKEN} rid` }),
    {},
    { errcode: 40097 },
  ],
  [
    'an error under another status',
    { ...json({ errcode: 48001, errmsg: 'no' }), status: 403 },
    {},
    { errcode: 48001 },
  ],
])('%s is an error without the token', async (_, answer, options, expected) => {
  const { wechat } = await serve(answer, options);
  const error = await errorOf(wechat.get('/cgi-bin/x?user=oSecretive', { openid: 'oSecretive' }));
  expect(error).toMatchObject({ name: 'WeChatError', ...expected });
  expect(
    `${inspect(error, { depth: 9, showHidden: true })}${error.stack}${JSON.stringify(error)}`,
  ).not.toMatch(/CANARY|oSecretive/);
});

it('an answer that doesn’t come is an error in time, also when it stops half way', async () => {
  const { wechat } = await serve(() => new Promise<HttpAnswer>(() => {}), { timeoutMs: 100 });
  const error = await errorOf(wechat.post('/wxa/x', {}));
  expect(error).toMatchObject({ errcode: 504 });
  expect(error.message).toMatch(/within 100 ms; if it was a POST, WeChat may have carried it out/);
});

it('nobody there is an error with Node’s code for it', async () => {
  const gone = await startHttpServer({ port: 0, secret: null, handle: () => json({}) });
  await gone.close();
  const { wechat } = await serve(json({}), { baseUrl: gone.url });
  expect((await errorOf(wechat.get('/x'))).message).toContain('ECONNREFUSED');
});

it.each(['https://evil.example/x', 'cgi-bin/x', ''])(
  'the path %j is refused before anything is asked',
  async (path) => {
    const { wechat, requests } = await serve(json({}));
    expect((await errorOf(wechat.get(path))).message).toMatch(/path must begin with a slash/);
    expect(requests).toEqual([]);
  },
);

it.each(['//evil.example/x', '/@evil.example/x', '/..//evil.example'])(
  'the path %j stays at WeChat',
  async (path) => {
    const { wechat, requests } = await serve(json({ ok: 1 }));
    expect(await wechat.get(path)).toEqual({ ok: 1 });
    expect(requests).toHaveLength(1);
  },
);
