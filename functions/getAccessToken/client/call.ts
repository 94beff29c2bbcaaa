/** A call of a WeChat API: token into the URL, one more try with another token if WeChat refuses it, answer read. */

import { WeChatError, withoutToken } from './error.ts';
import type { Answer, Exchange } from './exchange.ts';
import { isTokenRefused, readAnswer } from './reply.ts';
import type { Reading } from './reply.ts';
import type { Settings } from './settings.ts';
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
  /** In bytes; only for what can be read once. */
  streamLength?: number;
}

export type Call = (outgoing: Outgoing, wanted: 'json' | 'file') => Promise<unknown>;

export function createCall({ baseUrl }: Settings, tokens: Tokens, exchange: Exchange): Call {
  async function send(outgoing: Outgoing, url: URL, token: string): Promise<[Reading, Answer]> {
    const { method, content } = outgoing;
    url.searchParams.set('access_token', token);
    const headers: Record<string, string> = content === undefined ? {} : { 'content-type': content.type };
    if (content?.streamLength !== undefined) headers['content-length'] = String(content.streamLength);
    const what = nameOf(outgoing);
    const answer = await exchange({ method, url: url.href, headers, body: content?.body, what });
    return [readAnswer(answer), answer];
  }

  return async (outgoing, wanted) => {
    const url = toUrl(baseUrl, outgoing);
    const token = await tokens.accessToken();
    const [reading, answer] = await send(outgoing, url, token);
    if (reading.kind !== 'refused' || !isTokenRefused(reading.errcode))
      return conclude(outgoing, wanted, reading, answer, token);
    if (outgoing.content?.streamLength !== undefined) throw await spent(outgoing, reading, tokens, token);
    const { token: another } = await tokens.replace(token);
    return conclude(outgoing, wanted, ...(await send(outgoing, url, another)), another);
  };
}

function conclude(
  outgoing: Outgoing,
  wanted: 'json' | 'file',
  reading: Reading,
  answer: Answer,
  token: string,
): unknown {
  const what = nameOf(outgoing);
  if (reading.kind === 'refused')
    throw new WeChatError({ what, errcode: reading.errcode, errmsg: withoutToken(reading.errmsg, token) });
  if (wanted === 'file') return toDownload(answer);
  if (reading.kind === 'json') return reading.value;
  const errmsg = `an answer of ${answer.bytes.length} bytes that is not JSON`;
  throw new WeChatError({ what, errcode: 502, errmsg, advice: 'use download() for files' });
}

/** The stream is gone, but the token is replaced already: the caller's next call succeeds. */
async function spent(
  outgoing: Outgoing,
  { errcode, errmsg }: { errcode: number; errmsg: string },
  tokens: Tokens,
  token: string,
): Promise<WeChatError> {
  const advice = await tokens.replace(token).then(
    () => 'a stream can’t be sent twice; the token has been replaced: call again with a new stream',
    () => 'a stream can’t be sent twice, and there is no other token yet: call again later with a new stream',
  );
  return new WeChatError({ what: nameOf(outgoing), errcode, errmsg: withoutToken(errmsg, token), advice });
}

/** Without the query, which may hold anything. */
function nameOf({ method, path }: Outgoing): string {
  return `${method} ${path.split('?')[0]}`;
}

/** A whole URL is refused: the token would go wherever it points. */
function toUrl(baseUrl: string, { path, query = {} }: Outgoing): URL {
  if (typeof path !== 'string' || !path.startsWith('/'))
    throw new TypeError(
      'path must begin with a slash, such as /wxa/getwxacodeunlimit; the host is baseUrl’s',
    );
  const url = new URL(baseUrl + path);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

function toDownload({ bytes, contentType, disposition }: Answer): Download {
  return { data: bytes, contentType, filename: /filename="?([^";]+)"?/.exec(disposition)?.[1] };
}
