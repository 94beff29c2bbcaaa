/** One request to WeChat and its whole answer, bounded in time and size; fails without quoting the URL. */

import { adviceForLost } from './advice.ts';
import { codeOf, localError, WeChatError } from './error.ts';
import type { Settings } from './settings.ts';
import type { Source } from './source.ts';

interface ExchangeRequest {
  method: 'GET' | 'POST';
  /** Holds the token: it must not get into any error. */
  url: string;
  headers: Record<string, string>;
  body: string | Uint8Array | AsyncIterable<Uint8Array> | undefined;
  /** Where the body comes from, when it is a stream. */
  source: Source | undefined;
  timeoutMs: number;
  /** What errors call this. */
  what: string;
}

export interface Answer {
  status: number;
  contentType: string;
  disposition: string;
  retryAfter: string;
  bytes: Buffer;
}

export type Exchange = (request: ExchangeRequest) => Promise<Answer>;

/** Throws nothing but WeChatError. */
export function createExchange(settings: Settings): Exchange {
  return async (request) => {
    const abort = new AbortController();
    let isLate = false;
    // A fetch of the caller's own may take no notice of the signal.
    let stop: (reason: Error) => void = () => {};
    const stopped = new Promise<never>((_, reject) => (stop = reject));
    stopped.catch(() => undefined);
    const end = (): void => {
      abort.abort();
      stop(new Error('stopped'));
    };
    const timer = setTimeout(() => {
      isLate = true;
      end();
    }, request.timeoutMs);
    request.source?.failed.catch(end);
    try {
      return await Promise.race([exchange(settings, request, abort.signal), stopped]);
    } catch (error) {
      // Never the error itself: what `fetch` throws may quote the URL.
      const ofStream = request.source?.failure(isLate);
      if (ofStream !== undefined) throw ofStream;
      if (error instanceof WeChatError) throw error;
      if (isLate) throw lost(request, 504, `no whole answer within ${Math.round(request.timeoutMs)} ms`);
      throw failure(request, error);
    } finally {
      clearTimeout(timer);
    }
  };
}

async function exchange(
  { fetch, isOwnFetch, longestReplyBytes }: Settings,
  { method, url, headers, body, source, what }: ExchangeRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const init = {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
    ...(source === undefined ? {} : { duplex: 'half' }),
    signal,
    // A redirect would take the token along to wherever it points.
    redirect: 'manual',
  };
  const response = await start(() => fetch(url, init)).catch((error: unknown) => {
    const code = codeOf(error);
    const { name } = Object(error) as { name?: unknown };
    const isNetwork = code === undefined ? TIMEOUT.test(String(name)) : !WRONG_USE.test(code);
    if (signal.aborted || isNetwork) throw error;
    throw isOwnFetch ? brokenFetch(what, 'failed', code) : brokenGlobal(what, code);
  });
  const { status, headers: received } = Object(response) as Partial<typeof response>;
  if (typeof status !== 'number' || typeof received?.get !== 'function')
    throw brokenFetch(what, 'gave no Response');
  return {
    status,
    contentType: received.get('content-type') ?? '',
    disposition: received.get('content-disposition') ?? '',
    retryAfter: received.get('retry-after') ?? '',
    bytes: await readAll(response.body, longestReplyBytes, what),
  };
}

/** So that what is thrown at once is a rejection, too. */
async function start<T>(call: () => PromiseLike<T>): Promise<T> {
  return call();
}

/** Node's codes for mistakes in code and files. With one, or without any, it is no failure of the network. */
const WRONG_USE =
  /^(MODULE_NOT_FOUND|E(NOENT|ACCES|PERM|MFILE|NFILE)|UND_ERR_(INVALID_ARG|NOT_SUPPORTED)|ERR_(INVALID_(ARG|CHAR|FILE|MODULE|PACKAGE|PROTOCOL|RETURN|THIS|URL)|ASSERTION|METHOD|MISSING|MODULE|OUT_OF|PACKAGE|REQUIRE|UNESCAPED|UNKNOWN|UNSUPPORTED)\w*)$/;

/** What a fetch option with a time limit of its own throws. */
const TIMEOUT = /^(Abort|Timeout)Error$/;

function brokenFetch(what: string, how: string, code?: string): WeChatError {
  return localError(
    what,
    `the fetch option ${how}`,
    'correct the function that createWeChat was given',
    code,
  );
}

function brokenGlobal(what: string, code: string | undefined): WeChatError {
  return localError(
    what,
    'fetch refused',
    'look at baseUrl, and at what has replaced the global fetch',
    code,
  );
}

const NO_BYTES = 'gave a body that can’t be read: it must be an async iterable of bytes';

async function readAll(body: unknown, longestBytes: number, what: string): Promise<Buffer> {
  if (body === null || body === undefined) return Buffer.alloc(0);
  if (typeof (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator] !== 'function')
    throw brokenFetch(what, NO_BYTES);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    if (!(chunk instanceof Uint8Array)) throw brokenFetch(what, NO_BYTES);
    size += chunk.byteLength;
    if (size > longestBytes) throw tooLong(what, longestBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLong(what: string, longestBytes: number): WeChatError {
  return new WeChatError({
    what,
    errcode: 502,
    origin: 'network',
    errmsg: `an answer of more than ${longestBytes} bytes`,
    advice: 'raise longestReplyBytes if the file may be that long',
  });
}

/** No connection was made, or WeChat's certificate was not taken: nothing has been sent. */
const NOT_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|\w+_CERT\w*|\w+_CERT_\w+|UNABLE_TO_\w+|ERR_TLS_\w+|ERR_SSL_(WRONG_VERSION_NUMBER|\w*(HANDSHAKE|PROTOCOL)\w*))$/;

function failure(request: ExchangeRequest, error: unknown): WeChatError {
  const code = codeOf(error);
  const errmsg = `no answer from WeChat (${code ?? 'no code'})`;
  if (code === undefined || !NOT_SENT.test(code)) return lost(request, 502, errmsg, code);
  const advice =
    'WeChat was not reached and nothing was sent: see the network of this function, and try again';
  return new WeChatError({ what: request.what, errcode: 502, origin: 'network', errmsg, advice, code });
}

function lost({ what, method }: ExchangeRequest, errcode: number, errmsg: string, code?: string) {
  return new WeChatError({
    what,
    errcode,
    origin: 'network',
    errmsg,
    advice: adviceForLost(method),
    code,
  });
}
