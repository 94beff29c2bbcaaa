/**
 * Who is calling, by the platform's per-call context and nothing else (R9).
 *
 * `process.env` is stale in a warm instance and the event is whatever the caller typed, so neither is asked.
 * `TCB_SOURCE` follows the chain of calls, comma separated; each hop is added by the platform or by the SDK of
 * the calling function, and the last one is `scf` when a function calls a function.
 * https://developers.weixin.qq.com/miniprogram/dev/wxcloudservice/wxcloud/reference-sdk-api/utils/Cloud.getWXContext.html
 * (read 2026-11-22)
 */

import { parseJson, readable } from '../json.ts';

export interface Caller {
  /** The whole TCB_SOURCE; null when the platform gave none, or one that can't be trusted. */
  source: string | null;
  /** A mini-program user called directly: in a chain of functions the OPENID is not passed on. */
  hasOpenid: boolean;
  isHttpRequest: boolean;
  /** A web user, anonymous or not, called directly. */
  isWebUser: boolean;
}

/** Another cloud function, or a source that the user has named in TRUSTED_SOURCES; everything else is denied. */
export function mayReadToken(caller: Caller, trustedSources: readonly string[]): boolean {
  if (caller.source === null || caller.hasOpenid || caller.isHttpRequest) return false;
  return lastHop(caller.source) === 'scf' || trustedSources.includes(caller.source);
}

/**
 * Reads the caller from what the platform passes to `main`. Never throws: no event or context of the platform's does,
 * so nothing speaks for a caller whose does.
 */
export function readCaller(event: unknown, context: unknown): Caller {
  const variables = readable(() => contextVariables(context));
  const source = variables?.get('TCB_SOURCE')?.trim();
  const isChain = source !== undefined && lastHop(source) === 'scf';
  const isAnonymous = variables?.get('TCB_ISANONYMOUS_USER') === 'true';
  return {
    source: source ?? null,
    hasOpenid: Boolean(variables?.get('WX_OPENID')),
    isHttpRequest: isHttpRequest(event),
    isWebUser: !isChain && (isAnonymous || Boolean(variables?.get('TCB_UUID'))),
  };
}

/** Who called last. */
export function lastHop(source: string): string {
  return source.slice(source.lastIndexOf(',') + 1).trim();
}

/** The event of CloudBase HTTP access: https://docs.cloudbase.net/service/access-cloud-function (read 2026-11-22). */
function isHttpRequest(event: unknown): boolean {
  if (typeof event !== 'object' || event === null) return false;
  return readable(() => HTTP_KEYS.some((key) => key in event)) ?? true;
}

const HTTP_KEYS = ['httpMethod', 'requestContext', 'queryStringParameters'];

/** `environment` (JSON text) on current runtimes, else the older `environ` ("K=V;K=V"); null when neither can be read. */
function contextVariables(context: unknown): Map<string, string> | null {
  if (typeof context !== 'object' || context === null) return null;
  const { environment, environ } = context as Record<string, unknown>;
  // One that is there but unreadable is not replaced by the other: that would be guessing in favour of the caller.
  if (environment !== undefined && environment !== null && environment !== '') return fromJson(environment);
  return typeof environ === 'string' ? fromPairs(environ) : null;
}

/** Beyond this the context is none of the platform's making. */
const LONGEST_CONTEXT = 64 * 1024;

/** The platform sends these as text; anything else is none of its making, and not to be passed over. */
const DECISIVE = new Set(['TCB_SOURCE', 'WX_OPENID', 'TCB_UUID', 'TCB_ISANONYMOUS_USER']);

function fromJson(environment: unknown): Map<string, string> | null {
  if (typeof environment !== 'string' || environment.length > LONGEST_CONTEXT) return null;
  if (readable(() => hasKeyTwice(environment)) !== false) return null;
  const parsed = parseJson(environment);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return null;
  const entries = Object.entries(parsed);
  if (entries.some(([name, value]) => DECISIVE.has(name) && typeof value !== 'string')) return null;
  return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** `JSON.parse` takes the last of two equal keys in silence, and a key may be spelled with escapes. */
function hasKeyTwice(json: string): boolean {
  // Every string as a whole, so that what looks like a key within a value is not taken for one.
  const strings = [...json.matchAll(/("(?:[^"\\]|\\.)*")\s*(:?)/gs)];
  const keys = strings.flatMap(([, text = '', colon]) => (colon === ':' ? [JSON.parse(text) as string] : []));
  return [...DECISIVE].some((name) => keys.indexOf(name) !== keys.lastIndexOf(name));
}

/** This form knows no escapes: the platform would not spell its own names with them. */
function isEscaped(name: string): boolean {
  const decoded = name.replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  return decoded !== name && DECISIVE.has(decoded);
}

/** A value may hold a semicolon and pretend to be the next pair: a name that comes twice makes all of it void. */
function fromPairs(environ: string): Map<string, string> | null {
  if (environ.length > LONGEST_CONTEXT) return null;
  const variables = new Map<string, string>();
  for (const pair of environ.split(';')) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, Math.max(0, at)).trim();
    if (name === '') continue;
    if (variables.has(name) || isEscaped(name)) return null;
    variables.set(name, pair.slice(at + 1));
  }
  return variables;
}
