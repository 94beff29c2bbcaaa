/** SDKs from npm, unmodified, with the installed client in place of their own token: nest-wechat and node-easywechat. */

import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import type { EasyWeChatToken, NestWeChatCache } from '../../functions/getAccessToken/client.ts';
import { errorOf, json, startPlace, tokenOf, tokenReply } from './wechat.ts';

const require = createRequire(import.meta.url);

interface EasyWeChat {
  setAccessToken(token: EasyWeChatToken): void;
  getHttpClient(): { getInstance(): { defaults: { baseURL?: string } } };
  getClient(): { get(path: string): Promise<{ toObject(): Record<string, unknown> }> };
}
const { MiniApp, OfficialAccount } = require('node-easywechat') as Record<
  'MiniApp' | 'OfficialAccount',
  new (config: object) => EasyWeChat
>;

interface NestWeChat {
  getToken(appId: string, secret: string): Promise<string>;
}
const { WeChatService } = require('nest-wechat') as {
  WeChatService: new (options: {
    appId: string;
    secret: string;
    cacheAdapter: NestWeChatCache;
  }) => NestWeChat;
};

const refusing = (token: string) => (request: { query: string }) =>
  tokenOf(request as never) === token
    ? json({ errcode: 40001, errmsg: 'invalid' })
    : json({ ip_list: ['1'] });
const nextToken = (data: Record<string, unknown>) =>
  tokenReply(data['invalid_access_token'] === undefined ? 't1' : 't2');

it.each([
  ['MiniApp', MiniApp],
  ['OfficialAccount', OfficialAccount],
])(
  'node-easywechat’s %s calls with the shared token, and with another one after refresh()',
  async (_, App) => {
    const place = await startPlace(refusing('t1'));
    place.answerToken = nextToken;
    const app = new App({ app_id: 'wx1', secret: '' });
    app.getHttpClient().getInstance().defaults.baseURL = `${place.url}/`;
    const token = place.wechat.easyWeChatToken();
    app.setAccessToken(token);
    const call = async () => (await app.getClient().get('/cgi-bin/getcallbackip')).toObject();
    const first = await call().catch((error: unknown) => error);
    expect(JSON.stringify(first)).not.toContain('ip_list');
    await token.refresh();
    expect(await call()).toEqual({ ip_list: ['1'] });
    expect(place.asked).toEqual([{}, { invalid_access_token: 't1' }]);
    expect(place.requests.map(tokenOf)).toEqual(['t1', 't2']);
  },
);

it('nest-wechat takes its token from the cache, another one after remove(), and none when there is none', async () => {
  const place = await startPlace(json({}));
  place.answerToken = nextToken;
  const cacheAdapter = place.wechat.nestCache();
  // Real time: the library compares with Date.now().
  place.nowMs = Date.now();
  const service = new WeChatService({ appId: 'wx1', secret: 'unused', cacheAdapter });
  expect(await service.getToken('wx1', 'unused')).toBe('t1');
  expect(cacheAdapter.remove('key_access_token_wx1')).toBe(true);
  expect(await service.getToken('wx1', 'unused')).toBe('t2');
  cacheAdapter.set('key_access_token_wx1', { access_token: 'another' });
  expect(await service.getToken('wx1', 'unused')).toBe('t2');
  cacheAdapter.set('key_ticket_wx1', { ticket: 'T' });
  expect(await cacheAdapter.get('key_ticket_wx1')).toEqual({ ticket: 'T' });

  const none = await startPlace(json({}));
  none.answerToken = () => ({ errcode: 503, errmsg: 'no' });
  const without = new WeChatService({
    appId: 'wx1',
    secret: 'unused',
    cacheAdapter: none.wechat.nestCache(),
  });
  expect(await errorOf(without.getToken('wx1', 'unused'))).toMatchObject({
    name: 'WeChatError',
    errcode: 503,
  });
});

it('nest-wechat gets no token of another AppID', async () => {
  const { wechat, asked } = await startPlace(json({}), { appid: 'wx1' });
  const cacheAdapter = wechat.nestCache();
  const service = new WeChatService({ appId: 'wx2', secret: 'unused', cacheAdapter });
  expect(await errorOf(service.getToken('wx2', 'unused'))).toBeInstanceOf(TypeError);
  expect(asked).toEqual([]);
});
