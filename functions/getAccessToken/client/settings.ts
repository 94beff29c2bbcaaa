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
  /** What it throws is then its own, and says nothing about WeChat. */
  isOwnFetch: boolean;
  now(): number;
  sleep(ms: number): PromiseLike<unknown>;
}

type Name = keyof WeChatOptions;

const KINDS: Record<Name, 'string' | 'function' | 'number' | 'object'> = {
  app: 'object',
  appid: 'string',
  functionName: 'string',
  baseUrl: 'string',
  timeoutMs: 'number',
  longestReplyBytes: 'number',
  fetch: 'function',
  now: 'function',
  sleep: 'function',
};

/** setTimeout's longest. */
const LONGEST_MS = 2 ** 31 - 1;

export function readSettings(options: WeChatOptions): Settings {
  const app: Partial<CloudApp> | undefined = options?.app;
  if (app === undefined || app === null || typeof app.callFunction !== 'function')
    throw wrong('app', 'must be wx-server-sdk’s cloud or what init() of @cloudbase/node-sdk returns');
  for (const [name, value] of Object.entries(options)) checkKind(name, value);
  if (options.fetch === undefined && typeof globalThis.fetch !== 'function')
    throw wrong('fetch', 'is needed, since this runtime has none: use Node.js 18 or later, or pass a fetch');
  return {
    app: options.app,
    appid: options.appid || undefined,
    functionName: options.functionName || usualName(),
    baseUrl: readBaseUrl(options.baseUrl || 'https://api.weixin.qq.com'),
    timeoutMs: readCount('timeoutMs', options.timeoutMs ?? 10_000, LONGEST_MS),
    longestReplyBytes: readCount(
      'longestReplyBytes',
      options.longestReplyBytes ?? 16 * 1024 * 1024,
      Number.MAX_SAFE_INTEGER,
    ),
    // Looked up at each call: a function may replace the global one, and so may a test.
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    isOwnFetch: options.fetch !== undefined,
    // Looked up at each call, for the same reason.
    now: options.now ?? (() => Date.now()),
    sleep: options.sleep ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms))),
  };
}

/** FUNCTION_PREFIX is what `npm run deploy` was told where the plain name is somebody else's. */
function usualName(): string {
  return `${globalThis.process?.env['FUNCTION_PREFIX'] ?? ''}getAccessToken`;
}

function checkKind(name: string, value: unknown): void {
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name as Name] : undefined;
  if (kind === undefined) throw wrong(name, `is no option; there are ${Object.keys(KINDS).join(', ')}`);
  if (name === 'app' || value === undefined) return;
  if (typeof value !== kind) throw wrong(name, `must be a ${kind}`);
}

function readCount(name: Name, value: number, most: number): number {
  if (value > 0 && value <= most) return value;
  throw wrong(name, `must be more than 0 and at most ${most}`);
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** The token travels in the URL: over http it would be everybody's. */
function readBaseUrl(text: string): string {
  const url = parse(text);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname));
  if (url === null || !isSafe || url.username !== '' || url.search !== '' || url.hash !== '')
    throw wrong('baseUrl', 'must be an https address without a query (http only on loopback)');
  return (url.origin + url.pathname).replace(/\/+$/, '');
}

function parse(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function wrong(name: string, rule: string): TypeError {
  return new TypeError(`createWeChat({ ${name} }): ${name} ${rule}`);
}
