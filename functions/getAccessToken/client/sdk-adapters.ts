/** The shared token for SDKs that keep one themselves: nest-wechat (read at 0.2.50) and node-easywechat (3.6.2). */

import type { Tokens } from './tokens.ts';
import type { EasyWeChatToken, NestWeChatCache } from './types.ts';

const TOKEN_KEY = 'key_access_token';

/**
 * nest-wechat asks its cache for `key_access_token_<AppID>`, and fetches a token itself only if there is none.
 * Tickets stay its own business. Without a token `get` rejects, so that nothing is fetched then either.
 */
export function createNestCache(tokens: Tokens, appid: string | undefined): NestWeChatCache {
  const others = new Map<string, unknown>();
  let last: string | undefined;
  return {
    async get<T>(key: string): Promise<T> {
      if (!key.startsWith(TOKEN_KEY)) return others.get(key) as T;
      if (appid !== undefined && key !== `${TOKEN_KEY}_${appid}`)
        throw new TypeError(`nestCache(): this client has the token of ${appid}, and ${key} was asked for`);
      const { token, endsAtMs } = await tokens.current();
      last = token;
      return { access_token: token, expires_in: Math.floor(endsAtMs / 1_000) } as T;
    },
    set(key, value) {
      if (!key.startsWith(TOKEN_KEY)) others.set(key, value);
    },
    remove(key) {
      if (!key.startsWith(TOKEN_KEY)) return others.delete(key);
      if (last === undefined) return false;
      // What comes of it, the next get() tells.
      tokens.replace(last).catch(() => undefined);
      return true;
    },
    close: () => others.clear(),
  };
}

export function createEasyWeChatToken(tokens: Tokens): EasyWeChatToken {
  let last: string | undefined;
  const take = async (asked: Promise<{ token: string }>): Promise<string> => {
    const { token } = await asked;
    last = token;
    return token;
  };
  const getToken = (): Promise<string> => take(tokens.current());
  return {
    getToken,
    toQuery: async () => ({ access_token: await getToken() }),
    refresh: () => (last === undefined ? getToken() : take(tokens.replace(last))),
  };
}
