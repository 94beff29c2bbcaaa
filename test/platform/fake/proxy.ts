/** A proxy on loopback that plays every host behind it: it ends TLS itself, and lets nothing out. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { certificateFor } from '../../support/certificate.ts';

export interface HostRequest {
  host: string;
  method: string;
  /** With the query string. */
  url: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

export interface HostAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Ends the connection without an answer. */
  drop?: true;
}

export interface ProxyOptions {
  /** Wildcards as in a certificate: `*.example.com`. */
  hosts: readonly string[];
  answer(request: HostRequest): Promise<HostAnswer> | HostAnswer;
}

export interface Proxy {
  url: string;
  /** In PEM; what a client must trust. */
  certificate: string;
  /** All that the proxy itself was told, one line for each CONNECT. */
  told: readonly string[];
  /** Hosts that were asked for and are not played. */
  refused: readonly string[];
  close(): Promise<void>;
}

/** One for all proxies of a process that play the same hosts, so that a process under test can trust them all. */
const certificates = new Map<string, ReturnType<typeof certificateFor>>();

export async function startProxy({ hosts, answer }: ProxyOptions): Promise<Proxy> {
  const { key, cert } = certificates.get(hosts.join()) ?? certificateFor(hosts);
  certificates.set(hosts.join(), { key, cert });
  const told: string[] = [];
  const refused: string[] = [];
  const sockets = new Set<Socket>();
  const tls = createTlsServer({ key, cert }, (incoming, outgoing) => void serve(incoming, outgoing, answer));
  // Anything that comes without CONNECT is plain HTTP to some host: never played, never passed on.
  const server = createServer((incoming, outgoing) => {
    refused.push(incoming.url ?? '');
    outgoing.writeHead(502).end();
  });
  server.on('connect', (incoming, socket: Socket) => {
    told.push(`${incoming.url} ${JSON.stringify(incoming.headers)}`);
    const host = (incoming.url ?? '').replace(/:\d+$/, '');
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    if (!hosts.some((pattern) => isPlayed(pattern, host))) {
      refused.push(host);
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      return;
    }
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    tls.emit('connection', socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    certificate: cert,
    told,
    refused,
    close: () => closeAll(server, sockets),
  };
}

function closeAll(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy();
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function isPlayed(pattern: string, host: string): boolean {
  if (!pattern.startsWith('*.')) return pattern === host;
  return host.endsWith(pattern.slice(1)) && !host.slice(0, -pattern.length + 1).includes('.');
}

async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: ProxyOptions['answer'],
): Promise<void> {
  const { method = 'GET', url = '/', headers } = incoming;
  // A client that is killed in the middle of a request has not asked for anything.
  const body = await readBody(incoming).catch(() => null);
  if (body === null) return;
  const request = { host: headers.host ?? '', method, url, headers, body };
  const { status, headers: own = {}, body: answered = '', drop } = await answer(request);
  if (drop) {
    incoming.socket.destroy();
    return;
  }
  outgoing.writeHead(status, own).end(answered);
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
