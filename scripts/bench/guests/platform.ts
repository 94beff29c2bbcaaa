/** What the guests find on the embedded cloud: its database, its functions, its WeChat. */

import tcb from '@cloudbase/node-sdk';

export const app = tcb.init({ env: tcb.SYMBOL_CURRENT_ENV });
const database = app.database();

export const appid = process.env['WX_APPID'] ?? '';
export const secret = process.env['WX_APPSECRET'] ?? '';
export const wechatUrl = process.env['WX_API_BASE_URL'] ?? '';

/** Where the others keep their shared token. */
const COLLECTION = 'bench_tokens';

/** A document in the cloud database, as a README that says "a database, redis or the like" would have it. */
export const shared = {
  async read<T>(): Promise<T | null> {
    const { data } = (await database.collection(COLLECTION).doc(appid).get()) as { data: { token: T }[] };
    return data[0]?.token ?? null;
  },
  async write(token: unknown): Promise<void> {
    await database.collection(COLLECTION).doc(appid).set({ token });
  },
};

export interface WeChatReply {
  errcode?: number;
  access_token?: string;
  expires_in?: number;
}

export async function ask(path: string): Promise<WeChatReply> {
  const response = await fetch(`${wechatUrl}${path}`);
  return (await response.json()) as WeChatReply;
}

/** The token endpoint, as everybody calls it. */
export function fetchToken(): Promise<WeChatReply> {
  const query = new URLSearchParams({ grant_type: 'client_credential', appid, secret });
  return ask(`/cgi-bin/token?${query.toString()}`);
}

/** An API that takes no more than a token: the same in every system. */
export async function useToken(token: string): Promise<number> {
  return (await ask(`/cgi-bin/getcallbackip?access_token=${token}`)).errcode ?? 0;
}
