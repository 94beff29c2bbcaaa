/** Who gets the token, and who doesn't, through the real bundles: every caller kind that the platform knows. */

import { describe, expect, it } from 'vitest';
import { APPID, bearer, NOON_MS, borrowCloud, startTestCloud, type Reply } from '../support/cloud.ts';
import type { Caller } from '../../scripts/local/functions/caller-context.ts';

const borrow = () => borrowCloud({ startAtMs: NOON_MS });

describe('callers', () => {
  it.each(['askWithNodeSdk', 'askWithWxServerSdk'])('%s gets a token that WeChat accepts', async (name) => {
    const cloud = await borrow();
    expect(await cloud.visit(name)).toMatchObject({ errcode: 0, errmsg: 'ok' });
    expect(cloud.mints()).toBe(1);
  });

  const refused: [string, Caller][] = [
    ['a mini program', { kind: 'client', openid: 'oABC' }],
    ['a mini program in the developer tools', { kind: 'devtools', openid: 'oABC' }],
    ['WeChat’s timer', { kind: 'timer', variety: 'wechat' }],
    ['the platform’s own timer', { kind: 'timer', variety: 'native' }],
    ['the console', { kind: 'management' }],
    ['a script with admin keys outside the cloud', { kind: 'management', source: ',unknown' }],
    ['an anonymous web user', { kind: 'web', uid: 'u1' }],
    ['an HTTP request', { kind: 'http' }],
    ['WeChat’s own HTTP API', { kind: 'openapi' }],
  ];

  it.each(refused)('%s is refused with 403 and how to call it properly', async (_, caller) => {
    const cloud = await borrow();
    const reply = await cloud.get({}, caller);
    expect(reply).toMatchObject({ errcode: 403 });
    expect(reply.errmsg).toMatch(/callFunction.*TRUSTED_SOURCES/);
    expect(Object.keys(reply)).toEqual(['errcode', 'errmsg']);
    expect(cloud.mints()).toBe(0);
  });

  it.each(['wx_client,scf', 'wx_devtools,scf', 'wx_trigger,scf', ',scf'])(
    'a function called along %s is served',
    async (source) => {
      const cloud = await borrow();
      expect(await cloud.get({}, { kind: 'function', source })).toMatchObject({ errcode: 0, appid: APPID });
    },
  );

  it('the client door answers a mini program with 403 as wx.cloud.callFunction would show it', async () => {
    const cloud = await borrow();
    const call = { method: 'POST', headers: bearer(cloud.secret), body: '{}' };
    const response = await fetch(`${cloud.door.url}/call/getAccessToken`, call);
    expect(await response.json()).toMatchObject({ result: { errcode: 403 } });
  });

  it('an instance warmed up by a function refuses the client that comes next, although process.env is stale', async () => {
    const cloud = await startTestCloud({ host: { staleProcessEnv: true, maxInstances: 1 } });
    expect(await cloud.get()).toMatchObject({ errcode: 0 });
    expect(await cloud.get({}, { kind: 'management' })).toMatchObject({ errcode: 403 });
    expect(await cloud.get({}, { kind: 'client', openid: 'o1' })).toMatchObject({ errcode: 403 });
  });

  it('a client’s own AppID in the platform’s variables does not become ours', async () => {
    const cloud = await borrowCloud({ startAtMs: NOON_MS, host: { maxInstances: 1 } });
    await cloud.get({}, { kind: 'client', openid: 'o1', appid: 'wxsomebodyelse' });
    expect(await cloud.get()).toMatchObject({ errcode: 0, appid: APPID });
  });

  it.each<[string, Caller, number]>([
    ['the platform’s timer', { kind: 'timer', variety: 'native' }, 0],
    ['WeChat’s timer', { kind: 'timer', variety: 'wechat' }, 0],
    ['the console', { kind: 'management' }, 0],
    ['another function', { kind: 'function', source: 'wx_client,scf' }, 0],
    ['a mini program', { kind: 'client', openid: 'oABC' }, 403],
    ['the developer tools', { kind: 'devtools', openid: 'oABC' }, 403],
    ['a web user', { kind: 'web', uid: 'u1' }, 403],
    ['an HTTP request', { kind: 'http' }, 403],
  ])('refreshAccessToken answers %s with %s', async (_, caller, errcode) => {
    const cloud = await borrow();
    const reply = await cloud.refresh(caller);
    expect(reply.errcode).toBe(errcode);
    expect(JSON.stringify(reply)).not.toContain(cloud.storedToken() ?? 'no token stored');
    expect(cloud.mints()).toBe(errcode === 0 ? 1 : 0);
  });

  it('a forged timer event from a client changes nothing', async () => {
    const cloud = await borrow();
    const forged = { Type: 'Timer', TriggerName: 'refreshAccessToken-tick', userInfo: {} };
    const outcome = await cloud.host.invoke({
      name: 'refreshAccessToken',
      event: forged,
      caller: { kind: 'client', openid: 'o1' },
    });
    expect(outcome).toMatchObject({ result: { errcode: 403, results: [] } });
  });

  it('TRUSTED_SOURCES admits a whole source and nothing that only resembles it', async () => {
    const cloud = await startTestCloud({
      variables: { WX_APPID: APPID, WX_APPSECRET: 's', TRUSTED_SOURCES: ',unknown; wx_http' },
    });
    const ask = (source: string): Promise<Reply> => cloud.get({}, { kind: 'management', source });
    expect((await ask(',unknown')).errcode).toBe(0);
    expect((await ask('x,unknown')).errcode).toBe(403);
    expect((await ask(',unknown,')).errcode).toBe(403);
  });
});
