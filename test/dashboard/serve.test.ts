/** The dashboard's server without a browser: who is let in, what is sent, and that nothing secret is in it. */

import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { median } from '../../scripts/bench/figures.ts';
import { APPID, SECRET, type TestCloudOptions } from '../support/cloud.ts';
import { createCloudClock } from '../../scripts/local/clock.ts';
import { authorizationFor, listenTo, serveCloud, type Served } from './support.ts';

const MINUTE_MS = 60_000;

/** On a clock of its own, which a test can find where it was. */
const serveAlone = (options: TestCloudOptions = {}): Promise<Served> =>
  serveCloud({ clock: createCloudClock(), ...options });

/** In whole seconds: two readings of a clock differ by a millisecond now and then. */
function aheadMs({ clock }: Served['cloud']): number {
  return Math.abs(Math.round(clock.offsetMs() / 1_000)) * 1_000;
}

interface Sent {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  body: string;
}

/** As any program can send it: `fetch` would not let a test lie about Host and Origin. */
function send(
  url: string,
  method: string,
  headers: Record<string, string> = {},
  body: string | Buffer = '',
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** What the page itself sends with a knob. */
function credentials({ url, address }: Served): Record<string, string> {
  return { origin: url, 'content-type': 'application/json', ...authorizationFor(address) };
}

describe('the dashboard’s server', () => {
  it('sends every answer with a strict policy', async () => {
    const { url, address } = await serveAlone();
    for (const path of ['/', '/main.js', '/main.css', '/icon.svg', '/nowhere', '/knobs/outage']) {
      const { headers } = await send(url + path, 'GET');
      expect(headers['content-security-policy']).toMatch(
        /^default-src 'none'; script-src 'self'; style-src 'self';/,
      );
      expect(headers['content-security-policy']).toMatch(/frame-ancestors 'none'$/);
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
    const { headers } = await fetch(`${url}/events`, { headers: authorizationFor(address) });
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    const html = (await send(url, 'GET')).body;
    expect(html).not.toMatch(/<script(?![^>]*src="\/main\.js")|<style|style=|\son\w+=|https?:/);
  });

  it('listens on 127.0.0.1 only', async () => {
    const { url } = await serveAlone();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await expect(send(url.replace('127.0.0.1', '[::1]'), 'GET')).rejects.toThrow('ECONNREFUSED');
    await expect(send(url.replace('127.0.0.1', '127.0.0.2'), 'GET')).rejects.toThrow('ECONNREFUSED');
  });

  it.each([
    ['names this machine by another name (DNS rebinding)', { host: 'evil.example:80' }],
    ['names it by another number', { host: '127.0.0.2' }],
    ['comes from a page of another site', { origin: 'https://evil.example' }],
    ['comes from a sandboxed page', { origin: 'null' }],
    ['comes from another server of this machine', { origin: 'http://127.0.0.1:1' }],
    ['a page of another site starts (a link, an image, a form)', { 'sec-fetch-site': 'cross-site' }],
  ])('refuses a request that %s', async (_, headers) => {
    const served = await serveAlone();
    const { url } = served;
    for (const path of ['/', '/events', '/main.js'])
      expect(await send(url + path, 'GET', headers)).toMatchObject({ status: 403 });
    const own = credentials(served);
    const knob = await send(`${url}/knobs/forward`, 'POST', { ...own, ...headers }, '{"minutes":5}');
    expect(knob).toMatchObject({ status: 403 });
  });

  it('tells and does nothing without the secret of this start', async () => {
    const served = await serveAlone();
    const { url, cloud } = served;
    const own = credentials(served);
    const turn = (headers: Record<string, string>, body: string | Buffer = '{"minutes":5}') =>
      send(`${url}/knobs/forward`, 'POST', headers, body);
    const { authorization, ...without } = own;
    for (const wrong of ['', 'Bearer ', 'Bearer undefined', `${authorization!}x`, authorization!.slice(7)]) {
      expect((await turn({ ...without, authorization: wrong })).status).toBe(401);
      expect((await send(`${url}/events`, 'GET', { authorization: wrong })).status).toBe(401);
    }
    expect((await turn(without)).status).toBe(401);
    expect((await send(`${url}/events?secret=${authorization!.slice(7)}`, 'GET')).status).toBe(401);
    expect((await turn({ ...own, 'content-type': 'text/plain' })).status).toBe(415);
    expect((await turn(own, Buffer.alloc(5_000, ' '))).status).toBe(413);
    expect((await turn(own, 'no json')).status).toBe(400);
    expect((await send(`${url}/knobs/forward`, 'GET', own)).status).toBe(405);
    expect((await send(`${url}/knobs/constructor`, 'POST', own, '{}')).status).toBe(404);
    expect(aheadMs(cloud)).toBe(0);
    expect((await turn(own)).status).toBe(200);
    expect(aheadMs(cloud)).toBe(5 * MINUTE_MS);
  });

  it.each([
    ['forward', { minutes: -5 }],
    ['forward', { minutes: 1e9 }],
    ['outage', { isOn: 'yes' }],
    ['revoke', {}],
    ['revoke', { appid: 'wxnobody' }],
    ['secret', { appid: 'wxnobody', isOn: true }],
    ['kill', { pid: 1 }],
    ['ask', { appid: { toString: 1 } }],
    ['ask', null],
  ])('refuses the knob %s with %j, in one line and without harm', async (name, body) => {
    const served = await serveAlone();
    const { url, cloud } = served;
    const own = credentials(served);
    const { status, body: text } = await send(`${url}/knobs/${name}`, 'POST', own, JSON.stringify(body));
    expect(status).toBe(400);
    expect(JSON.parse(text)).toEqual({ problem: expect.stringMatching(/^[^\n]+$/) as string });
    expect(aheadMs(cloud)).toBe(0);
    expect(cloud.sandbox.faults.list(cloud.clock.now())).toEqual([]);
  });

  it('moves the clock 30 days ahead and no further', async () => {
    const served = await serveAlone();
    const { url, cloud } = served;
    cloud.clock.advance(30 * 24 * 60 * MINUTE_MS + 1);
    const own = credentials(served);
    expect((await send(`${url}/knobs/forward`, 'POST', own, '{"minutes":120}')).status).toBe(400);
  });

  it('refuses other methods, and pages that are not there', async () => {
    const { url, address } = await serveAlone();
    const own = authorizationFor(address);
    expect((await send(url, 'POST')).status).toBe(405);
    expect((await send(`${url}/events`, 'PUT', own)).status).toBe(405);
    expect((await send(`${url}/../package.json`, 'GET', own)).status).toBe(404);
    expect((await send(`${url}/page/main.tsx`, 'GET', own)).status).toBe(404);
  });

  it('streams to 20 pages at most, and lets the next one in when one is closed', async () => {
    const { url, address } = await serveAlone();
    const streams = await Promise.all(Array.from({ length: 20 }, () => listenTo(address)));
    const next = async (): Promise<number> =>
      (await fetch(`${url}/events`, { headers: authorizationFor(address) })).status;
    expect(await next()).toBe(503);
    streams[0]!.close();
    await expect.poll(next, { timeout: 5_000 }).toBe(200);
  });

  it('tells nothing while nothing changes', async () => {
    const { address, cloud, tick } = await serveAlone();
    // When the timer ticks next is told as well: that instant must not pass meanwhile.
    cloud.clock.advance((301 - (Math.floor(cloud.clock.now() / 1_000) % 300)) * 1_000);
    await tick();
    const stream = await listenTo(address);
    await stream.until(({ snapshot }) => snapshot?.apps[0]?.mintsToday.count === 1);
    const before = stream.updates();
    // Two looks and more, and far from the 5 s after which the same is told again.
    await sleep(600);
    expect(stream.updates()).toBe(before);
  });

  it('tells a change within a second', async () => {
    const { address, cloud, tick, write } = await serveAlone();
    await tick();
    const stream = await listenTo(address);
    const tookMs: number[] = [];
    for (let count = 1; count <= 5; count++) {
      await write({ refusedAtMs: Array.from({ length: count }, () => cloud.clock.now()) });
      const beganAtMs = performance.now();
      await stream.until(({ snapshot }) => snapshot?.apps[0]?.foreignMinter.refusedAtMs.length === count);
      tookMs.push(performance.now() - beganAtMs);
    }
    // One of them may fall into a pause of a busy machine.
    expect(median(tookMs)).toBeLessThan(1_000);
  });

  it.each([
    ['in clear', {}],
    ['sealed', { TOKEN_ENCRYPTION_KEYS: randomBytes(32).toString('base64') }],
  ])('puts no token, secret, key or fingerprint into what it sends (token %s)', async (_, extra) => {
    const variables = { WX_APPID: APPID, WX_APPSECRET: SECRET, ...extra };
    const served = await serveAlone({ variables });
    const { url, address, cloud, tick } = served;
    const stream = await listenTo(address);
    const bodies: string[] = [];
    const own = credentials(served);
    const tokens: string[] = [];
    const turn = async (name: string, body: object): Promise<void> => {
      bodies.push((await send(`${url}/knobs/${name}`, 'POST', own, JSON.stringify(body))).body);
      const { access_token: token } = await cloud.get();
      if (token !== undefined) tokens.push(token);
    };
    await tick();
    await turn('ask', { appid: APPID });
    await turn('forward', { minutes: 5 });
    await turn('revoke', { appid: APPID });
    await turn('ask', { appid: APPID });
    await turn('secret', { appid: APPID, isOn: true });
    await turn('forward', { minutes: 120 });
    await tick();
    await turn('ask', { appid: APPID });
    const { backoff, token } = cloud.stored() as {
      backoff: { fingerprint: string };
      token: { value: unknown };
    };
    await stream.until(({ snapshot }) => snapshot?.apps[0]?.breaker?.errcode === 40125);
    const all = [stream.text(), ...bodies].join('\n');
    expect(new Set(tokens).size).toBe(2);
    expect(all).toContain('110_… (142 characters)');
    const sealed = typeof token.value === 'string' ? [token.value] : Object.values(token.value as object);
    const secrets = [...tokens, SECRET, ...Object.values(extra), backoff.fingerprint, ...sealed.map(String)];
    for (const secret of secrets.filter((value) => value.length > 8)) expect(all).not.toContain(secret);
    expect(all).not.toMatch(/110_[\w-]{8}/);
    expect(await anyAsset(url)).not.toContain(SECRET);
  });
});

async function anyAsset(url: string): Promise<string> {
  const texts = ['/', '/main.js', '/main.css'].map(async (path) => (await fetch(url + path)).text());
  return (await Promise.all(texts)).join('\n');
}
