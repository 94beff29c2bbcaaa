/** The installed client and streams: a failure never goes unhandled, no stream stays open, none is sent twice. */

import { execFile } from 'node:child_process';
import { createReadStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { installPackage } from './installed.ts';
import { errorOf, json, MAYBE_DONE, startPlace, tokenReply } from './wechat.ts';

const run = promisify(execFile);
const upload = { filename: 'a.png', contentType: 'image/png' };
const bytes = (...sizes: number[]) => Readable.from(sizes.map((size) => Buffer.alloc(size, 'x')));

/** Alone, since an 'error' event that nobody listens to ends the process. */
it('a file that isn’t there is a rejection, and the process lives on', async () => {
  const { project } = await installPackage();
  writeFileSync(
    join(project, 'missing.cjs'),
    `const { createReadStream } = require('node:fs');
const { createWeChat } = require('cloudbase-access-token/client');
const later = (value) => new Promise((resolve) => setTimeout(resolve, 100, value));
const app = { callFunction: () => later({ result: { errcode: 0, access_token: 't', expires_in: 60 } }) };
const wechat = createWeChat({ app, baseUrl: 'http://127.0.0.1:1' });
const file = { filename: 'a', contentType: 'b/c' };
const calls = [
  (stream) => wechat.upload('/x', { ...file, stream, size: 1 }),
  (stream) => wechat.upload('/x', { ...file, data: stream }),
  (stream) => wechat.upload('/x', { ...file, data: 'a', fields: { a: stream } }),
  (stream) => wechat.upload('/x', stream),
  (stream) => wechat.post('/x', stream),
  (stream) => wechat.post('/x', { list: [{ media: stream }] }),
  (stream) => wechat.download('/x', stream),
  (stream) => wechat.get('/x', stream),
  (stream) => wechat.get('/x', { a: stream }),
  (stream) => wechat.get(stream),
  (stream) => wechat.post(stream, {}),
  (stream) => wechat.upload(stream, { ...file, data: 'a' }),
  (stream) => wechat.upload('/x', { ...file, filename: stream, data: 'a' }),
  (stream) => wechat.upload('/x', { ...file, field: stream, data: 'a' }),
  (stream) => wechat.upload('/x', { ...file, contentType: stream, data: 'a' }),
  (stream) => wechat.accessToken(stream),
  (stream) => wechat.accessToken({ refused: stream }),
];
const main = async () => {
  const outcomes = calls.map(async (call) => {
    const stream = createReadStream('/nonexistent');
    const error = await call(stream).catch((e) => e);
    await later();
    return [error.name, error.code, stream.destroyed].join(' ');
  });
  console.log(JSON.stringify(await Promise.all(outcomes)));
};
main();`,
  );
  const { stdout, stderr } = await run(process.execPath, ['missing.cjs'], { cwd: project });
  const [rightPlace, ...wrongPlaces] = JSON.parse(stdout) as string[];
  expect([rightPlace, stderr]).toEqual(['WeChatError ENOENT true', '']);
  expect(wrongPlaces).toEqual(Array.from({ length: 16 }, () => 'TypeError  true'));
});

it('a stream that never ends is a local error when the time is over: WeChat has not had the whole of it', async () => {
  const place = await startPlace(json({}), { timeoutMs: 300 });
  for (const first of [[], ['ab']]) {
    const stream = new Readable({ read: () => first.splice(0).forEach((chunk) => stream.push(chunk)) });
    const error = await errorOf(place.wechat.upload('/x', { ...upload, stream, size: 3 }));
    expect(error).toMatchObject({ origin: 'local', errcode: 499 });
    expect(error.message).not.toMatch(MAYBE_DONE);
    expect(stream.destroyed).toBe(true);
  }
});

it('a WeChat that never answers is to blame itself, however the bytes were handed over', async () => {
  const place = await startPlace(() => new Promise(() => {}), { timeoutMs: 300 });
  const error = await errorOf(place.wechat.upload('/x', { ...upload, stream: bytes(3), size: 3 }));
  expect(error).toMatchObject({ origin: 'network', errcode: 504 });
  expect(error.message).toMatch(MAYBE_DONE);
});

it.each<[string, (stream: Readable) => void]>([
  ['is destroyed', (stream) => stream.destroy()],
  ['fails', (stream) => stream.destroy(new Error('aborted'))],
])('a source that %s while the token is awaited is a rejection at once', async (_, end) => {
  const place = await startPlace(json({}));
  let answer = (): void => {};
  place.answerToken = () => new Promise((resolve) => (answer = () => resolve(tokenReply('t1'))));
  const stream = new Readable({ read() {} });
  const failed = errorOf(place.wechat.upload('/x', { ...upload, stream, size: 3 }));
  end(stream);
  const error = await failed;
  expect(error).toMatchObject({ name: 'WeChatError', origin: 'local' });
  expect(error.message).not.toMatch(MAYBE_DONE);
  answer();
  expect(place.requests).toEqual([]);
});

it.each<[string, () => Readable, number]>([
  ['shorter', () => bytes(3, 3), 9],
  ['longer', () => bytes(3, 3), 5],
  ['longer by a chunk', () => bytes(3, 3), 3],
  ['failing half way', () => Readable.from(failing()), 9],
])('a stream %s is a local error, and WeChat gets no whole request', async (_, make, size) => {
  const place = await startPlace(json({ media_id: 'm' }), { timeoutMs: 30_000 });
  const stream = make();
  const error = await errorOf(place.wechat.upload('/x', { ...upload, stream, size }));
  expect(error).toMatchObject({ origin: 'local', errcode: 499 });
  expect(error.message).not.toMatch(MAYBE_DONE);
  expect(stream.destroyed).toBe(true);
  expect(place.requests).toEqual([]);
});

it.each<[string, (place: Awaited<ReturnType<typeof startPlace>>) => void, object]>([
  ['there is no token', (place) => (place.answerToken = () => ({ errcode: 503, errmsg: 'no' })), {}],
  ['the arguments are wrong', () => {}, { size: '3' }],
])('is destroyed when %s', async (_, prepare, more) => {
  const place = await startPlace(json({}));
  prepare(place);
  for (const stream of [bytes(3), createReadStream('/nonexistent')]) {
    await errorOf(place.wechat.upload('/x', { ...upload, stream, size: 3, ...more }));
    expect(stream.destroyed).toBe(true);
  }
  expect(place.requests).toEqual([]);
});

it('is sent once, refused or not, and a used one is not sent at all', async () => {
  const place = await startPlace(json({ errcode: 40001, errmsg: 'invalid' }));
  const stream = bytes(3);
  expect(await errorOf(place.wechat.upload('/x', { ...upload, stream, size: 3 }))).toMatchObject({
    errcode: 40001,
  });
  expect(await errorOf(place.wechat.upload('/x', { ...upload, stream, size: 3 }))).toMatchObject({
    origin: 'local',
  });
  expect(place.requests).toHaveLength(1);
});

it.each<[string, () => AsyncIterable<Uint8Array | string>]>([
  ['of the web', () => new Blob(['abc']).stream()],
  ['a generator', () => pieces('ab', Buffer.from('c'))],
  ['of text', () => Readable.from(['ab', 'c'])],
])('%s is taken', async (_, make) => {
  const place = await startPlace(json({ media_id: 'm' }));
  expect(await place.wechat.upload('/x', { ...upload, stream: make(), size: 3 })).toEqual({ media_id: 'm' });
  expect(place.requests[0]?.body.toString()).toContain('\r\n\r\nabc\r\n--');
});

async function* pieces(...all: (string | Buffer)[]) {
  yield* all;
}

async function* failing() {
  yield Buffer.from('abc');
  await new Promise((resolve) => setTimeout(resolve, 20));
  throw new Error('the source broke');
}
