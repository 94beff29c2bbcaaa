/** The knobs over HTTP, what they refuse, and what the state page keeps to itself. */

import { describe, expect, it } from 'vitest';
import {
  APP,
  call,
  callLegacy,
  callStable,
  callWithToken,
  errcodeOf,
  KNOBS,
  MIDNIGHT_MS,
  post,
  runSandbox,
  tokenOf,
  type Running,
} from './support.ts';

const OTHER = { appid: 'wx0000000000000002', secret: 'other' };

async function turn({ url }: Running, knob: string, body: object = {}): Promise<void> {
  const answer = await post(`${url}/__sandbox/${knob}`, body);
  expect([answer.status, answer.text]).toEqual([200, '{"ok":true}']);
}

it('advance moves the clock, and a token with it', async () => {
  const sandbox = await runSandbox();
  const token = tokenOf(await callLegacy(sandbox.url));
  await turn(sandbox, 'advance', { ms: 7_199_999 });
  expect(await callWithToken(sandbox.url, token)).toBe(0);
  await turn(sandbox, 'advance', { ms: 1 });
  expect(await callWithToken(sandbox.url, token)).toBe(42001);
});

it('revoke kills the tokens of both families, or of one', async () => {
  const sandbox = await runSandbox();
  const [legacy, stable] = [tokenOf(await callLegacy(sandbox.url)), tokenOf(await callStable(sandbox.url))];
  await turn(sandbox, 'revoke', { family: 'stable' });
  expect([await callWithToken(sandbox.url, legacy), await callWithToken(sandbox.url, stable)]).toEqual([
    0, 40001,
  ]);
  await turn(sandbox, 'revoke');
  expect(await callWithToken(sandbox.url, legacy)).toBe(40001);
});

it('foreignMint supersedes our token', async () => {
  const sandbox = await runSandbox();
  const token = tokenOf(await callLegacy(sandbox.url));
  await turn(sandbox, 'foreignMint');
  await turn(sandbox, 'foreignMint');
  expect(await callWithToken(sandbox.url, token)).toBe(40001);
  expect(sandbox.wechat.mints(APP.appid)).toMatchObject({ legacy: 3, foreign: 2 });
});

it('flap refuses living tokens for a while', async () => {
  const sandbox = await runSandbox();
  const token = tokenOf(await callLegacy(sandbox.url));
  await turn(sandbox, 'flap', { ms: 30_000 });
  expect(await callWithToken(sandbox.url, token)).toBe(40001);
  sandbox.clock.advance(30_000);
  expect(await callWithToken(sandbox.url, token)).toBe(0);
});

it.each([
  ['setSecret', { secret: 'second' }, 40125],
  ['setSecret', { secret: 'second', graceMs: 1 }, 0],
  ['freeze', { delayMs: 0 }, 40243],
  ['freeze', {}, 0],
  ['ban', { errcode: 50004 }, 50004],
  ['ban', { errcode: 50007 }, 50007],
  ['ban', { errcode: null }, 0],
  ['whitelist', { entries: ['192.0.2.1'] }, 40164],
  ['whitelist', { entries: ['127.0.0.0/8'] }, 0],
  ['whitelist', { entries: null }, 0],
  ['risk', { ip: '127.0.0.1', state: 'confirm' }, 89503],
  ['quota', { quota: 'legacyDay', used: 2000 }, 45009],
  ['quota', { quota: 'legacyDay', used: 1999 }, 0],
  ['fault', { fault: { do: 'refuse', errcode: 45011 } }, 45011],
])('%s %j makes the token endpoint answer %i', async (knob, body, errcode) => {
  const sandbox = await runSandbox();
  await turn(sandbox, knob, body);
  expect(errcodeOf(await callLegacy(sandbox.url))).toBe(errcode);
});

it('unfreeze and clearFaults undo what they name', async () => {
  const sandbox = await runSandbox();
  await turn(sandbox, 'freeze', { delayMs: 0 });
  await turn(sandbox, 'fault', { fault: { do: 'drop' }, times: 5 });
  await turn(sandbox, 'clearFaults');
  expect(errcodeOf(await callLegacy(sandbox.url))).toBe(40243);
  await turn(sandbox, 'unfreeze', { delayMs: 0 });
  expect(errcodeOf(await callLegacy(sandbox.url))).toBe(0);
});

it('takes the address it is told to for the caller’s', async () => {
  const sandbox = await runSandbox({ clientIp: '192.0.2.1' });
  await turn(sandbox, 'whitelist', { entries: ['192.0.2.1'] });
  expect(errcodeOf(await callLegacy(sandbox.url))).toBe(0);
  await turn(sandbox, 'whitelist', { entries: ['127.0.0.1'] });
  expect(errcodeOf(await callLegacy(sandbox.url))).toBe(40164);
});

it('turns a knob of the named app only, and wants the name when there are several', async () => {
  const sandbox = await runSandbox({ apps: [APP, OTHER] });
  await turn(sandbox, 'ban', { appid: OTHER.appid, errcode: 50004 });
  expect([await callLegacy(sandbox.url), await callStable(sandbox.url, OTHER)].map(errcodeOf)).toEqual([
    0, 50004,
  ]);
  const answer = await post(`${sandbox.url}/__sandbox/revoke`, {});
  expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('which of the apps') as string]);
});

describe('refusals', () => {
  it.each([
    ['POST', 'nonsense', '{}', 404, 'foreignMint'],
    ['POST', 'constructor', '{}', 404, 'foreignMint'],
    ['GET', 'nonsense', undefined, 404, 'foreignMint'],
    ['GET', 'revoke', undefined, 405, 'POST'],
    ['POST', 'revoke', '{', 400, 'JSON'],
    ['POST', 'revoke', '[]', 400, 'JSON'],
    ['POST', 'revoke', '', 400, 'JSON'],
    ['POST', 'revoke', '{"appid":"wx-other"}', 400, 'wx-other'],
    ['POST', 'revoke', '{"famly":"legacy"}', 400, 'famly'],
    ['POST', 'advance', '{"ms":"1"}', 400, 'ms'],
    ['POST', 'ban', '{"errcode":1}', 400, 'errcode'],
    ['POST', 'whitelist', '{"entries":["example.com"]}', 400, 'example.com'],
    ['POST', 'fault', '{"fault":{"do":"explode"}}', 400, 'do'],
    ['POST', 'fault', '{"fault":{"do":"drop"},"untill":1}', 400, 'untill'],
  ])('%s %s %s is a %i that says %j', async (method, knob, body, status, text) => {
    const { url, faults } = await runSandbox();
    const answer = await call(`${url}/__sandbox/${knob}`, {
      method,
      ...(body === undefined ? {} : { body }),
    });
    expect(answer.status).toBe(status);
    expect((JSON.parse(answer.text) as { errmsg: string }).errmsg).toContain(text);
    expect(faults.list(MIDNIGHT_MS)).toEqual([]);
  });

  it.each([
    [{ host: 'evil.example' }, 403],
    [{ host: 'evil.example:80' }, 403],
    [{ host: '127.0.0.1.evil.example' }, 403],
    [{ host: '127.0.0.1@evil.example' }, 403],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'http://localhost.evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ origin: 'http://localhost:3000' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ host: 'localhost:1234' }, 200],
    [{ host: 'localhost:3000', origin: 'http://localhost:3000' }, 200],
    [{ 'sec-fetch-site': 'same-origin' }, 200],
  ])('a request with %j is answered %i', async (headers: Record<string, string>, status) => {
    const { url, wechat } = await runSandbox();
    expect((await call(`${url}/__sandbox/state`, { headers })).status).toBe(status);
    const knob = await call(`${url}/__sandbox/foreignMint`, { method: 'POST', headers, body: '{}' });
    expect(knob.status).toBe(status);
    expect((await call(`${url}/cgi-bin/token`, { headers })).status).toBe(status);
    expect(wechat.mints(APP.appid).foreign).toBe(status === 200 ? 1 : 0);
  });
});

it('turns no knob and tells no state without the secret of this start', async () => {
  const { url, wechat } = await runSandbox();
  for (const authorization of ['', 'Bearer x', KNOBS]) {
    const headers = { authorization };
    expect((await call(`${url}/__sandbox/state`, { headers })).status).toBe(401);
    const knob = await call(`${url}/__sandbox/foreignMint`, { method: 'POST', headers, body: '{}' });
    expect(knob.status).toBe(401);
  }
  expect(wechat.mints(APP.appid).foreign).toBe(0);
});

it('shows the state of each app, and no secret and no whole token', async () => {
  const { url, wechat, faults } = await runSandbox();
  const token = tokenOf(await callLegacy(url));
  wechat.account(APP.appid).setSecret('the-new-secret', MIDNIGHT_MS, 1000);
  faults.add({ fault: { do: 'reply', body: `{"access_token":"${token}"}` }, times: 2 });
  const { status, text } = await call(`${url}/__sandbox/state`);
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({
    nowMs: MIDNIGHT_MS,
    apps: [
      {
        appid: APP.appid,
        used: { legacyDay: 1 },
        mints: { legacy: 1, stable: 0, foreign: 0, latest: [{ family: 'legacy', atMs: MIDNIGHT_MS }] },
        tokens: [{ family: 'legacy', token: '110_… (142 characters)', endsAtMs: MIDNIGHT_MS + 7_200_000 }],
      },
    ],
    faults: [{ fault: { do: 'reply', body: '161 characters' }, times: 2 }],
  });
  expect(text).not.toContain(token.slice(0, 12));
  expect(text).not.toContain(APP.secret);
  expect(text).not.toContain('the-new-secret');
});
