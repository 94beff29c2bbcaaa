/** Answers in WeChat's name that are made to hurt: searches without end, floods of text, bombs, texts for terminals. */

import { performance } from 'node:perf_hooks';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../functions/_shared/runtime/log.ts';
import { createMint } from '../../functions/_shared/wechat/mint.ts';
import { readReply } from '../../functions/_shared/wechat/reply.ts';
import { send } from '../../functions/_shared/wechat/send.ts';
import { borrowCloud, NOON_MS } from '../support/cloud.ts';
import { serveHttp } from '../wechat/loopback.ts';

const SECRET = 'canary"sec\\ret+/&=';

const mintWith = (errmsg: string) =>
  createMint({
    appid: 'wxAPP',
    secret: SECRET,
    api: 'token',
    baseUrls: ['https://a.invalid'],
    send: async () => ({ kind: 'answered', status: 200, body: JSON.stringify({ errcode: 40_125, errmsg }) }),
    now: () => NOON_MS,
    sleep: async () => undefined,
    random: () => 0.5,
  })();

describe('a refusal', () => {
  it.each([' ', 'rid: ', ',', 'rid: 0123abcd-0123abcd-0123abcd ', '0123abcd-'])(
    'of 64 KB of %j is read at once',
    (piece) => {
      const errmsg = `${piece.repeat(64_000 / piece.length)}!`;
      const startedAtMs = performance.now();
      expect(readReply(200, JSON.stringify({ errcode: 40_125, errmsg }))).toMatchObject({
        kind: 'error',
        rid: null,
      });
      expect(performance.now() - startedAtMs).toBeLessThan(1_000);
    },
  );

  it('keeps its rid, wherever the text ends', () => {
    const rid = '6571f3c4-2a1b3c4d-5e6f7a8b';
    for (const errmsg of [
      `invalid appsecret, rid: ${rid}`,
      `rid:${rid} \n`,
      `${'x'.repeat(9_000)} rid: ${rid}`,
    ])
      expect(readReply(200, JSON.stringify({ errcode: 40_125, errmsg }))).toMatchObject({ rid });
  });

  it.each([
    ['as it is', SECRET],
    ['as in a URL', encodeURIComponent(SECRET)],
    [
      'as in a URL, in small letters',
      encodeURIComponent(SECRET).replace(/%../g, (code) => code.toLowerCase()),
    ],
    ['as in a form', new URLSearchParams({ s: SECRET }).toString().slice(2)],
    ['as in JSON', JSON.stringify(SECRET).slice(1, -1)],
  ])('that quotes the secret %s is passed on without it', async (_how, form) => {
    const outcome = await mintWith(`got secret=${form} from you`);
    expect(outcome).toMatchObject({ kind: 'refused', failure: { errcode: 40_125 } });
    const { errmsg } = (outcome as { failure: { errmsg: string } }).failure;
    expect(errmsg).toContain('got secret=*** from you');
  });

  it('is one bounded line, whatever it brings', async () => {
    const outcome = await mintWith(`first\r\n{"level":"info"}\u2028\u001b[2J\u009b31m${'x'.repeat(60_000)}`);
    const { errmsg } = (outcome as { failure: { errmsg: string } }).failure;
    expect(errmsg.length).toBeLessThan(600);
    expect(errmsg).toMatch(/^first \{"level":"info"\} \[2J 31mx+$/);
  });

  it('is as short in every place that it gets to', async () => {
    const cloud = await borrowCloud({ startAtMs: NOON_MS });
    const body = JSON.stringify({ errcode: 40_125, errmsg: 'y'.repeat(60_000) });
    cloud.sandbox.faults.add({ fault: { do: 'reply', body }, times: 9 });
    const reply = await cloud.get();
    const { results } = await cloud.refresh();
    for (const place of [reply, results, cloud.stored(), cloud.lines.join('\n')]) {
      expect(JSON.stringify(place)).toContain('yyy');
      expect(JSON.stringify(place)).not.toContain('y'.repeat(400));
    }
  });
});

describe('a body', () => {
  it('of a few KB that unpacks to megabytes is not unpacked to the end', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000, ' '));
    const server = await serveHttp((response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    );
    expect(await send({ url: server.url, body: null, timeoutMs: 5_000 })).toMatchObject({ kind: 'lost' });
  });

  it('of 30 000 brackets is an answer of no use, and no crash', () => {
    for (const body of ['['.repeat(30_000), '{"a":'.repeat(10_000), '"\\ud800'.repeat(5_000)])
      expect(readReply(200, body).kind).toBe('unreadable');
  });
});

describe('a log line', () => {
  it('steers no terminal and turns no direction, and says the same to whoever parses it', () => {
    const lines: string[] = [];
    const errmsg = '\u001b[2J\u009b31m\u007f\u0085\u2028\u2029\u202e\u2066 中文';
    createLog('getAccessToken', (line) => lines.push(line))('mint_failed', { errmsg });
    expect(lines[0]).not.toMatch(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u);
    expect(lines[0]).toContain('中文');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ errmsg });
  });
});
