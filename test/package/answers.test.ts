/** What the installed client makes of WeChat's answers: digits, refusals, HTTP statuses, files and their names. */

import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HttpAnswer } from '../../scripts/local/http-server.ts';
import { errorOf, json, MAYBE_DONE, startPlace } from './wechat.ts';

describe('numbers', () => {
  it.each([
    ['271781022721654784', '271781022721654784'],
    ['-271781022721654784', '-271781022721654784'],
    ['9007199254740993', '9007199254740993'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
    ['9007199254740991', 9_007_199_254_740_991],
    ['-9007199254740991', -9_007_199_254_740_991],
    ['0.12345678901234568', 0.123_456_789_012_345_68],
    ['1.5e3', 1_500],
  ])('%s is read as %j, wherever it stands', async (text, value) => {
    const answer = `{"errcode":0,"msgid":${text},"in":{"list":[${text},1]},"quote\\"${text}":"a:\\\\\\" ${text}, b"}`;
    const { wechat } = await startPlace(json(answer));
    expect(await wechat.get('/x')).toEqual({
      errcode: 0,
      msgid: value,
      in: { list: [value, 1] },
      [`quote"${text}`]: `a:\\" ${text}, b`,
    });
  });

  it('beside raw control characters no digit is lost either', async () => {
    const { wechat } = await startPlace(json('{"nickname":"a\u0001\nb","msgid":271781022721654784}'));
    expect(await wechat.get('/x')).toEqual({ nickname: 'ab', msgid: '271781022721654784' });
  });

  it('nothing becomes JSON by it', async () => {
    const { wechat } = await startPlace(json('{271781022721654784:1}'));
    expect(await errorOf(wechat.get('/x'))).toMatchObject({ errcode: 502, origin: 'network' });
  });
});

describe('an HTTP status', () => {
  const NOT_THERE = /appid|TRUSTED_SOURCES|getAccessToken|retry_after|errCode\.html/;
  it.each([301, 302, 400, 403, 404, 405, 412, 413, 429, 500, 502, 503, 504])(
    '%i with a page is a status and no errcode, and gets no advice about getAccessToken',
    async (status) => {
      const { wechat } = await startPlace({
        status,
        body: '<html>',
        headers: { location: 'http://127.0.0.1:1/' },
      });
      const calls = [() => wechat.get('/x'), () => wechat.post('/x', {}), () => wechat.download('/x')];
      for (const call of calls) {
        const error = await errorOf(call());
        expect(error).toMatchObject({ origin: 'network', status, errcode: 502, retry_after: undefined });
        expect(error.message).not.toMatch(NOT_THERE);
        expect(MAYBE_DONE.test(error.message) && status < 500).toBe(false);
      }
    },
  );

  it('tells how long to wait when the answer does', async () => {
    const { wechat } = await startPlace({ status: 429, headers: { 'retry-after': '7' } });
    expect(await errorOf(wechat.get('/x'))).toMatchObject({ status: 429, retry_after: 7 });
  });

  it('with an errcode is WeChat’s refusal', async () => {
    const { wechat } = await startPlace(json({ errcode: 404, errmsg: 'no' }, 500));
    const error = await errorOf(wechat.get('/x'));
    expect(error).toMatchObject({ origin: 'wechat', errcode: 404, status: undefined });
    expect(error.message).not.toMatch(/getAccessToken|configured/);
  });
});

describe('download', () => {
  const BOM = '\ufeff';
  it.each<[string, HttpAnswer, object]>([
    ['nothing', { status: 200 }, { errcode: 502, origin: 'network' }],
    [
      'the address of a video',
      json({ video_url: 'http://x.example/v' }),
      { errcode: 502, origin: 'network' },
    ],
    ['a success without a file', json({ errcode: 0, errmsg: 'ok' }), { errcode: 502, origin: 'network' }],
    [
      'the page of a proxy',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '\n<!DOCTYPE html><html>' },
      { errcode: 502, origin: 'network' },
    ],
    ['a list', json([]), { errcode: 502, origin: 'network' }],
    [
      'an error behind a BOM',
      json(`${BOM}{"errcode":41030,"errmsg":"no"}`),
      { errcode: 41030, origin: 'wechat' },
    ],
    ['a code as text', json({ errcode: '41030', errmsg: 'no' }), { errcode: 41030, origin: 'wechat' }],
    [
      'an error that calls itself a file',
      { ...json({ errcode: 40007 }), headers: { 'content-disposition': 'attachment; filename="a.json"' } },
      { errcode: 40007, origin: 'wechat' },
    ],
  ])('%s is no file', async (_, answer, expected) => {
    const { wechat } = await startPlace(answer);
    const error = await errorOf(wechat.download('/x', {}));
    expect(error).toMatchObject(expected);
    expect(error.message).not.toMatch(/x\.example|carried it out/);
  });

  it.each(['{', '{not json}', '[1,', '\ufeff{', 'GIF89a'])('%j is a file, whole', async (text) => {
    const { wechat } = await startPlace({ status: 200, body: text });
    expect(Buffer.from((await wechat.download('/x')).data).toString()).toBe(text);
  });

  it('JSON that is sent as a file is one', async () => {
    const headers = { 'content-disposition': 'attachment; filename="a.json"' };
    const { wechat } = await startPlace({ ...json({ a: 1 }), headers });
    expect(await wechat.download('/x')).toMatchObject({ filename: 'a.json' });
  });

  it('a page that is sent as a file is one, and so is text with angle brackets', async () => {
    const headers = { 'content-disposition': 'attachment; filename="a.html"' };
    const page = await startPlace({ status: 200, headers, body: '<html>' });
    expect(await page.wechat.download('/x')).toMatchObject({ filename: 'a.html' });
    const { wechat } = await startPlace({ status: 200, body: '<svg/>' });
    expect(Buffer.from((await wechat.download('/x')).data).toString()).toBe('<svg/>');
  });

  it('is no advice for an answer that is empty or a page', async () => {
    for (const body of ['', '<html>']) {
      const { wechat } = await startPlace({ status: 200, body });
      const error = await errorOf(wechat.get('/x'));
      expect(error).toMatchObject({ errcode: 502, origin: 'network' });
      expect(error.message).not.toMatch(/download\(\)/);
    }
  });

  it('a refused token is replaced whatever the code is written as', async () => {
    const { wechat, asked } = await startPlace(({ query }) =>
      query.includes('t2') ? { status: 200, body: 'GIF' } : json(`${BOM}{"errcode":"40001"}`),
    );
    Object.assign(asked, { length: 0 });
    expect(await errorOf(wechat.download('/x'))).toMatchObject({ errcode: 40001 });
    expect(asked).toHaveLength(2);
  });
});

describe('the name of a downloaded file', () => {
  const RAW = Buffer.from('茶.jpg').toString('latin1');
  it.each([
    ['attachment; filename="a.jpg"', 'a.jpg'],
    ['attachment; filename=a b.jpg; size=3', 'a b.jpg'],
    ["attachment; filename*=UTF-8''%E8%8C%B6.jpg", '茶.jpg'],
    ['attachment; filename="x.jpg"; filename*=utf-8\'zh\'%E8%8C%B6.jpg', '茶.jpg'],
    ['attachment; filename*=UTF-8\'\'%E8%8C%B6.jpg; filename="x.jpg"', '茶.jpg'],
    ['attachment; filename*=UTF-8\'\'%E8%8C; filename="x.jpg"', 'x.jpg'],
    ['attachment; filename*=UTF-8\'\'%ZZ; filename="x.jpg"', 'x.jpg'],
    ["attachment; filename*=iso-8859-1''caf%E9.jpg", 'café.jpg'],
    [`attachment; filename="${RAW}"`, '茶.jpg'],
    [`attachment; filename=${RAW}`, '茶.jpg'],
    ['attachment; filename="caf\u00e9.jpg"', 'café.jpg'],
    ['attachment; filename="a \\"b\\"; c.jpg"', 'a "b"; c.jpg'],
    ['attachment; x="; filename=evil"; filename="a.jpg"', 'a.jpg'],
    ['ATTACHMENT; FileName = "a.jpg"', 'a.jpg'],
    ['filename="a.jpg"', 'a.jpg'],
    ['attachment; filename="../../etc/passwd"', 'passwd'],
    ['attachment; filename="C:\\\\dir\\\\a.jpg"', 'a.jpg'],
    ["attachment; filename*=UTF-8''..%2F..%2Fa%00%0A.jpg", 'a.jpg'],
    ["attachment; filename*=UTF-8''a%E2%80%AEgpj.exe", 'agpj.exe'],
    ['attachment; filename="%E8%8C%B6.jpg"', '茶.jpg'],
    ['attachment; filename=%e8%8c%b6%20a.jpg', '茶 a.jpg'],
    ["attachment; filename=UTF-8''%E8%8C%B6.jpg", '茶.jpg'],
    ['attachment; filename="..%2F%E8%8C%B6.jpg"', '茶.jpg'],
    ['attachment; filename="100%.jpg"', '100%.jpg'],
    ['attachment; filename="50%20.jpg"', '50%20.jpg'],
    ['attachment; filename="%E8.jpg"', '%E8.jpg'],
    ['attachment; filename="\xb2\xe8\xd2\xb6.jpg"', '茶叶.jpg'],
    ['attachment; filename="a.jpg', 'a.jpg'],
    ['attachment; filename=".."', undefined],
    ['attachment; filename=""', undefined],
    ['attachment', undefined],
  ])('%s: %s', async (disposition, filename) => {
    const baseUrl = await startRaw(`Content-Length: 3\r\nContent-Disposition: ${disposition}\r\n\r\nGIF`);
    const { wechat } = await startPlace(json({}), { baseUrl });
    expect((await wechat.download('/x')).filename).toBe(filename);
  });
});

describe('no answer', () => {
  it('is the network’s doing, and a POST may have been carried out', async () => {
    const { wechat } = await startPlace({ status: 0, drop: true });
    const error = await errorOf(wechat.post('/x', {}));
    expect(error).toMatchObject({ origin: 'network', errcode: 502, code: 'UND_ERR_SOCKET' });
    expect(error.message).toMatch(MAYBE_DONE);
    expect((await errorOf(wechat.get('/x'))).message).not.toMatch(MAYBE_DONE);
  });

  it('from an address where nobody is: nothing was sent, and nothing was carried out', async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const { wechat } = await startPlace(json({}), { baseUrl: `http://127.0.0.1:${port}` });
    const error = await errorOf(wechat.post('/x', {}));
    expect(error).toMatchObject({ origin: 'network', errcode: 502, code: 'ECONNREFUSED' });
    expect(error.message).not.toMatch(MAYBE_DONE);
  });

  it('in time is 504, also for an answer that stops half way', async () => {
    const baseUrl = await startRaw('Content-Length: 9\r\n\r\n{"a"');
    const { wechat } = await startPlace(json({}), { baseUrl, timeoutMs: 200 });
    expect(await errorOf(wechat.get('/x'))).toMatchObject({ errcode: 504, origin: 'network' });
  });
});

it.each([40004, 40066, 40169, 41002, 41005, 43104, 45001])('there is advice for %i', async (errcode) => {
  const { wechat } = await startPlace(json({ errcode, errmsg: 'no' }));
  const error = await errorOf(wechat.post('/x', {}));
  expect(error).toMatchObject({ errcode, origin: 'wechat' });
  expect(error['advice']).not.toMatch(/errCode\.html/);
});

/** Answers with these bytes, one a character: Node's own server refuses some of the headers that are about. */
async function startRaw(rest: string): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write(Buffer.from(`HTTP/1.1 200 OK\r\n${rest}`, 'latin1')));
    onTestFinished(() => void socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
