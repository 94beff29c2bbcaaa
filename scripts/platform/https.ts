/** One HTTPS request on a connection of its own, bounded in time and size. */

import type { IncomingMessage } from 'node:http';
import { Agent, request as requestHttps } from 'node:https';

export interface HttpsOptions {
  /** A POST goes out without a body. */
  method: 'GET' | 'HEAD' | 'POST';
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
export function requestHttpsOnce(address: string, options: HttpsOptions): Promise<HttpsAnswer> {
  const { method, patienceMs, mostBytes } = options;
  // Left open, the connection would keep the command from ending.
  const agent = new Agent({ keepAlive: false });
  return new Promise((resolve, reject) => {
    const request = requestHttps(address, { method, timeout: patienceMs, agent }, (response) => {
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
