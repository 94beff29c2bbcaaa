/** wechat-api from npm, unmodified: its store in memory, or shared through the cloud database as its README advises. */

import API from 'wechat-api';
import { appid, secret, shared, wechatUrl } from './platform.ts';
import { serve } from './serve.ts';

type Token = { accessToken: string; expireTime: number };
type Done<T> = (error: unknown, value?: T) => void;

const read = (done: Done<Token | null>): void =>
  void shared.read<Token>().then((token) => done(null, token), done);
const write = (token: Token | null, done: Done<void>): void =>
  void shared.write(token).then(() => done(null), done);

const api = process.env['STORE'] === 'shared' ? new API(appid, secret, read, write) : new API(appid, secret);
api.endpoint = wechatUrl;

export const main = serve({
  token: () =>
    new Promise((resolve, reject) =>
      api.getLatestToken((error, token) => (token ? resolve(token.accessToken) : reject(error))),
    ),
  call: () =>
    new Promise((resolve, reject) =>
      api.getIp((error) => {
        const { code } = Object(error) as { code?: unknown };
        if (error === null || error === undefined) resolve(0);
        else if (typeof code === 'number') resolve(code);
        else reject(error);
      }),
    ),
});
