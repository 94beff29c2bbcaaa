/**
 * What other cloud functions import to call WeChat: `cloudbase-access-token/client`. It asks getAccessToken for the
 * token, asks anew after a minute, and when WeChat refuses it asks for another and tries once more.
 */

import { refuseStream, toJsonBody } from './client/arguments.ts';
import { createCall, nameOf } from './client/call.ts';
import type { Content, Outgoing } from './client/call.ts';
import { createExchange } from './client/exchange.ts';
import { createHooks } from './client/hooks.ts';
import { jsConfig } from './client/js-config.ts';
import { toMultipart } from './client/multipart.ts';
import { createEasyWeChatToken, createNestCache } from './client/sdk-adapters.ts';
import { readSettings } from './client/settings.ts';
import { destroyStream } from './client/source.ts';
import { createTokens } from './client/tokens.ts';
import type { Tokens } from './client/tokens.ts';
import type { Download, Query, UploadFile, WeChat, WeChatOptions } from './client/types.ts';

export { WeChatError } from './client/error.ts';
export type { ErrorOrigin } from './client/error.ts';
export type {
  Callback,
  CloudApp,
  Download,
  EasyWeChatToken,
  FetchReply,
  FileBytes,
  FileStream,
  JsConfig,
  NestWeChatCache,
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
    accessToken: (given) => (given === undefined ? tokens.accessToken() : report(tokens, given)),
    get: <T>(path: string, query?: Query) => json<T>({ method: 'GET', path, query }),
    post: async <T>(path: string, body?: unknown, query?: Query) =>
      json<T>({ method: 'POST', path, query, content: toContent(body) }),
    upload: <T>(path: string, file: UploadFile, query?: Query) => upload(json<T>, path, file, query),
    download: async (path, body, query) => {
      const isPost = body !== undefined && body !== null;
      const outgoing: Outgoing = { method: isPost ? 'POST' : 'GET', path, query };
      return call(isPost ? { ...outgoing, content: toContent(body) } : outgoing, 'file') as Promise<Download>;
    },
    jsConfig: (url, given) => jsConfig(settings, url, given),
    hooks: createHooks(tokens),
    nestCache: () => createNestCache(tokens, settings.appid),
    easyWeChatToken: () => createEasyWeChatToken(tokens),
  };
}

/** A string, so that `fetch` sends its length: WeChat answers a chunked POST with 412. */
function toContent(body: unknown): Content {
  return { type: 'application/json', body: toJsonBody(body) };
}

/** However it ends, the stream is not left open: it is used up or destroyed. */
async function upload<T>(
  json: (outgoing: Outgoing) => Promise<T>,
  path: string,
  file: UploadFile,
  query: Query | undefined,
): Promise<T> {
  try {
    const content = toMultipart(file, nameOf({ method: 'POST', path }));
    return await json({ method: 'POST', path, query, content });
  } finally {
    destroyStream((Object(file) as { stream?: unknown }).stream);
  }
}

async function report(tokens: Tokens, given: { refused?: unknown }): Promise<string> {
  const { refused, ...others } = Object(given) as { refused?: unknown };
  const isObject = typeof given === 'object' && Object.keys(others).length === 0;
  if (isObject && refused === undefined) return tokens.accessToken();
  if (!isObject || typeof refused !== 'string' || refused === '') {
    [given, refused].forEach(refuseStream);
    throw new TypeError('accessToken({ refused }): refused must be the token that WeChat refused');
  }
  return (await tokens.replace(refused)).token;
}
