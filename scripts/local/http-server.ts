/** One small HTTP server for every part of the embedded cloud: loopback only, whole bodies, a bounded size. */

import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpRequest {
  method: string;
  /** Path without the query string. */
  path: string;
  /** The raw query string, without the question mark. */
  query: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface HttpAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Ends the connection without an answer, as a dropped packet or a dead proxy would. */
  drop?: true;
}

export interface HttpServer {
  url: string;
  port: number;
  close(): Promise<void>;
}

export interface HttpServerOptions {
  /** 0 takes any free port. */
  port: number;
  handle(request: HttpRequest): Promise<HttpAnswer> | HttpAnswer;
}

/** Above what CloudBase accepts in a synchronous call (6 MB), so that the bound met first is the platform's. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** Listens on 127.0.0.1. Rejects with Node's own error (`EADDRINUSE` …) when it can't. */
export async function startHttpServer({ port, handle }: HttpServerOptions): Promise<HttpServer> {
  const server = createServer((incoming, outgoing) => void serve(incoming, outgoing, handle));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  handle: HttpServerOptions['handle'],
): Promise<void> {
  try {
    const body = await readBody(incoming);
    const [path, query = ''] = splitOnce(incoming.url ?? '/', '?');
    const answer = await handle({
      method: incoming.method ?? 'GET',
      path,
      query,
      headers: incoming.headers,
      body,
    });
    if (answer.drop) {
      incoming.socket.destroy();
      return;
    }
    const bytes = Buffer.from(answer.body ?? '');
    outgoing.writeHead(answer.status, { 'content-length': String(bytes.length), ...answer.headers });
    outgoing.end(bytes);
  } catch (error) {
    // The text may quote the request, and the request may hold a secret: say where, never what.
    console.error(
      `embedded cloud: ${incoming.method} ${(incoming.url ?? '').split('?')[0]} failed: ${nameOf(error)}`,
    );
    if (!outgoing.headersSent) outgoing.writeHead(500).end();
    else incoming.socket.destroy();
  }
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new RangeError(`request body over ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
