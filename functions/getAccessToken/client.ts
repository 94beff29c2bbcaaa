/**
 * What other cloud functions import to call WeChat: `cloudbase-access-token/client`. It asks getAccessToken for the
 * token, keeps it for at most a minute, and when WeChat refuses it asks for another and tries once more.
 */

import { createCall } from './client/call.ts';
import type { Outgoing } from './client/call.ts';
import { createExchange } from './client/exchange.ts';
import { createHooks } from './client/hooks.ts';
import { toMultipart } from './client/multipart.ts';
import { readSettings } from './client/settings.ts';
import { createTokens } from './client/tokens.ts';
import type { Download, Query, UploadFile, WeChat, WeChatOptions } from './client/types.ts';

export { WeChatError } from './client/error.ts';
export type {
  Callback,
  CloudApp,
  Download,
  FetchReply,
  FileBytes,
  FileStream,
  Query,
  SharedToken,
  TokenHooks,
  UploadFile,
  WeChat,
  WeChatOptions,
} from './client/types.ts';

/**
 * One for each instance of a function: create it beside `cloud.init()`, not inside `main`.
 * `app` is wx-server-sdk's `cloud`, or what `init()` of @cloudbase/node-sdk returns.
 */
export function createWeChat(options: WeChatOptions): WeChat {
  const settings = readSettings(options);
  const tokens = createTokens(settings);
  const call = createCall(settings, tokens, createExchange(settings));
  // What WeChat answers is the caller's to know: the page of each API says it.
  const json = <T>(outgoing: Outgoing): Promise<T> => call(outgoing, 'json') as Promise<T>;
  return {
    accessToken: tokens.accessToken,
    get: <T>(path: string, query?: Query) => json<T>({ method: 'GET', path, query }),
    post: async <T>(path: string, body?: unknown, query?: Query) =>
      json<T>({ method: 'POST', path, query, content: toContent(body) }),
    upload: async <T>(path: string, file: UploadFile, query?: Query) =>
      json<T>({ method: 'POST', path, query, content: toMultipart(file) }),
    download: async (path, body, query) => {
      const isPost = body !== undefined && body !== null;
      const outgoing: Outgoing = { method: isPost ? 'POST' : 'GET', path, query };
      return call(isPost ? { ...outgoing, content: toContent(body) } : outgoing, 'file') as Promise<Download>;
    },
    hooks: createHooks(tokens),
  };
}

/** A string, so that `fetch` sends its length: WeChat answers a chunked POST with 412. */
function toContent(body: unknown): NonNullable<Outgoing['content']> {
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? {});
  return { type: 'application/json', body: text };
}
