/**
 * One HTTP request through axios, reduced to what matters for a mint: an answer, never sent, or lost.
 *
 * An AxiosError holds the request, and with it the AppSecret: none ever leaves this file.
 */

import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import type { AxiosRequestConfig } from 'axios';

export interface SendRequest {
  url: string;
  /** A string makes it a POST with a Content-Length: WeChat answers chunked bodies with 412. */
  body: string | null;
  /** Bound of the whole exchange, the connection included. */
  timeoutMs: number;
}

/** `not-sent`: no connection was made. `lost`: the request may have arrived, but no whole answer came back. */
export type SendResult =
  | { kind: 'answered'; status: number; body: string }
  | { kind: 'not-sent'; code: string }
  | { kind: 'lost'; code: string };

/** Never throws. */
export type Send = (request: SendRequest) => Promise<SendResult>;

/** DNS, TCP and TLS together; past it the next host deserves its turn. */
const CONNECT_MS = 2_000;

/** A whole answer is under 1 KB; anything longer is not WeChat speaking. */
const LONGEST_ANSWER_BYTES = 64 * 1024;

export const send: Send = async (request) => {
  // Loaded here, since most calls of most instances never mint; before the clocks start, since it takes its time.
  const { default: axios } = await import('axios');
  const abort = new AbortController();
  const state = { isConnected: false, code: '' };
  const stop = (code: string): void => {
    state.code = code;
    abort.abort();
  };
  const timers = [
    setTimeout(() => stop('TIMEOUT'), request.timeoutMs),
    setTimeout(() => state.isConnected || stop('CONNECT_TIMEOUT'), Math.min(CONNECT_MS, request.timeoutMs)),
  ];
  const onConnected = (): void => {
    state.isConnected = true;
  };
  try {
    const answer = await axios.request<string>({ ...options(request, onConnected), signal: abort.signal });
    return { kind: 'answered', status: answer.status, body: answer.data };
  } catch (error) {
    return { kind: state.isConnected ? 'lost' : 'not-sent', code: state.code || codeOf(error) };
  } finally {
    timers.forEach(clearTimeout);
  }
};

function options({ url, body }: SendRequest, onConnected: () => void): AxiosRequestConfig<string> {
  return {
    url,
    method: body === null ? 'GET' : 'POST',
    ...(body === null ? {} : { data: body, headers: { 'content-type': 'application/json' } }),
    // The others, of browsers and over fetch, are left out of the bundles.
    adapter: 'http',
    responseType: 'text',
    // The text as it came: errors arrive with any status, JSON with any Content-Type.
    transformResponse: [(data: string) => data],
    validateStatus: () => true,
    maxContentLength: LONGEST_ANSWER_BYTES,
    // The URL holds the AppSecret: it follows no redirect and no proxy that the environment happens to name.
    maxRedirects: 0,
    proxy: false,
    // Both, for axios to choose: a connection that goes unseen would count as never made.
    httpAgent: observed(new HttpAgent(), 'connect', onConnected),
    httpsAgent: observed(new HttpsAgent(), 'secureConnect', onConnected),
  };
}

/**
 * An agent of its own for each request: a mint happens 13 times a day, and a connection kept from the last one
 * could be dead in a way that leaves open whether the request arrived.
 */
function observed<T extends HttpAgent | HttpsAgent>(agent: T, event: string, onConnected: () => void): T {
  const connecting = agent as unknown as { createConnection: (...args: unknown[]) => Socket };
  const connect = connecting.createConnection.bind(agent);
  connecting.createConnection = (...args) => connect(...args).once(event, onConnected);
  return agent;
}

/** Node's own code, such as ECONNRESET; never the message, which may quote the URL. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^[A-Z0-9_]{1,40}$/.test(code) ? code : 'UNKNOWN';
}
