/** The options with their defaults, checked once: what is wrong here would otherwise fail at the first call. */

import type { CloudApp, WeChatOptions } from './types.ts';

export interface Settings {
  app: CloudApp;
  appid: string | undefined;
  functionName: string;
  baseUrl: string;
  timeoutMs: number;
  longestReplyBytes: number;
  fetch: NonNullable<WeChatOptions['fetch']>;
  now(): number;
  sleep(ms: number): PromiseLike<unknown>;
}

export function readSettings(options: WeChatOptions): Settings {
  const app: Partial<CloudApp> | undefined = options?.app;
  if (app === undefined || app === null || typeof app.callFunction !== 'function') {
    throw new TypeError(
      'createWeChat({ app }): app must be wx-server-sdk’s cloud or what init() of @cloudbase/node-sdk returns',
    );
  }
  return {
    app: options.app,
    appid: options.appid || undefined,
    functionName: options.functionName || 'getAccessToken',
    baseUrl: readBaseUrl(options.baseUrl || 'https://api.weixin.qq.com'),
    timeoutMs: options.timeoutMs ?? 10_000,
    longestReplyBytes: options.longestReplyBytes ?? 16 * 1024 * 1024,
    // Looked up at each call: a function may replace the global one, and so may a test.
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    // Looked up at each call, for the same reason.
    now: options.now ?? (() => Date.now()),
    sleep: options.sleep ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms))),
  };
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** The token travels in the URL: over http it would be everybody's. */
function readBaseUrl(text: string): string {
  const url = parse(text);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname));
  if (url === null || !isSafe || url.username !== '' || url.search !== '' || url.hash !== '') {
    throw new TypeError(
      'createWeChat({ baseUrl }): must be an https address without a query (http only on loopback)',
    );
  }
  return (url.origin + url.pathname).replace(/\/+$/, '');
}

function parse(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
