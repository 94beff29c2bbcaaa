/** co-wechat-api and wechat-api from npm, unmodified, with the client's hooks: they never fetch a token themselves. */

import { createRequire } from 'node:module';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { TokenHooks } from '../../functions/getAccessToken/client.ts';
import { APPID, SECRET } from '../support/cloud.ts';
import { borrowClientCloud, type ClientCloud } from './cloud.ts';

type Constructor = new (
  appid: string,
  secret: string,
  getToken: TokenHooks['getToken'],
  saveToken: TokenHooks['saveToken'],
) => Record<string, unknown>;

const require = createRequire(import.meta.url);
const CoWeChatApi = require('co-wechat-api') as Constructor;
const WeChatApi = require('wechat-api') as Constructor;

interface Api {
  getIp(): Promise<{ ip_list: string[] }>;
  freshToken(): Promise<{ accessToken: string; expireTime: number }>;
  latestToken(): Promise<{ accessToken: string; expireTime: number }>;
}

/** With the right secret, so that it could mint if it tried. */
function createCo({ wechat: { hooks }, sandbox }: ClientCloud): Api {
  const api = new CoWeChatApi(APPID, SECRET, hooks.getToken, hooks.saveToken);
  api['prefix'] = `${sandbox.url}/cgi-bin/`;
  const call = (name: string) => (): Promise<never> => (api[name] as () => Promise<never>)();
  return {
    getIp: call('getIp'),
    freshToken: call('getAccessToken'),
    latestToken: call('ensureAccessToken'),
  };
}

function createCallback({ wechat: { hooks }, sandbox }: ClientCloud): Api {
  const api = new WeChatApi(APPID, SECRET, hooks.getToken, hooks.saveToken);
  api['endpoint'] = sandbox.url;
  const call = (name: string) => (): Promise<never> =>
    new Promise<never>((resolve, reject) =>
      (api[name] as (callback: (error: unknown, value: never) => void) => void)((error, value) =>
        error ? reject(error) : resolve(value),
      ),
    );
  return {
    getIp: call('getIp'),
    freshToken: call('getAccessToken'),
    latestToken: call('getLatestToken'),
  };
}

describe.each([
  ['co-wechat-api', createCo],
  ['wechat-api', createCallback],
])('%s', (_, create) => {
  it('calls with the shared token', async () => {
    const cloud = await borrowClientCloud();
    expect((await create(cloud).getIp()).ip_list).toHaveLength(2);
    expect(await hiddenMints(cloud)).toBe(0);
  });

  it.each([40001, 40014, 42001])(
    'recovers from %i in one retry, without a mint of its own',
    async (errcode) => {
      const cloud = await borrowClientCloud();
      const api = create(cloud);
      await api.getIp();
      cloud.clock.advance(31_000);
      cloud.sandbox.faults.refuse(errcode, { times: 1 }, '/cgi-bin/getcallbackip');
      cloud.calls.length = 0;
      expect((await api.getIp()).ip_list).toHaveLength(2);
      expect(cloud.calls.filter((path) => path === '/cgi-bin/getcallbackip')).toHaveLength(2);
      expect(cloud.asked.at(-1)).toHaveProperty('invalid_access_token');
      expect(await hiddenMints(cloud)).toBe(0);
    },
  );

  it('200 concurrent calls on a revoked token: one mint, by getAccessToken, and all succeed', async () => {
    const cloud = await borrowClientCloud();
    const api = create(cloud);
    await api.getIp();
    cloud.revoke();
    const results = await Promise.all(Array.from({ length: 200 }, () => api.getIp()));
    expect(results.filter(({ ip_list }) => ip_list.length === 2)).toHaveLength(200);
    expect(cloud.mints()).toBe(2);
    expect(await hiddenMints(cloud)).toBe(0);
  });

  it('a token that nothing cures ends in an error after few tries, without a mint of its own', async () => {
    const cloud = await borrowClientCloud();
    const api = create(cloud);
    await api.getIp();
    cloud.sandbox.faults.refuse(40001, { times: 1_000 }, '/cgi-bin/getcallbackip');
    cloud.calls.length = 0;
    await expect(api.getIp()).rejects.toMatchObject({ code: 40001 });
    expect(cloud.calls).toEqual(['/cgi-bin/getcallbackip', '/cgi-bin/getcallbackip']);
    expect(cloud.mints()).toBe(1);
  });

  it('says the shared token when its own methods for tokens are called', async () => {
    const cloud = await borrowClientCloud();
    const api = create(cloud);
    const latest = await api.latestToken();
    expect(await api.freshToken()).toMatchObject({ accessToken: latest.accessToken });
    expect(latest.accessToken).toBe(cloud.storedToken());
    expect(latest.expireTime).toBeGreaterThan(cloud.clock.now() + 6_000_000);
    expect(await hiddenMints(cloud)).toBe(0);
  });

  it('hands on that there is no token', async () => {
    const cloud = await borrowClientCloud();
    cloud.sandbox.wechat.account(APPID).setSecret('another', cloud.clock.now());
    await expect(create(cloud).getIp()).rejects.toMatchObject({ name: 'WeChatError', errcode: 40125 });
    expect(cloud.mints()).toBe(0);
  });

  it.each([500, 200])(
    'an error of the library doesn’t hold the token anywhere: status %i',
    async (status) => {
      const cloud = await borrowClientCloud();
      const api = create(cloud);
      await api.getIp();
      const fault = { do: 'reply', status, body: '{"broken' } as const;
      cloud.sandbox.faults.add({ fault, on: '/cgi-bin/getcallbackip' });
      const error = await api.getIp().then(
        () => new Error('it succeeded'),
        (thrown: Error) => thrown,
      );
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(cloud.storedToken());
    },
  );
});

/** Mints at WeChat beyond those that getAccessToken has stored. */
async function hiddenMints(cloud: ClientCloud): Promise<number> {
  const reported = cloud.asked.filter((data) => data['invalid_access_token'] !== undefined).length;
  expect(cloud.isAlive(cloud.storedToken())).toBe(true);
  return Math.max(0, cloud.mints() - 1 - reported);
}
