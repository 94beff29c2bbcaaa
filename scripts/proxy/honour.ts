/** Sends what leaves this process through the proxy: Node 20 itself knows none, and libraries know it in part. */

import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { replaceDispatcher, type Dispatcher } from './dispatcher.ts';
import { goesDirect, type Target } from './exceptions.ts';
import type { Proxy } from './read.ts';
import { connectThrough, openTunnel } from './tunnel.ts';

type OnSocket = (error: Error | null, socket?: Socket) => void;
type Options = ConnectionOptions & { socketPath?: string | null; hostname?: string; protocol?: string };
type Connect = (this: unknown, options: Options, onSocket: OnSocket) => Socket | undefined;

/** From now on, until the function that it gives back is called. Before any library is loaded that copies an agent. */
export function honourProxy({ url, exceptions }: Proxy): () => void {
  const proxy = new URL(url);
  const isDirect = (options: Options, target: Target): boolean =>
    Boolean(options.socketPath ?? options.path) || goesDirect(target, exceptions);
  const openPlain = (target: Target, onSocket: OnSocket): void =>
    void openTunnel(proxy, target).then((socket) => onSocket(null, socket), onSocket);
  const undo = [
    replaceConnect(
      HttpAgent.prototype,
      (usual) =>
        function plain(options, onSocket) {
          const target = targetOf(options, 80);
          if (isDirect(options, target)) return usual.call(this, options, onSocket);
          openPlain(target, onSocket);
          return undefined;
        },
    ),
    replaceConnect(
      HttpsAgent.prototype,
      (usual) =>
        function secure(options, onSocket) {
          const target = targetOf(options, 443);
          if (isDirect(options, target)) return usual.call(this, options, onSocket);
          return connectThrough(proxy, target, options);
        },
    ),
    tunnelFetch(
      (options, onSocket) => {
        if (options.protocol !== 'https:') return openPlain(targetOf(options, 80), onSocket);
        const secured = { servername: options.servername || '', ALPNProtocols: ['http/1.1'] };
        whenSecure(connectThrough(proxy, targetOf(options, 443), secured), onSocket);
      },
      ({ protocol, hostname, port }) =>
        goesDirect(targetOf({ hostname, port: Number(port) }, protocol === 'https:' ? 443 : 80), exceptions),
    ),
  ];
  return () => undo.forEach((run) => run());
}

/** A `host` may have the port behind it. */
function targetOf({ hostname, host, port }: Options, usualPort: number): Target {
  return {
    host: (hostname || host || 'localhost').replace(/^\[(.*)\]$/, '$1'),
    port: Number(port) || usualPort,
  };
}

function whenSecure(socket: TLSSocket, onSocket: OnSocket): void {
  const onError = (error: Error): void => onSocket(error);
  socket.once('error', onError);
  socket.once('secureConnect', () => {
    socket.off('error', onError);
    onSocket(null, socket);
  });
}

/** The one method by which every agent of Node connects, those of libraries included. */
function replaceConnect(agent: object, make: (usual: Connect) => Connect): () => void {
  const connecting = agent as { createConnection: Connect };
  const usual = connecting.createConnection;
  connecting.createConnection = make(usual);
  return () => {
    connecting.createConnection = usual;
  };
}

type DispatcherClass = new (options: { connect(options: Options, onSocket: OnSocket): void }) => Dispatcher;

/** Node's own fetch gets its dispatcher made again, with a connection of ours. */
function tunnelFetch(
  connect: (options: Options, onSocket: OnSocket) => void,
  isDirect: (origin: URL) => boolean,
): () => void {
  return replaceDispatcher((usual) => {
    const tunnelling = new (usual.constructor as DispatcherClass)({ connect });
    return {
      dispatch(options, handler) {
        const way = isDirect(new URL(options.origin ?? 'http://localhost')) ? usual : tunnelling;
        return way.dispatch(options, handler);
      },
    };
  });
}
