/** Each fault, what it spares and when it ends. */

import { expect, it } from 'vitest';
import type { Moment } from '../../../scripts/local/wechat/faults.ts';
import {
  APP,
  call,
  callLegacy,
  callStable,
  callWithToken,
  CREDENTIALS,
  errcodeOf,
  MIDNIGHT_MS,
  runSandbox,
  tokenOf,
} from './support.ts';

const LEGACY = `/cgi-bin/token?${new URLSearchParams(CREDENTIALS).toString()}`;
const OTHER = { appid: 'wx0000000000000002', secret: 'other' };

it('is busy for n calls at the token endpoints, and issues nothing meanwhile', async () => {
  const { url, faults, wechat } = await runSandbox();
  faults.busy(2);
  expect([await callLegacy(url), await callStable(url)].map(errcodeOf)).toEqual([-1, -1]);
  expect(wechat.mints(APP.appid)).toMatchObject({ legacy: 0, stable: 0 });
  expect(errcodeOf(await callLegacy(url))).toBe(0);
});

it('keeps token endpoints and users of tokens apart', async () => {
  const { url, faults } = await runSandbox();
  const token = tokenOf(await callLegacy(url));
  faults.busy(1);
  expect(await callWithToken(url, token)).toBe(0);
  faults.clear();
  faults.busy(1, 'use');
  expect(errcodeOf(await callLegacy(url))).toBe(0);
  expect([await callWithToken(url, token), await callWithToken(url, token)]).toEqual([-1, 0]);
});

it('refuses with a given errcode until an instant of the sandbox’s clock, or n times', async () => {
  const { url, faults, clock } = await runSandbox();
  faults.refuse(45011, { untilMs: MIDNIGHT_MS + 1000 });
  expect([await callLegacy(url), await callLegacy(url)].map(errcodeOf)).toEqual([45011, 45011]);
  clock.advance(1000);
  expect(errcodeOf(await callLegacy(url))).toBe(0);
  faults.refuse(45009, { times: 1 });
  expect([await callLegacy(url), await callLegacy(url)].map(errcodeOf)).toEqual([45009, 0]);
});

it('strikes one app or one path only, where the plan says so', async () => {
  const { url, faults } = await runSandbox({ apps: [APP, OTHER] });
  faults.add({ fault: { do: 'refuse', errcode: -1 }, appid: OTHER.appid });
  expect(errcodeOf(await callLegacy(url))).toBe(0);
  expect(errcodeOf(await callStable(url, OTHER))).toBe(-1);
  faults.add({ fault: { do: 'refuse', errcode: -1 }, on: '/cgi-bin/stable_token' });
  expect([await callLegacy(url), await callStable(url)].map(errcodeOf)).toEqual([0, -1]);
});

it('uses up one fault per request when each ends it', async () => {
  const { url, faults } = await runSandbox();
  faults.refuse(-1, { times: 1 });
  faults.refuse(45011, { times: 1 });
  expect([await callLegacy(url), await callLegacy(url), await callLegacy(url)].map(errcodeOf)).toEqual([
    -1, 45011, 0,
  ]);
});

it('sends the same JSON as text/plain', async () => {
  const { url, faults } = await runSandbox();
  faults.textPlain(1);
  const answer = await call(url + LEGACY);
  expect(answer.headers['content-type']).toBe('text/plain');
  expect(JSON.parse(answer.text)).toMatchObject({ expires_in: 7200 });
  expect((await call(url + LEGACY)).headers['content-type']).toBe('application/json; encoding=utf-8');
});

it.each([
  ['drop', 'before', 0],
  ['drop', 'after', 1],
] as const)('%s %s issuing: no answer, %i tokens issued', async (kind, stage, issued) => {
  const { url, faults, wechat } = await runSandbox();
  faults.add({ fault: { do: kind }, stage });
  await expect(call(url + LEGACY)).rejects.toThrow('socket hang up');
  expect(wechat.mints(APP.appid).legacy).toBe(issued);
  expect(errcodeOf(await callLegacy(url))).toBe(0);
});

it.each([
  ['before', 0],
  ['after', 1],
] as const)('hangs %s issuing until the sandbox closes: %i tokens issued', async (stage, issued) => {
  const { url, faults, wechat, close } = await runSandbox();
  faults.add({ fault: { do: 'hang' }, stage });
  const hanging = call(url + LEGACY).catch((error: Error) => error.message);
  await expect.poll(() => faults.list(MIDNIGHT_MS)).toEqual([]);
  expect(await Promise.race([hanging, patience()])).toBe('still waiting');
  expect(wechat.mints(APP.appid).legacy).toBe(issued);
  await close();
  expect(await hanging).toMatch(/socket hang up|ECONNRESET/);
});

it.each([
  ['before', 0],
  ['after', 1],
] as const)(
  'delays %s issuing by real time: %i tokens issued while the caller waits',
  async (stage, issued) => {
    const { url, faults, wechat } = await runSandbox();
    faults.add({ fault: { do: 'delay', ms: 200 }, stage });
    const startedAt = performance.now();
    const waiting = callLegacy(url);
    expect(await Promise.race([waiting, patience(100)])).toBe('still waiting');
    expect(wechat.mints(APP.appid).legacy).toBe(issued);
    expect(errcodeOf(await waiting)).toBe(0);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(199);
    expect(wechat.mints(APP.appid).legacy).toBe(1);
  },
);

it.each<[title: string, reply: { status: number; contentType?: string; body: string }]>([
  ['a 502 page', { status: 502, contentType: 'text/html', body: '<html>Bad Gateway</html>' }],
  ['an empty body', { status: 200, body: '' }],
  ['an empty object', { status: 200, body: '{}' }],
  ['an absurd lifetime', { status: 200, body: '{"access_token":"x","expires_in":1e308}' }],
])('answers with %s, and nothing was issued', async (_title, reply) => {
  const { url, faults, wechat } = await runSandbox();
  faults.add({ fault: { do: 'reply', ...reply } });
  const answer = await call(url + LEGACY);
  expect([answer.status, answer.text]).toEqual([reply.status, reply.body]);
  expect(answer.headers['content-type']).toBe(reply.contentType ?? 'application/json; encoding=utf-8');
  expect(wechat.mints(APP.appid).legacy).toBe(0);
});

it.each([['"7200"'], ['0'], ['1e308'], ['-1'], ['null']])(
  'answers a really issued token with expires_in %s',
  async (life) => {
    const { url, faults } = await runSandbox();
    const body = `{"access_token":"{access_token}","expires_in":${life}}`;
    faults.add({ fault: { do: 'reply', body }, stage: 'after' });
    const { text } = await call(url + LEGACY);
    expect(text.endsWith(`,"expires_in":${life}}`)).toBe(true);
    expect(await callWithToken(url, (JSON.parse(text) as { access_token: string }).access_token)).toBe(0);
  },
);

it('shows a hook both stages of each request, and stops when removed', async () => {
  const { url, faults } = await runSandbox();
  const seen: Moment[] = [];
  const remove = faults.intercept((moment) => void seen.push(moment));
  const token = tokenOf(await callLegacy(url));
  await callWithToken(url, token);
  remove();
  await callLegacy(url);
  const token1 = { path: '/cgi-bin/token', appid: APP.appid };
  const use = { path: '/cgi-bin/get_api_domain_ip', appid: APP.appid };
  expect(seen).toEqual([
    { stage: 'before', ...token1 },
    { stage: 'after', ...token1 },
    { stage: 'before', ...use },
    { stage: 'after', ...use },
  ]);
});

it('lets a hook hold a request open, and answer it with a fault', async () => {
  const { url, faults, wechat } = await runSandbox();
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  faults.intercept(async ({ stage }) => {
    if (stage !== 'after') return undefined;
    await held;
    return { do: 'refuse', errcode: 45011 };
  });
  const waiting = callLegacy(url);
  await expect.poll(() => wechat.mints(APP.appid).legacy).toBe(1);
  expect(await Promise.race([waiting, patience()])).toBe('still waiting');
  release();
  expect(errcodeOf(await waiting)).toBe(45011);
});

function patience(ms = 50): Promise<string> {
  return new Promise((resolve) => void setTimeout(() => resolve('still waiting'), ms));
}
