/** SDKs from npm, unmodified, through the outside door: only where they ask for tokens and tickets differs. */

import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { APPID, NOON_MS, SECRET } from '../support/cloud.ts';
import { lend } from '../support/lend.ts';
import { startAddress } from './domain.ts';
import { answered, borrowOutsideCloud, openOutsideCloud, PROBE, type OutsideCloud } from './harness.ts';

const require = createRequire(import.meta.url);
type Library = Record<string, unknown> & { setOpts(options: object): void };
type Constructor = new (appid: string, secret: string, getToken?: unknown) => Library;
const CoWeChatApi = require('co-wechat-api') as Constructor;
const WeChatApi = require('wechat-api') as Constructor;

/** Far above what all calls take on a machine that is busy. */
const PATIENCE_MS = 240_000;

interface Api {
  getIp(): Promise<{ ip_list: string[] }>;
}

interface RequestOptions {
  host: string;
  port: string | number;
  path: string;
}

/** Both libraries let one change a request before it is sent: the token's goes to the door. */
function viaDoor({ url }: OutsideCloud): (options: RequestOptions) => RequestOptions {
  const door = new URL(url);
  return (options) =>
    options.path.startsWith('/cgi-bin/token?')
      ? Object.assign(options, { host: door.hostname, port: door.port, path: door.pathname + options.path })
      : options;
}

function createCo(cloud: OutsideCloud, key: string): Api {
  const api = new CoWeChatApi(APPID, key);
  api['prefix'] = `${cloud.sandbox.url}/cgi-bin/`;
  api.setOpts({ beforeRequest: viaDoor(cloud), timeout: PATIENCE_MS });
  return { getIp: () => (api['getIp'] as () => Promise<never>)() };
}

/** Without a token of its own it asks before every call: after 40001 it would only send the same one again. */
const noToken = (callback: (error: null, token: null) => void): void => callback(null, null);

function createCallback(cloud: OutsideCloud, key: string, getToken?: unknown): Api {
  const api = new WeChatApi(APPID, key, getToken);
  api['endpoint'] = cloud.sandbox.url;
  api.setOpts({ beforeRequest: viaDoor(cloud), timeout: PATIENCE_MS });
  return {
    getIp: () =>
      new Promise((resolve, reject) =>
        (api['getIp'] as (callback: (error: unknown, value: never) => void) => void)((error, value) =>
          error ? reject(error) : resolve(value),
        ),
      ),
  };
}

/** No more instances than can start within the time that a caller waits, on a machine of two cores. */
const FOUR = { startAtMs: NOON_MS, host: { maxInstances: 4 } };
const borrow = lend(openWithAddresses);

/** WeChat at two addresses, of which the first one is remembered for what it was asked. */
async function openWithAddresses() {
  const [first, second] = [await startAddress(), await startAddress()];
  const cloud = await openOutsideCloud({
    ...FOUR,
    variables: { WX_APPID: APPID, WX_APPSECRET: SECRET, WX_API_BASE_URLS: `${first.url},${second.url}` },
  });
  for (const address of [first, second]) address.leadTo(cloud.sandbox.url);
  return {
    ...cloud,
    first,
    async end() {
      await cloud.end();
      await Promise.all([first.close(), second.close()]);
    },
  };
}

describe.each([
  ['co-wechat-api', 200, true, createCo],
  ['wechat-api', 40, false, (cloud: OutsideCloud, key: string) => createCallback(cloud, key)],
  [
    'wechat-api, asking each time',
    40,
    false,
    (cloud: OutsideCloud, key: string) => createCallback(cloud, key, noToken),
  ],
] as const)('%s', (name, calls, isCold, create) => {
  it('calls WeChat with the shared token, knowing a server key and no AppSecret', async () => {
    const cloud = await borrow();
    const api = create(cloud, await cloud.addKey());
    await cloud.refresh();
    for (let n = 0; n < 3; n += 1) expect((await api.getIp()).ip_list).toHaveLength(2);
    expect(cloud.mints()).toBe(1);
  });

  it(`${calls} calls at once${isCold ? ' on a cold cloud' : ' without a token'}: one mint, all succeed`, async () => {
    const cloud = await borrow();
    if (isCold) await cloud.host.recycle('accessTokenHttp');
    const api = create(cloud, await cloud.addKey());
    const all = await Promise.all(Array.from({ length: calls }, () => api.getIp()));
    expect(all.filter(({ ip_list }) => ip_list.length === 2)).toHaveLength(calls);
    expect(cloud.mints()).toBe(1);
  });

  it('a wrong key is an error, and nothing is minted', async () => {
    const cloud = await borrow();
    await expect(create(cloud, 'wrong').getIp()).rejects.toMatchObject({ code: 40125 });
    expect(cloud.mints()).toBe(0);
  });

  const repeatsWithTheSame = name === 'wechat-api';
  const why = repeatsWithTheSame ? ' (skipped: wechat-api by itself asks nobody for another token)' : '';
  it.skipIf(repeatsWithTheSame)(
    `${calls} calls at once on a revoked token: one mint, all succeed${why}`,
    async () => {
      const cloud = await borrow();
      const key = await cloud.addKey();
      const api = create(cloud, key);
      await api.getIp();
      // Warm instances: those that start would starve the one that asks WeChat, on a machine of two cores.
      await Promise.all(Array.from({ length: 4 }, () => cloud.ask(key)));
      // What is asked of the second address is asked again: on a busy machine the first answer came too late.
      const probes = () => cloud.first.paths.filter((path) => path === PROBE).length;
      const looked = probes();
      cloud.revoke();
      const all = await Promise.all(Array.from({ length: calls }, () => api.getIp()));
      expect(all.filter(({ ip_list }) => ip_list.length === 2)).toHaveLength(calls);
      expect(cloud.mints()).toBe(2);
      expect(probes() - looked).toBeLessThanOrEqual(1 + 4);
      expect(probes()).toBeGreaterThan(looked);
    },
  );
});

it('co-wechat-api recovers in one call even where every instance has forgotten what it promised', async () => {
  const cloud = await borrow();
  const api = createCo(cloud, await cloud.addKey());
  await api.getIp();
  cloud.revoke();
  await cloud.host.recycle('accessTokenHttp');
  expect((await api.getIp()).ip_list).toHaveLength(2);
  expect(cloud.mints()).toBe(2);
});

interface Signature {
  appId: string;
  timestamp: string;
  nonceStr: string;
  signature: string;
  url: string;
}

const { Store, Wechat } = require('wechat-jssdk') as {
  Store: new (options: object) => object;
  Wechat: new (options: object) => {
    jssdk: {
      createSignature(url: string): Promise<Signature>;
      getGlobalTokenAndTicket(isForced: true): Promise<unknown>;
    };
  };
};

describe('wechat-jssdk', () => {
  const TICKETS = { WX_APPID: APPID, WX_APPSECRET: SECRET, WX_TICKETS: 'jsapi' };
  const page = 'https://www.example.com/shop/%E5%95%86%E5%93%81?x=1&q=%E4%B8%AD%20%2B';

  const borrowWithTickets = () =>
    borrowOutsideCloud({ startAtMs: NOON_MS, variables: TICKETS, host: { maxInstances: 3 } });
  const create = (cloud: OutsideCloud, key: string) =>
    new Wechat({
      appId: APPID,
      appSecret: key,
      accessTokenUrl: `${cloud.url}/cgi-bin/token`,
      ticketUrl: `${cloud.url}/cgi-bin/ticket/getticket`,
      store: new Store({ noInterval: true }),
    }).jssdk;

  async function judge({ sandbox }: OutsideCloud, signed: Signature): Promise<unknown> {
    const { appId: appid, ...rest } = signed;
    const body = JSON.stringify({ appid, ...rest });
    return (await answered(fetch(`${sandbox.url}/verify`, { method: 'POST', body }))).body;
  }

  it('signs pages with the shared ticket, which a server key opens, also after WeChat has revoked the token', async () => {
    const cloud = await borrowWithTickets();
    const jssdk = create(cloud, await cloud.addKey());
    const signed = await jssdk.createSignature(`${page}#/route?z=2`);
    expect(signed).toMatchObject({ appId: APPID, url: page });
    expect(await judge(cloud, signed)).toMatchObject({ errcode: 0 });
    expect(await judge(cloud, { ...signed, url: `${page}&from=singlemessage` })).toMatchObject({
      errcode: 63002,
    });
    expect([cloud.mints(), cloud.fetches()]).toEqual([1, 1]);
    // WeChat refuses the token before the ticket is due: getticket finds it out, and heals it.
    cloud.revoke();
    cloud.clock.advance(36 * 60_000);
    await jssdk.getGlobalTokenAndTicket(true);
    expect(await judge(cloud, await jssdk.createSignature(page))).toMatchObject({ errcode: 0 });
    expect([cloud.mints(), cloud.fetches()]).toEqual([2, 2]);
  });

  it('40 pages at once on a cold cloud: one mint, one fetch, all signatures are right', async () => {
    const cloud = await borrowWithTickets();
    const jssdk = create(cloud, await cloud.addKey());
    const pages = Array.from({ length: 40 }, (_, n) => jssdk.createSignature(`${page}&n=${n}`));
    for (const signed of await Promise.all(pages))
      expect(await judge(cloud, signed)).toMatchObject({ errcode: 0 });
    expect([cloud.mints(), cloud.fetches()]).toEqual([1, 1]);
  });

  it('hands on that a key is wrong, and nothing is minted or fetched', async () => {
    const cloud = await borrowWithTickets();
    await expect(create(cloud, 'wrong').createSignature(page)).rejects.toMatchObject({ errcode: 40125 });
    expect([cloud.mints(), cloud.fetches()]).toEqual([0, 0]);
  });
});
