/** A connection through a proxy by CONNECT: of what goes through, the proxy learns the host and the port alone. */

import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { Duplex, PassThrough, pipeline } from 'node:stream';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { Target } from './exceptions.ts';
import { decoded } from './read.ts';

const PATIENCE_MS = 15_000;

export function openTunnel(proxy: URL, target: Target, signal?: AbortSignal): Promise<Socket> {
  const isSecure = proxy.protocol === 'https:';
  const authority = `${isIP(target.host) === 6 ? `[${target.host}]` : target.host}:${target.port}`;
  return new Promise((resolve, reject) => {
    const host = proxy.hostname.replace(/^\[(.*)\]$/, '$1');
    const to = { host, port: Number(proxy.port || (isSecure ? 443 : 80)) };
    const options = {
      ...to,
      method: 'CONNECT',
      path: authority,
      timeout: PATIENCE_MS,
      // Without an agent, which would ask for a tunnel to the proxy.
      createConnection: () =>
        isSecure ? connect({ ...to, servername: isIP(host) === 0 ? host : '' }) : connectPlain(to),
      headers: { host: authority, ...authorizationFor(proxy) },
      ...(signal ? { signal } : {}),
    };
    const request = isSecure ? requestHttps(options) : requestHttp(options);
    request.on('connect', (response, socket: Socket) => {
      socket.setTimeout(0);
      if (Math.floor((response.statusCode ?? 0) / 100) === 2) return resolve(socket);
      socket.destroy();
      reject(refusal(response.statusCode));
    });
    // A proxy that doesn't know CONNECT answers as a web server.
    request.on('response', (response) => {
      response.destroy();
      reject(refusal(response.statusCode));
    });
    request.on('timeout', () => request.destroy(withCode('the proxy does not answer', 'PROXY_TIMEOUT')));
    request.on('error', reject);
    request.end();
  });
}

/** TLS inside of a tunnel; there at once, as Node wants it, while the tunnel is still being dug. */
export function connectThrough(proxy: URL, target: Target, options: ConnectionOptions): TLSSocket {
  const given = new AbortController();
  const opening = openTunnel(proxy, target, given.signal);
  const up = new PassThrough();
  const down = new PassThrough();
  const stream = Duplex.from({ writable: up, readable: down });
  opening.then(
    (socket) => pipeline(up, socket, down, (error) => error && stream.destroy(error)),
    (error: Error) => stream.destroy(error),
  );
  const servername = options.servername || (isIP(target.host) === 0 ? target.host : '');
  const socket = connect({ ...options, servername, socket: stream });
  socket.once('close', () => given.abort());
  // An idle connection that an agent keeps must not keep the process.
  const onTunnel = (verb: 'ref' | 'unref') => (): TLSSocket => {
    opening.then((tunnel) => tunnel[verb]()).catch(() => undefined);
    return socket;
  };
  return Object.assign(socket, { ref: onTunnel('ref'), unref: onTunnel('unref') });
}

function authorizationFor({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const pair = `${decoded(username)}:${decoded(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

function refusal(status: number | undefined): Error {
  return withCode(`the proxy answered ${status}`, `PROXY_${status}`);
}

function withCode(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}
