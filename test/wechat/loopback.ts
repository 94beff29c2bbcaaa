/** Real servers on loopback that keep what they were sent, and misbehave as a test tells them to. */

import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { certificateFor } from '../support/certificate.ts';

interface Arrived {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export type WhenOver = (close: () => Promise<void> | void) => void;

type Answer = (response: ServerResponse, arrived: Arrived) => void;

export interface Loopback {
  url: string;
  arrived: Arrived[];
}

/** What closes it is handed to `whenOver`: at the end of the test, where nothing else is said. */
export const serveHttp = (answer: Answer, whenOver: WhenOver = onTestFinished): Promise<Loopback> =>
  serveWith('http', (listener) => createHttpServer(listener), answer, whenOver);

/** With a certificate that nobody has signed: whoever wants an answer must switch verification off. */
export const serveHttps = (answer: Answer): Promise<Loopback> =>
  serveWith('https', (listener) => createHttpsServer(certificateFor(['localhost']), listener), answer);

/** Bytes instead of HTTP: `bytes` is what came in, in the clear or not. */
export async function serveBytes(
  onData: (socket: Socket) => void,
): Promise<{ port: number; bytes: () => string }> {
  const chunks: Buffer[] = [];
  const server = createTcpServer((socket) => {
    socket
      .on('error', () => undefined)
      .on('data', (chunk) => {
        chunks.push(chunk);
        onData(socket);
      });
  });
  return { port: await listen(server), bytes: () => Buffer.concat(chunks).toString('latin1') };
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createTcpServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function serveWith(
  scheme: string,
  create: (listener: RequestListener) => Server,
  answer: Answer,
  whenOver?: WhenOver,
): Promise<Loopback> {
  const arrived: Arrived[] = [];
  const server = create((request, response) => {
    const chunks: Buffer[] = [];
    request
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        const { method = '', url = '', headers } = request;
        const one = { method, path: url, headers, body: Buffer.concat(chunks).toString() };
        arrived.push(one);
        answer(response, one);
      });
  });
  return { url: `${scheme}://127.0.0.1:${await listen(server, whenOver)}`, arrived };
}

/** Closes by itself when all is over, whatever connections are left hanging. */
async function listen(server: Server, whenOver: WhenOver = onTestFinished): Promise<number> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => open.add(socket));
  whenOver(async () => {
    open.forEach((socket) => socket.destroy());
    await new Promise((resolve) => server.close(resolve));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
