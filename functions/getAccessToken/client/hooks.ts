/**
 * `getToken` and `saveToken` for co-wechat-api (read at 3.11.0) and wechat-api (1.35.1). Both libraries fetch tokens
 * themselves when they have none, and co-wechat-api once more for each refused call. Handing them a token is not
 * enough to stop that, so the first call of a hook, whose `this` is the library's instance, replaces two methods of it.
 */

import { withoutToken } from './error.ts';
import { isTokenRefused } from './reply.ts';
import type { Tokens } from './tokens.ts';
import type { Callback, SharedToken, TokenHooks } from './types.ts';

export function createHooks(tokens: Tokens): TokenHooks {
  const secured = new WeakSet<object>();
  const share = async (): Promise<SharedToken> => {
    const { token, endsAtMs } = await tokens.current();
    return { accessToken: token, expireTime: endsAtMs };
  };

  function secure(library: unknown): void {
    if (!isLibrary(library) || secured.has(library)) return;
    secured.add(library);
    library.getAccessToken = (callback) => answer(share(), callback);
    const send = library.request.bind(library);
    library.request =
      typeof library.ensureAccessToken === 'function' ? byPromise(send, tokens) : byCallback(send, tokens);
  }

  return {
    getToken(this: unknown, callback) {
      secure(this);
      return answer(share(), callback);
    },
    // The token is not the library's to keep, nor to throw away.
    saveToken(this: unknown, _token, callback) {
      secure(this);
      return answer(Promise.resolve(), callback);
    },
  };
}

type Request = (url: string, options?: unknown, last?: unknown) => unknown;

interface Library {
  request: Request;
  getAccessToken(callback?: Callback<SharedToken>): unknown;
  /** Only co-wechat-api has it. */
  ensureAccessToken?: unknown;
}

function isLibrary(value: unknown): value is Library {
  const { request, getAccessToken } = Object(value) as Partial<Library>;
  return typeof request === 'function' && typeof getAccessToken === 'function';
}

/** co-wechat-api. Its own retries, which begin with a new token from WeChat, are switched off. */
function byPromise(send: Request, tokens: Tokens): Request {
  const NO_RETRY = 0;
  return async (url, options) => {
    const token = tokenIn(url);
    try {
      return await send(url, options, NO_RETRY);
    } catch (error) {
      if (token === null || !isTokenRefused((error as { code?: unknown }).code)) throw conceal(error, token);
      const { token: another } = await tokens.replace(token);
      if (hasStream(options)) throw conceal(error, token);
      return Promise.resolve(send(withToken(url, another), options, NO_RETRY)).catch((second: unknown) => {
        throw conceal(second, another);
      });
    }
  };
}

/** wechat-api. After 40001 it calls again by itself, with what getToken then says; after the other two it does not. */
function byCallback(send: Request, tokens: Tokens): Request {
  return (url, options, last) => {
    const callback = (typeof options === 'function' ? options : last) as (...results: unknown[]) => void;
    const sent = typeof options === 'function' ? {} : options;
    const token = tokenIn(url);
    return send(url, sent, (error: unknown, data: unknown, response: unknown) => {
      const { errcode } = Object(data) as { errcode?: unknown };
      if (token === null || !isTokenRefused(errcode)) return callback(conceal(error, token), data, response);
      const isRepeated = errcode !== 40001 && !hasStream(sent);
      return tokens.replace(token).then(
        (another) =>
          queueMicrotask(() =>
            isRepeated
              ? send(withToken(url, another.token), sent, concealing(callback, another.token))
              : callback(conceal(error, token), data, response),
          ),
        (failure: unknown) => queueMicrotask(() => callback(failure)),
      );
    });
  };
}

/** For a caller of either kind; what a callback throws is its own, not a rejection of ours. */
function answer<T>(promise: Promise<T>, callback: Callback<T> | undefined): Promise<T> {
  if (typeof callback !== 'function') return promise;
  promise.then(
    (value) => queueMicrotask(() => callback(null, value)),
    (error: unknown) => queueMicrotask(() => callback(error)),
  );
  return promise.catch(() => undefined as T);
}

function tokenIn(url: string): string | null {
  return /[?&]access_token=([^&#]+)/.exec(url)?.[1] ?? null;
}

function withToken(url: string, token: string): string {
  return url.replace(/([?&]access_token=)[^&#]+/, (_, name: string) => name + token);
}

/** A form that has been sent is empty. */
function hasStream(options: unknown): boolean {
  const { data, stream } = Object(options) as { data?: unknown; stream?: unknown };
  return [data, stream].some((value) => typeof (Object(value) as { pipe?: unknown }).pipe === 'function');
}

function concealing(callback: (...results: unknown[]) => void, token: string) {
  return (error: unknown, ...results: unknown[]): void => callback(conceal(error, token), ...results);
}

/** Both libraries quote the URL in some of their errors; wechat-api's also carry it, in `path` and in `res`. */
function conceal(error: unknown, token: string | null): unknown {
  if (!(error instanceof Error) || token === null) return error;
  error.message = withoutToken(error.message, token);
  error.stack = (error.stack ?? '').replaceAll(token, '…');
  const { res } = error as { res?: { requestUrls?: unknown } };
  if (Array.isArray(res?.requestUrls)) hide(res.requestUrls, token);
  return hide(error, token);
}

function hide<T extends object>(holder: T, token: string): T {
  for (const [name, value] of Object.entries(holder))
    if (typeof value === 'string') Object.assign(holder, { [name]: value.replaceAll(token, '…') });
  return holder;
}
