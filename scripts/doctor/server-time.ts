/** The time as Tencent's API tells it in the Date header of any answer. */

import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';

const HOST = 'tcb.tencentcloudapi.com';
const PATIENCE_MS = 5_000;

/** Null when it can't be had: a look at the clock is never worth a failure. */
export async function readServerTime(proxy: string | undefined, now: () => number): Promise<number | null> {
  let tunnel: Duplex | undefined;
  try {
    const beganAtMs = now();
    if (proxy !== undefined) tunnel = await tunnelThrough(new URL(proxy));
    const dateMs = await readDate(tunnel);
    // The server's clock as of the middle of the exchange, moved to now.
    return dateMs === null ? null : dateMs + (now() - beganAtMs) / 2;
  } catch {
    return null;
  } finally {
    // Left open, it would keep the command from ending.
    tunnel?.destroy();
  }
}

function readDate(tunnel: Duplex | undefined): Promise<number | null> {
  // With an agent, even `false`, Node would open a connection of its own beside the tunnel.
  const way =
    tunnel === undefined
      ? { agent: false as const }
      : { createConnection: () => connect({ socket: tunnel, servername: HOST }) };
  return new Promise((resolve, reject) => {
    const options = { host: HOST, servername: HOST, method: 'HEAD', path: '/', timeout: PATIENCE_MS, ...way };
    const request = requestHttps(options, ({ headers }) => {
      const atMs = Date.parse(headers.date ?? '');
      resolve(Number.isNaN(atMs) ? null : atMs);
      request.destroy();
    });
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', reject);
    request.end();
  });
}

function tunnelThrough({ hostname, port }: URL): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const options = {
      host: hostname,
      port: Number(port || 80),
      method: 'CONNECT',
      path: `${HOST}:443`,
      timeout: PATIENCE_MS,
    };
    const request = requestHttp(options);
    request.on('connect', (_response, socket) => resolve(socket));
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', reject);
    request.end();
  });
}
