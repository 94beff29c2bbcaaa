/** co-wechat-api from npm, unmodified: its store in memory, or shared through the cloud database as its README advises. */

import API from 'co-wechat-api';
import { appid, secret, shared, wechatUrl } from './platform.ts';
import { serve } from './serve.ts';

const api =
  process.env['STORE'] === 'shared'
    ? new API(appid, secret, shared.read, shared.write)
    : new API(appid, secret);
api.prefix = `${wechatUrl}/cgi-bin/`;

export const main = serve({
  token: async () => (await api.ensureAccessToken()).accessToken,
  call: () => api.getIp().then(() => 0, errcodeOf),
});

/** Of WeChat's refusals; anything else is a failure of the call. */
function errcodeOf(error: unknown): number {
  const { code } = Object(error) as { code?: unknown };
  if (typeof code !== 'number') throw error;
  return code;
}
