/** The one way to open a server on this machine: 127.0.0.1 only, guarded, bodies whole and of a bounded size. */

import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { refusalOf, type Refusal } from './guard.ts';

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
  /** Instead of a body: writes to the open connection for as long as it lasts. */
  stream?: (outgoing: ServerResponse) => void;
}

export interface HttpServer {
  url: string;
  port: number;
  close(): Promise<void>;
}

export interface HttpServerOptions {
  /** 0 takes any free port. */
  port: number;
  /** What `Authorization: Bearer` must carry; null where a request proves in another way who sent it. */
  secret: string | null;
  /** Paths that every program of this machine may ask for; none, where it is left out. */
  isOpen?: (path: string) => boolean;
  maxBodyBytes?: number;
  /** The form in which this server says no. */
  refuse?: (status: number, reason: string) => HttpAnswer;
  handle(request: HttpRequest): Promise<HttpAnswer> | HttpAnswer;
}

/** Above what CloudBase accepts in a synchronous call (6 MB), so that the bound met first is the platform's. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;
/** A browser opens six, the functions one each; more than these is a mistake or a nuisance. */
const MAX_CONNECTIONS = 1_000;

/**
 * The SDK drops an unused connection after 4.8 seconds. Node's 5 are too near: on a busy machine the server closes
 * one on which a request is on its way, and the SDK says ECONNRESET.
 */
const KEEP_ALIVE_MS = 60_000;

/** Rejects with Node's own error (`EADDRINUSE` …) when it can't listen. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const server = createServer((incoming, outgoing) => void serve(incoming, outgoing, options));
  server.maxConnections = MAX_CONNECTIONS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  // Nothing here speaks another protocol, and nothing is a proxy.
  server
    .on('upgrade', (_, socket) => endWithRefusal(socket))
    .on('connect', (_, socket) => endWithRefusal(socket));
  const bound = await listen(server, options.port);
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

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  options: HttpServerOptions,
): Promise<void> {
  const { refuse = asJson } = options;
  try {
    const [path, query = ''] = splitOnce(incoming.url ?? '/', '?');
    const refusal = refusalAt(path, incoming.headers, options);
    if (refusal !== null) return respond(incoming, outgoing, refuse(refusal.status, refusal.reason));
    const maxBytes = options.maxBodyBytes ?? MAX_BODY_BYTES;
    const body = await readBody(incoming, maxBytes);
    if (body === null)
      return respond(incoming, outgoing, refuse(413, `the request has more than ${maxBytes} bytes`));
    const { method = 'GET', headers } = incoming;
    respond(incoming, outgoing, await options.handle({ method, path, query, headers, body }));
  } catch (error) {
    // The text may quote the request, and the request may hold a secret: say where, never what.
    console.error(
      `embedded cloud: ${incoming.method} ${(incoming.url ?? '').split('?')[0]} failed: ${nameOf(error)}`,
    );
    if (outgoing.headersSent) incoming.socket.destroy();
    else respond(incoming, outgoing, refuse(500, 'failed'));
  }
}

function refusalAt(
  path: string,
  headers: IncomingHttpHeaders,
  { secret, isOpen }: HttpServerOptions,
): Refusal | null {
  return refusalOf(headers, isOpen?.(path) === true ? null : secret);
}

function respond(incoming: IncomingMessage, outgoing: ServerResponse, answer: HttpAnswer): void {
  const { status, headers, body = '', drop, stream } = answer;
  if (drop) return void incoming.socket.destroy();
  // What was not read of a refused request must not be taken for the next one.
  const rest = incoming.complete ? {} : { connection: 'close' };
  if (stream) return stream(outgoing.writeHead(status, { ...headers }));
  const bytes = Buffer.from(body);
  outgoing.writeHead(status, { 'content-length': String(bytes.length), ...rest, ...headers }).end(bytes);
}

function asJson(status: number, reason: string): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ problem: reason }),
  };
}

function endWithRefusal(socket: Duplex): void {
  socket.on('error', () => undefined);
  socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
}

/** Null when it is too long; the rest is not read. */
async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) return null;
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
