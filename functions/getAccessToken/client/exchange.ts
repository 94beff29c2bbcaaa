/** One request to WeChat and its whole answer, bounded in time and size; fails without quoting the URL. */

import { WeChatError } from './error.ts';
import type { Settings } from './settings.ts';

interface ExchangeRequest {
  method: 'GET' | 'POST';
  /** Holds the token: it must not get into any error. */
  url: string;
  headers: Record<string, string>;
  body: string | Uint8Array | AsyncIterable<Uint8Array> | undefined;
  /** What errors call this. */
  what: string;
}

export interface Answer {
  status: number;
  contentType: string;
  disposition: string;
  bytes: Buffer;
}

export type Exchange = (request: ExchangeRequest) => Promise<Answer>;

/** Throws nothing but WeChatError. */
export function createExchange({ fetch, timeoutMs, longestReplyBytes }: Settings): Exchange {
  return async ({ method, url, headers, body, what }) => {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const isStream = typeof body === 'object' && !(body instanceof Uint8Array);
      const response = await fetch(url, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
        ...(isStream ? { duplex: 'half' } : {}),
        signal,
        // A redirect would take the token along to wherever it points.
        redirect: 'manual',
      });
      return {
        status: response.status,
        contentType: response.headers.get('content-type') ?? '',
        disposition: response.headers.get('content-disposition') ?? '',
        bytes: await readAll(response.body, longestReplyBytes),
      };
    } catch (error) {
      // Never the error itself: what `fetch` throws may quote the URL.
      if (error instanceof TooLong) throw tooLong(what, longestReplyBytes);
      if (signal.aborted) {
        const errmsg = `no whole answer within ${timeoutMs} ms`;
        throw new WeChatError({ what, errcode: 504, errmsg });
      }
      throw new WeChatError({ what, errcode: 502, errmsg: `no answer from WeChat (${codeOf(error)})` });
    }
  };
}

class TooLong extends Error {}

async function readAll(body: unknown, longestBytes: number): Promise<Buffer> {
  if (body === null || body === undefined) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > longestBytes) throw new TooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLong(what: string, longestBytes: number): WeChatError {
  return new WeChatError({
    what,
    errcode: 502,
    errmsg: `an answer of more than ${longestBytes} bytes`,
    advice: 'raise longestReplyBytes if the file may be that long',
  });
}

/** Node's or undici's own code, such as ECONNRESET; never a text. */
function codeOf(error: unknown): string {
  const { code, cause } = Object(error) as { code?: unknown; cause?: { code?: unknown } | null };
  const found = cause?.code ?? code;
  return typeof found === 'string' && /^[A-Z0-9_]{1,40}$/.test(found) ? found : 'no code';
}
