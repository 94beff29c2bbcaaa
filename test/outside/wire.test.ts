/** The outside door speaks as WeChat does: the same requests to both get the same answers. */

import { describe, expect, it } from 'vitest';
import { APPID, NOON_MS, SECRET } from '../support/cloud.ts';
import { answered, borrowOutsideCloud, startOutsideCloud, type Answered } from './harness.ts';

const grant = 'client_credential';
const borrow = () => borrowOutsideCloud({ startAtMs: NOON_MS });
/** Log lines come from another process, after the answer. */
const LOGGED = { timeout: 5_000 };

/** What is different by nature: the rid, and the text of the token. */
function bare({ status, type, body }: Answered): unknown {
  const errmsg = body.errmsg?.replace(/rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/, 'rid: …');
  return [status, type, Object.keys(body), body.errcode, errmsg];
}

describe('the same as WeChat', () => {
  it.each<[string, Record<string, string>]>([
    ['a good request', { grant_type: grant, appid: APPID, secret: 'GOOD' }],
    ['no appid', { grant_type: grant, secret: 'GOOD' }],
    ['an empty appid', { grant_type: grant, appid: '', secret: 'GOOD' }],
    ['no secret', { grant_type: grant, appid: APPID }],
    ['no grant_type', { appid: APPID, secret: 'GOOD' }],
    ['another grant_type', { grant_type: 'password', appid: APPID, secret: 'GOOD' }],
    ['an unknown appid', { grant_type: grant, appid: 'wxunknown', secret: 'GOOD' }],
    ['a wrong secret', { grant_type: grant, appid: APPID, secret: 'wrong' }],
    ['nothing at all', {}],
  ])('GET /cgi-bin/token and POST /cgi-bin/stable_token with %s', async (_, fields) => {
    const cloud = await borrow();
    const key = await cloud.addKey();
    const withSecret = (secret: string) => (fields['secret'] === 'GOOD' ? { ...fields, secret } : fields);
    const theirs = new URLSearchParams(withSecret(SECRET)).toString();
    const [ours, wechats] = [
      await cloud.token(withSecret(key)),
      await answered(fetch(`${cloud.sandbox.url}/cgi-bin/token?${theirs}`)),
    ];
    expect(bare(ours)).toEqual(bare(wechats));
    const body = JSON.stringify(withSecret(SECRET));
    const stable = await answered(
      fetch(`${cloud.sandbox.url}/cgi-bin/stable_token`, { method: 'POST', body }),
    );
    expect(bare(await cloud.stable(withSecret(key)))).toEqual(bare(stable));
  });

  it.each([
    ['GET', undefined],
    ['POST', '[1]'],
    ['POST', 'no json'],
    ['POST', '{"appid":5}'],
    ['POST', `{"x":"${'x'.repeat(9_000)}"}`],
  ])('%s /cgi-bin/stable_token with the body %s', async (method, body) => {
    const cloud = await borrow();
    const init = body === undefined ? { method } : { method, body };
    const ask = (url: string) => answered(fetch(`${url}/cgi-bin/stable_token?appid=${APPID}`, init));
    expect(bare(await ask(cloud.url))).toEqual(bare(await ask(cloud.sandbox.url)));
  });

  it('a refusal has the time in its rid, and the log says which call it was', async () => {
    const cloud = await borrow();
    const { body } = await cloud.ask('wrong');
    const rid = /rid: (\S+)$/.exec(body.errmsg ?? '')?.[1] ?? '';
    expect(Number.parseInt(rid.slice(0, 8), 16)).toBe(cloud.clock.now() / 1_000);
    await expect.poll(() => cloud.lines.join('\n'), LOGGED).toContain(rid);
  });
});

describe('what it promises', () => {
  it('is the stored token, with the life that is assured and not the 7200 s that WeChat would say', async () => {
    const cloud = await borrow();
    const key = await cloud.addKey();
    const { text, body } = await cloud.ask(key);
    const { access_token: token, expires_in: life } = await cloud.get();
    expect(text).toBe(JSON.stringify({ access_token: token, expires_in: life }));
    expect(body.expires_in).toBe(6_810);
    cloud.clock.advance(600_000);
    expect((await cloud.ask(key)).body).toEqual({ access_token: token, expires_in: 6_210 });
    expect(cloud.mints()).toBe(1);
  });

  it('costs reads and no write, and none by WeChat, where the token is at hand', async () => {
    const cloud = await borrow();
    const key = await cloud.addKey();
    await cloud.get();
    cloud.gateway.stats.reset();
    await cloud.ask(key);
    expect(cloud.gateway.stats.snapshot()).toMatchObject({
      reads: { wx_access_clients: 2, wx_access_tokens: 1 },
      writes: {},
    });
    expect(cloud.mints()).toBe(1);
  });

  it('any path in front of /cgi-bin will do, no other path will', async () => {
    const cloud = await borrow();
    const key = await cloud.addKey();
    const query = new URLSearchParams({ grant_type: grant, appid: APPID, secret: key }).toString();
    const at = (path: string) => answered(fetch(`${cloud.url}${path}?${query}`));
    expect((await at('/wechat/cgi-bin/token')).body).toHaveProperty('access_token');
    const elsewhere = await at('/cgi-bin/getcallbackip');
    expect(elsewhere).toMatchObject({ status: 404, body: { errcode: 404 } });
    expect(elsewhere.body.errmsg).toContain('https://api.weixin.qq.com');
    expect(elsewhere.text).not.toContain(key);
  });
});

describe('when there is no token', () => {
  it('trouble with the database is WeChat’s system error, and mints nothing', async () => {
    const cloud = await borrow();
    const key = await cloud.addKey();
    cloud.gateway.faults.outage('http-500');
    expect(bare(await cloud.ask(key))).toEqual([
      200,
      'application/json; encoding=utf-8',
      ['errcode', 'errmsg'],
      -1,
      'system error rid: …',
    ]);
    expect(cloud.mints()).toBe(0);
  });

  it.each([
    [45009, 45009],
    [40125, -1],
    [40164, -1],
    [50004, -1],
  ])('WeChat’s %i to the AppSecret is %i to a server outside', async (theirs, ours) => {
    const cloud = await borrow();
    const key = await cloud.addKey();
    cloud.sandbox.faults.refuse(theirs, { times: 10 }, '/cgi-bin/token');
    expect((await cloud.ask(key)).body.errcode).toBe(ours);
    await expect.poll(() => cloud.lines.join('\n'), LOGGED).toContain(`"errcode":${theirs}`);
  });

  it('a configuration that can’t be used is a system error, named in the log', async () => {
    const cloud = await startOutsideCloud({ variables: { WX_APPID: APPID } });
    expect((await cloud.ask('any')).body.errcode).toBe(-1);
    await expect.poll(() => cloud.lines.join('\n'), LOGGED).toContain('WX_APPSECRET is missing');
  });
});
