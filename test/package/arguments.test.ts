/** Wrong options and arguments of the installed client: named, at once, with nothing asked and nothing sent. */

import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { UploadFile, WeChat, WeChatOptions } from '../../functions/getAccessToken/client.ts';
import { installPackage } from './installed.ts';
import { errorOf, json, MAYBE_DONE, startPlace } from './wechat.ts';

describe('createWeChat refuses', () => {
  const app = { callFunction: async () => ({}) };
  it.each<[string, object]>([
    ['timeoutMs', { timeoutMs: '5s' }],
    ['timeoutMs', { timeoutMs: 0 }],
    ['timeoutMs', { timeoutMs: Number.NaN }],
    ['timeoutMs', { timeoutMs: 2 ** 40 }],
    ['longestReplyBytes', { longestReplyBytes: '16M' }],
    ['fetch', { fetch: 'node-fetch' }],
    ['now', { now: 5 }],
    ['sleep', { sleep: 5 }],
    ['appid', { appid: 5 }],
    ['functionName', { functionName: {} }],
    ['baseUrl', { baseUrl: 5 }],
    ['baseUrl', { baseUrl: 'http://api.weixin.qq.com' }],
    ['timeout', { timeout: 5_000 }],
    ['app', { app: {} }],
  ])('%s: %j', async (name, options) => {
    const { client } = await installPackage();
    const create = () => client.createWeChat({ app, ...options });
    expect(create).toThrow(TypeError);
    expect(create).toThrow(`{ ${name} }`);
  });

  it('a runtime without fetch, unless it is given one', async () => {
    const { project } = await installPackage();
    const code = `const { createWeChat } = require('cloudbase-access-token/client');
delete globalThis.fetch;
const app = { callFunction: async () => ({}) };
let name = 'none';
try { createWeChat({ app }); } catch (error) { name = error.name; }
console.log(name, typeof createWeChat({ app, fetch: async () => ({}) }));`;
    writeFileSync(join(project, 'fetchless.cjs'), code);
    const { stdout } = await promisify(execFile)(process.execPath, ['fetchless.cjs'], { cwd: project });
    expect(stdout).toBe('TypeError object\n');
  });
});

it.each<[string, NonNullable<WeChatOptions['fetch']>]>([
  [
    'throws',
    () => {
      throw new TypeError('x is not a function');
    },
  ],
  ['rejects', () => Promise.reject(new Error('CANARY'))],
  ['gives nothing', async () => undefined as never],
  ['gives a body that can’t be read', async () => ({ status: 200, headers: new Headers(), body: {} })],
  [
    'gives a body of texts',
    async () => ({ status: 200, headers: new Headers(), body: Readable.from(['{}']) }),
  ],
  ...['ENOENT', 'MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND', 'ERR_INVALID_URL', 'UND_ERR_INVALID_ARG'].map(
    (code): [string, NonNullable<WeChatOptions['fetch']>] => [
      `fails with ${code}`,
      () => Promise.reject(Object.assign(new Error('CANARY'), { code })),
    ],
  ),
])('a fetch option that %s is a local mistake, and WeChat is not blamed', async (_, fetch) => {
  const { wechat } = await startPlace(json({}), { fetch });
  const error = await errorOf(wechat.post('/x', {}));
  expect(error).toMatchObject({ name: 'WeChatError', origin: 'local', errcode: 499 });
  expect(error.message).not.toMatch(MAYBE_DONE);
});

it.each<[string, Error]>([
  ...['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ERR_HTTP2_STREAM_ERROR', 'ERR_BAD_REQUEST'].map(
    (code): [string, Error] => [code, Object.assign(new Error('CANARY'), { code })],
  ),
  ['a time limit of its own', new DOMException('CANARY', 'TimeoutError')],
])(
  'a fetch option that fails with %s is the network, and a POST may have been carried out',
  async (_, thrown) => {
    const { wechat } = await startPlace(json({}), { fetch: () => Promise.reject(thrown) });
    const error = await errorOf(wechat.post('/x', {}));
    expect(error).toMatchObject({ origin: 'network', errcode: 502 });
    expect(error.message).toMatch(MAYBE_DONE);
  },
);

it.each<[string, typeof fetch | undefined, string | undefined]>([
  ['is taken away', undefined, undefined],
  [
    'throws',
    () => {
      throw new TypeError('x is not a function');
    },
    undefined,
  ],
  // A port that fetch never connects to: https://fetch.spec.whatwg.org/#port-blocking
  ['refuses the port', fetch, 'http://127.0.0.1:6000'],
])('a global fetch that %s is a local mistake, and WeChat is not blamed', async (_, replaced, baseUrl) => {
  const { wechat } = await startPlace(json({}), baseUrl === undefined ? {} : { baseUrl });
  vi.stubGlobal('fetch', replaced);
  onTestFinished(() => void vi.unstubAllGlobals());
  const error = await errorOf(wechat.post('/x', {}));
  expect(error).toMatchObject({ name: 'WeChatError', origin: 'local', errcode: 499 });
  expect(error.message).not.toMatch(MAYBE_DONE);
});

it.each<[string, NonNullable<WeChatOptions['fetch']>]>([
  ['takes no notice of its signal', () => new Promise(() => {})],
  [
    'gives a body without an end',
    async () => ({ status: 200, headers: new Headers(), body: { [Symbol.asyncIterator]: () => endless } }),
  ],
])('a fetch option that %s holds no call beyond timeoutMs', async (_, fetch) => {
  const { wechat } = await startPlace(json({}), { fetch, timeoutMs: 20 });
  expect(await errorOf(wechat.get('/x'))).toMatchObject({ origin: 'network', errcode: 504 });
});

const endless = { next: () => new Promise(() => {}) };
const circular: Record<string, unknown> = {};
circular['self'] = circular;
class Hiding {
  #a = 1;
  a() {
    return this.#a;
  }
}
const file = { filename: 'a.png', contentType: 'image/png', data: 'PNG' };

describe('a TypeError that names the argument, and nothing asked or sent', () => {
  it.each<[string, RegExp, (wechat: WeChat) => Promise<unknown>]>([
    ['post(FormData)', /body/, (wechat) => wechat.post('/x', new FormData())],
    ['post(URLSearchParams)', /body/, (wechat) => wechat.post('/x', new URLSearchParams('a=1'))],
    ['post(Buffer)', /body/, (wechat) => wechat.post('/x', Buffer.from('{}'))],
    ['post(ArrayBuffer)', /body/, (wechat) => wechat.post('/x', new ArrayBuffer(1))],
    ['post(Map)', /body/, (wechat) => wechat.post('/x', new Map())],
    ['post(promise)', /body/, (wechat) => wechat.post('/x', Promise.resolve({}))],
    ['post(stream)', /body/, (wechat) => wechat.post('/x', Readable.from(['a']))],
    ['post(number)', /body/, (wechat) => wechat.post('/x', 5)],
    ['post(function)', /body/, (wechat) => wechat.post('/x', () => 5)],
    ['post(Error)', /body/, (wechat) => wechat.post('/x', new Error('a'))],
    ['post(Headers)', /body/, (wechat) => wechat.post('/x', new Headers({ a: 'b' }))],
    ['post(Response)', /body/, (wechat) => wechat.post('/x', new Response('a'))],
    ['post(generator)', /body/, (wechat) => wechat.post('/x', [1].values())],
    ['post of hidden members', /body/, (wechat) => wechat.post('/x', new Hiding())],
    ['post(Date)', /body/, (wechat) => wechat.post('/x', new Date(0))],
    ['post(URL)', /body/, (wechat) => wechat.post('/x', new URL('http://x.example'))],
    ['post(String)', /body/, (wechat) => wechat.post('/x', Object('a'))],
    ['post of an Error inside', /body…e/, (wechat) => wechat.post('/x', { e: new Error('a') })],
    ['post of no date', /body…d/, (wechat) => wechat.post('/x', { d: new Date(Number.NaN) })],
    ['post of a function inside', /body…f/, (wechat) => wechat.post('/x', { f: () => 1 })],
    ['post of a symbol inside', /body…s/, (wechat) => wechat.post('/x', { s: Symbol('a') })],
    ['a token that is not reported', /refused/, (wechat) => wechat.accessToken('t1' as never)],
    ['a report of another name', /refused/, (wechat) => wechat.accessToken({ refuse: 't1' } as never)],
    ['a report of nothing', /refused/, (wechat) => wechat.accessToken({ refused: '' })],
    ['post of a circle', /body/, (wechat) => wechat.post('/x', circular)],
    ['post of a BigInt', /body…id/, (wechat) => wechat.post('/x', { id: 5n })],
    ['post of a NaN', /body…n/, (wechat) => wechat.post('/x', { a: { n: Number.NaN } })],
    ['post of a Buffer inside', /body…media/, (wechat) => wechat.post('/x', { media: Buffer.from('a') })],
    ['download with a Buffer', /body/, (wechat) => wechat.download('/x', Buffer.from('{}'))],
    ['a query that is a text', /query/, (wechat) => wechat.get('/x', 'a=1' as never)],
    ['a query of another kind', /query/, (wechat) => wechat.get('/x', new URLSearchParams() as never)],
    ['an object in the query', /query\.a/, (wechat) => wechat.get('/x', { a: {} } as never)],
    ['no path', /path/, (wechat) => wechat.get(undefined as never)],
    ['upload without a file', /file/, (wechat) => wechat.upload('/x', undefined as never)],
    ['upload of bytes alone', /file/, (wechat) => wechat.upload('/x', Buffer.from('a') as never)],
    ...Object.entries({
      filename: { filename: undefined },
      'file.filename ': { filename: '' },
      data: { data: undefined },
      'file.data': { data: { a: 1 } },
      'file.stream': { data: undefined, stream: {}, size: 1 },
      'file.size': { data: undefined, stream: Readable.from(['a']) },
      'and not both': { stream: Readable.from(['a']), size: 1 },
      'as stream': { data: Readable.from(['a']) },
      'fields.a': { fields: { a: new Map() } },
      'fields.b': { fields: { b: Buffer.from('a') } },
      'fields.c': { fields: { c: null } },
      'file.fields': { fields: 'a' },
      contentType: { contentType: 'a/b\r\nX-Evil: 1' },
      'file.field ': { field: 5 },
    }).map(([name, wrong]): [string, RegExp, (wechat: WeChat) => Promise<unknown>] => [
      `upload: ${name}`,
      new RegExp(name),
      (wechat) => wechat.upload('/x', { ...file, ...wrong } as unknown as UploadFile),
    ]),
  ])('%s', async (_, name, call) => {
    const { wechat, asked, requests } = await startPlace(json({}));
    const error = await errorOf(call(wechat));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(name);
    expect([asked, requests]).toEqual([[], []]);
  });
});

it('what can be said sensibly is', async () => {
  class Message {
    touser = 'o';
    at = new Date(0);
    skipped = undefined;
  }
  const { wechat, requests } = await startPlace(json({}));
  await wechat.post('/x', new Message());
  await wechat.post('/x', '{"raw":1}');
  await wechat.post('/x', Object.assign(Object.create(null) as object, { a: 1 }));
  await wechat.upload('/x', {
    filename: 'a.bin',
    data: new Uint8Array([65, 66, 67]).buffer,
    fields: { description: { title: '茶' }, n: 5, left: undefined },
  });
  const [first, second, third, form] = requests.map(({ body }) => body.toString());
  expect([first, second, third]).toEqual([
    '{"touser":"o","at":"1970-01-01T00:00:00.000Z"}',
    '{"raw":1}',
    '{"a":1}',
  ]);
  expect(form).toMatch(
    /name="description"\r\n\r\n\{"title":"茶"\}\r\n[^]*name="n"\r\n\r\n5\r\n[^]*\r\n\r\nABC\r\n/,
  );
  expect(form).not.toContain('left');
});
