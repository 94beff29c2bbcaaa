/** What the doors themselves say to those whom they turn away, and when something of ours is broken. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readRequest } from '../../functions/getAccessToken/contract.ts';
import { createDoor } from '../../functions/getAccessToken/door.ts';

type Main = (event: unknown, context: unknown) => Promise<{ errcode: number; errmsg: string }>;

/** A function reads its environment when it is loaded: this copy is loaded by nobody else. */
const REFRESH = '../../functions/refreshAccessToken/index.ts?refused';
const { main: refresh } = (await import(/* @vite-ignore */ REFRESH)) as { main: Main };
const answer = (): Promise<never> => Promise.reject(new Error('a bug that quotes canary-secret'));
/** As functions/getAccessToken/index.ts has it, but for what it answers. */
const createGet = (): Main =>
  createDoor({ name: 'getAccessToken', noun: 'access_token', readRequest, answer });

const lines: string[] = [];

beforeEach(() => {
  vi.stubEnv('WX_APPID', 'wxAPP');
  vi.stubEnv('WX_APPSECRET', 'canary-secret');
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  lines.length = 0;
});

const from = (source: string): object => ({ environment: JSON.stringify({ TCB_SOURCE: source }) });

describe('a refusal', () => {
  it('quotes the source that it saw, in signs that can be printed, and no more than 64 of them', async () => {
    const { errcode, errmsg } = await createGet()({}, from(`wx_client\r\n\u001b[2J密${'x'.repeat(50_000)}`));
    expect(errcode).toBe(403);
    expect(errmsg).toContain('"wx_client??');
    expect(errmsg).toMatch(/^[\x20-\x7e]{1,400}$/);
    expect(lines.join('\n').length).toBeLessThan(300);
  });

  it('comes before anything is said about event or configuration', async () => {
    for (const event of [7, { appid: 7 }, { appid: 'wxunknown' }])
      expect(await createGet()(event, from('wx_client'))).toMatchObject({ errcode: 403 });
  });

  it('meets whoever calls refreshAccessToken from outside, in bounded lines', async () => {
    const user = { environment: '{"TCB_SOURCE":"wx_client","WX_OPENID":"oUSER"}' };
    for (const context of [user, from(`${'x'.repeat(50_000)},wx_client`)])
      expect(await refresh({ Type: 'Timer' }, context)).toMatchObject({ errcode: 403, results: [] });
    expect(lines).toHaveLength(2);
    expect(lines.join('\n').length).toBeLessThan(2_000);
  });
});

it('a bug of ours is an answer, and its text is told to nobody', async () => {
  const reply = await createGet()({}, from(',scf'));
  expect(reply).toMatchObject({ errcode: 500 });
  expect(lines.join()).toContain('internal_error');
  expect(`${JSON.stringify(reply)}${lines.join()}`).not.toContain('canary');
});
