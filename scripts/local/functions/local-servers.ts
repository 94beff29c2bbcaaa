/**
 * Runs inside an instance: a server that the function opens says so, and listens on 127.0.0.1 only. On the platform
 * nothing could reach it; here the whole network could. A local socket, as adapters for web frameworks use it, stays.
 */

import { Server } from 'node:net';

export function keepServersLocal(warn: (line: string) => void): void {
  const listen = Server.prototype.listen as (this: Server, ...args: unknown[]) => Server;
  Server.prototype.listen = function (this: Server, ...args: unknown[]): Server {
    const asked = portOf(args[0]);
    if (asked === undefined) return listen.apply(this, args);
    warn(`a server listens on port ${asked}: nothing can reach that in a cloud function; use HTTP access`);
    const options = typeof args[0] === 'object' ? args[0] : { port: asked };
    const rest = args.slice(1).filter((argument) => typeof argument === 'function');
    return listen.call(this, { ...options, host: '127.0.0.1' }, ...rest);
  } as Server['listen'];
}

/** Undefined for a path or a handle; no port at all means any free one. */
function portOf(first: unknown): number | undefined {
  if (first === undefined || typeof first === 'function') return 0;
  const { port, path } = Object(first) as { port?: unknown; path?: unknown };
  const given = typeof first === 'object' && path === undefined ? port : first;
  return /^\d+$/.test(String(given)) ? Number(given) : undefined;
}
