/** One HTTPS request, through the proxy where there is one: Node's own fetch knows none. */

import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';

export interface HttpsOptions {
  proxy: string | undefined;
  method: 'GET' | 'HEAD';
  patienceMs: number;
  /** Of the answer; beyond this it is cut off. */
  mostBytes: number;
}

export interface HttpsAnswer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
  bytes: Buffer;
}

/** Rejects where nobody answers in time. */
export async function requestHttpsOnce(address: string, options: HttpsOptions): Promise<HttpsAnswer> {
  const url = new URL(address);
  const { proxy, patienceMs } = options;
  const tunnel = proxy === undefined ? undefined : await tunnelThrough(new URL(proxy), url, patienceMs);
  try {
    return await send(url, tunnel, options);
  } finally {
    // Left open, it would keep the command from ending.
    tunnel?.destroy();
  }
}

function send(
  { hostname, port, pathname, search }: URL,
  tunnel: Duplex | undefined,
  { method, patienceMs, mostBytes }: HttpsOptions,
): Promise<HttpsAnswer> {
  // With an agent, even `false`, Node would open a connection of its own beside the tunnel.
  const way =
    tunnel === undefined
      ? { agent: false as const }
      : { createConnection: () => connect({ socket: tunnel, servername: hostname }) };
  // Without an agent Node knows no usual port, and would write `:443` behind the name that a gateway goes by.
  const to = { host: hostname, servername: hostname, port: port || 443, defaultPort: 443 };
  const target = { ...to, path: `${pathname}${search}` };
  return new Promise((resolve, reject) => {
    const request = requestHttps({ ...target, method, timeout: patienceMs, ...way }, (response) => {
      const answer = readBody(response, mostBytes).then((bytes): HttpsAnswer => {
        request.destroy();
        return { status: response.statusCode ?? 0, headers: response.headers, body: bytes.toString(), bytes };
      });
      answer.then(resolve, reject);
    });
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', reject);
    request.end();
  });
}

async function readBody(response: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= mostBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, mostBytes);
}

function tunnelThrough(proxy: URL, target: URL, patienceMs: number): Promise<Duplex> {
  const isSecure = proxy.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const options = {
      host: proxy.hostname,
      port: Number(proxy.port || (isSecure ? 443 : 80)),
      method: 'CONNECT',
      path: `${target.hostname}:${target.port || 443}`,
      timeout: patienceMs,
      headers: authorizationFor(proxy),
    };
    const request = isSecure ? requestHttps(options) : requestHttp(options);
    request.on('connect', (response, socket) => {
      if (response.statusCode === 200) resolve(socket);
      else reject(new Error(`the proxy answered ${response.statusCode}`));
    });
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', reject);
    request.end();
  });
}

function authorizationFor({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
