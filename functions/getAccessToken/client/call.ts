/** A call of a WeChat API: token into the URL, one more try with another token if WeChat refuses it, answer read. */

import { adviceForStatus } from './advice.ts';
import { toUrl } from './arguments.ts';
import { WeChatError, withoutToken } from './error.ts';
import type { Answer, Exchange } from './exchange.ts';
import { isAttachment, readFilename } from './filename.ts';
import { within } from './limit.ts';
import { isTokenRefused, readAnswer } from './reply.ts';
import type { Reading } from './reply.ts';
import type { Settings } from './settings.ts';
import type { Source } from './source.ts';
import type { Tokens } from './tokens.ts';
import type { Download, Query } from './types.ts';

export interface Outgoing {
  method: 'GET' | 'POST';
  path: string;
  query: Query | undefined;
  content?: Content;
}

export interface Content {
  type: string;
  body: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** Only for a stream, which can be read once. */
  source?: Source;
  /** In bytes; only for a stream. */
  length?: number;
}

type Wanted = 'json' | 'file';
export type Call = (outgoing: Outgoing, wanted: Wanted) => Promise<unknown>;

/** A whole call, token and retry included, ends before the 20 s of its function do. */
const LONGEST_CALL_MS = 18_000;
/** With a longer timeoutMs this is left for the token. */
const TOKEN_SHARE_MS = 8_000;

export function createCall(settings: Settings, tokens: Tokens, exchange: Exchange): Call {
  const { baseUrl, timeoutMs } = settings;

  async function send(
    outgoing: Outgoing,
    url: URL,
    token: string,
    leftMs: number,
  ): Promise<[Reading, Answer]> {
    const { method, content } = outgoing;
    const what = nameOf(outgoing);
    if (leftMs <= 0) throw outOfTime(what);
    url.searchParams.set('access_token', token);
    const headers: Record<string, string> = content === undefined ? {} : { 'content-type': content.type };
    if (content?.length !== undefined) headers['content-length'] = String(content.length);
    const answer = await exchange({
      method,
      url: url.href,
      headers,
      body: content?.body,
      source: content?.source,
      timeoutMs: Math.min(timeoutMs, leftMs),
      what,
    });
    return [readAnswer(answer), answer];
  }

  return async (outgoing, wanted) => {
    const url = toUrl(baseUrl, outgoing.path, outgoing.query);
    const { content } = outgoing;
    const endsAtMs = performance.now() + Math.max(LONGEST_CALL_MS, timeoutMs + TOKEN_SHARE_MS);
    const leftMs = (): number => endsAtMs - performance.now();

    const token = await unlessFailed(tokens.accessToken(), content?.source);
    const [reading, answer] = await send(outgoing, url, token, leftMs());
    if (!isRefusal(reading)) return conclude(outgoing, wanted, reading, answer, token);
    const replaced = within(tokens.replace(token), leftMs(), () => outOfTime(nameOf(outgoing)));
    if (content?.source !== undefined) throw await spent(outgoing, reading, replaced, token);
    const { token: another } = await replaced;
    const [second, itsAnswer] = await send(outgoing, url, another, leftMs());
    if (isRefusal(second)) tokens.refuse(another);
    return conclude(outgoing, wanted, second, itsAnswer, another);
  };
}

type Refusal = Extract<Reading, { kind: 'refused' }>;

function isRefusal(reading: Reading): reading is Refusal {
  return reading.kind === 'refused' && isTokenRefused(reading.errcode);
}

async function unlessFailed<T>(promise: Promise<T>, source: Source | undefined): Promise<T> {
  return source === undefined ? promise : Promise.race([source.failed, promise]);
}

function conclude(
  outgoing: Outgoing,
  wanted: Wanted,
  reading: Reading,
  answer: Answer,
  token: string,
): unknown {
  const what = nameOf(outgoing);
  if (reading.kind === 'refused')
    throw new WeChatError({ what, errcode: reading.errcode, errmsg: withoutToken(reading.errmsg, token) });
  if (reading.kind === 'status') throw statusError(outgoing, answer);
  if (wanted === 'json' && reading.kind === 'json') return reading.value;
  if (answer.bytes.length === 0)
    throw unreadable(what, 'an empty answer', 'try again, and look at the parameters');
  if (isPage(answer))
    throw unreadable(what, 'a web page', 'look for a proxy on the way, and at path and baseUrl');
  if (wanted === 'json')
    throw unreadable(
      what,
      `an answer of ${answer.bytes.length} bytes that is not JSON`,
      'use download() for files',
    );
  if (reading.kind === 'json' && (!isAttachment(answer.disposition) || 'errcode' in Object(reading.value)))
    throw unreadable(what, `JSON (${membersOf(reading.value)}) and no file`, 'use get() or post() for JSON');
  return toDownload(answer);
}

function statusError(outgoing: Outgoing, { status, retryAfter }: Answer): WeChatError {
  return new WeChatError({
    what: nameOf(outgoing),
    errcode: 502,
    origin: 'network',
    status,
    errmsg: `HTTP status ${status}`,
    advice: adviceForStatus(status, outgoing.method),
    retry_after: /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : undefined,
  });
}

function unreadable(what: string, errmsg: string, advice: string): WeChatError {
  return new WeChatError({ what, errcode: 502, origin: 'network', errmsg, advice });
}

/** What a proxy says, and no API: HTML that isn't sent as a file. */
function isPage({ bytes, disposition }: Answer): boolean {
  const start = bytes.toString('latin1', 0, 64);
  return /^(\xef\xbb\xbf)?\s*<(!doctype\s+html|html)\b/i.test(start) && !isAttachment(disposition);
}

/** Names alone: the values may be anybody's data. */
function membersOf(value: unknown): string {
  const names = Object.keys(Object(value) as object).slice(0, 5);
  return withoutToken(names.join(', '));
}

function outOfTime(what: string): WeChatError {
  return new WeChatError({
    what,
    errcode: 504,
    origin: 'getAccessToken',
    errmsg: 'the token came too late, and nothing was sent with it',
    advice: 'try again',
  });
}

/** The stream is gone, but the token is replaced already: the caller's next call succeeds. */
async function spent(
  outgoing: Outgoing,
  { errcode, errmsg }: Refusal,
  replaced: Promise<unknown>,
  token: string,
): Promise<WeChatError> {
  const advice = await replaced.then(
    () => 'a stream can’t be sent twice; the token has been replaced: call again with a new stream',
    () => 'a stream can’t be sent twice, and there is no other token yet: call again later with a new stream',
  );
  return new WeChatError({ what: nameOf(outgoing), errcode, errmsg: withoutToken(errmsg, token), advice });
}

/** Without the query, which may hold anything. */
export function nameOf({ method, path }: { method: string; path: unknown }): string {
  return `${method} ${String(path).split('?')[0]}`;
}

function toDownload({ bytes, contentType, disposition }: Answer): Download {
  return { data: bytes, contentType, filename: readFilename(disposition) };
}
