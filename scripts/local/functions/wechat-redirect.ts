/**
 * Runs inside an instance: what a function sends to WeChat's own address goes to the sandbox, whichever library sends
 * it, since a token fetched there by mistake would invalidate the one of the real mini program. An SDK that would ask
 * CloudBase itself, whatever address it is told, is refused.
 */

import dns from 'node:dns';
import { Agent, type ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { replaceDispatcher } from '../../proxy/dispatcher.ts';

/** Of the API and its entrances near the caller: https://developers.weixin.qq.com/doc/service/guide/dev/api/ (read 2026-11-29). Pay has another name. */
const WECHAT = /^(?:\w+\.)?api2?\.weixin\.qq\.com\.?$/i;
/** In the code of tcb-admin-node 1 and of @cloudbase/node-sdk. */
const CLOUDBASE = /^(?:[\w-]+\.)*tcb-(?:admin|open|api)\.(?:tencentyun|tencentcloudapi)\.com\.?$/i;

interface Options {
  host?: string | null;
  port?: number;
}
/** Each by which Node finds the address of a name. */
const LOOKUPS = ['lookup', 'resolve', 'resolve4', 'resolve6'];
type Lookup = (name: string, ...rest: unknown[]) => unknown;
type AddRequest = (this: Agent, request: ClientRequest, options: Options) => void;

/** `sandboxUrl` is undefined where WeChat is the real one. `say` is told of the first request that is led away. */
export function redirectWeChat(sandboxUrl: string | undefined, say: (line: string) => void): void {
  const tell = once((name) => say(`${name} is the sandbox here: this request goes to ${sandboxUrl}`));
  routeAgents(sandboxUrl, tell);
  routeFetch(sandboxUrl, tell);
  refuseLookups(sandboxUrl);
}

/** Node's agents share the method, and those of libraries are made from them. */
function routeAgents(sandboxUrl: string | undefined, tell: (name: string) => void): void {
  const agents = Agent.prototype as unknown as { addRequest: AddRequest };
  const usual = agents.addRequest;
  const own = new Agent({ keepAlive: true });
  agents.addRequest = function (request, options) {
    const { host } = options;
    if (isOneOf(CLOUDBASE, host)) return usual.call(refusingAgent(host), request, options);
    if (sandboxUrl === undefined || !isOneOf(WECHAT, host)) return usual.call(this, request, options);
    tell(host);
    const sandbox = new URL(sandboxUrl);
    // Headers that were given as a list are written already; the sandbox refuses a host that isn't this machine.
    if (!request.headersSent) request.setHeader('host', sandbox.host);
    // Some libraries look whether the certificate was right.
    request.once('socket', (socket: Socket) => Object.assign(socket, { authorized: true }));
    usual.call(own, request, { host: sandbox.hostname, port: Number(sandbox.port) });
  };
}

function refusingAgent(host: string): Agent {
  const createConnection = (_: unknown, done: (error: Error) => void): void => done(noWayTo(host));
  return Object.assign(new Agent(), { createConnection });
}

/** Not before it is used: Node loads its fetch as late, since that takes longer than loading most functions. */
function routeFetch(sandboxUrl: string | undefined, tell: (name: string) => void): void {
  const route = once(() =>
    replaceDispatcher((usual) => ({
      dispatch(options, handler) {
        const name = new URL(options.origin ?? 'http://localhost').hostname;
        // A proxy would look it up elsewhere.
        if (isOneOf(CLOUDBASE, name)) throw noWayTo(name);
        if (sandboxUrl === undefined || !isOneOf(WECHAT, name)) return usual.dispatch(options, handler);
        tell(name);
        return usual.dispatch({ ...options, origin: sandboxUrl }, handler);
      },
    })),
  );
  const { fetch } = globalThis;
  globalThis.fetch = (...given) => {
    route('');
    return fetch(...given);
  };
}

/** Whatever connects in a way of its own gets no address: nothing leaves this machine by surprise. */
function refuseLookups(sandboxUrl: string | undefined): void {
  const isRefused = (name: unknown): name is string =>
    isOneOf(CLOUDBASE, name) || (sandboxUrl !== undefined && isOneOf(WECHAT, name));
  for (const method of LOOKUPS) {
    replace(dns, method, (usual) => (name, ...rest) => {
      if (!isRefused(name)) return usual(name, ...rest);
      return process.nextTick(rest.at(-1) as (error: Error) => void, noWayTo(name, sandboxUrl));
    });
    replace(dns.promises, method, (usual) => async (name, ...rest) => {
      if (isRefused(name)) throw noWayTo(name, sandboxUrl);
      return usual(name, ...rest);
    });
  }
}

function replace(of: object, method: string, make: (usual: Lookup) => Lookup): void {
  const methods = of as Record<string, Lookup>;
  methods[method] = make(methods[method] as Lookup);
}

function noWayTo(hostname: string, sandboxUrl?: string): Error {
  const cure = CLOUDBASE.test(hostname)
    ? 'use @cloudbase/node-sdk or wx-server-sdk from 2.1 on, which take the address of this cloud'
    : `ask the sandbox at WX_API_BASE_URL, ${sandboxUrl}`;
  const message = `${hostname} is not reached from the embedded cloud: ${cure}`;
  return Object.assign(new Error(message), { code: 'ENOTFOUND', hostname });
}

function isOneOf(names: RegExp, host: unknown): host is string {
  return typeof host === 'string' && names.test(host);
}

function once(run: (name: string) => void): (name: string) => void {
  let isDone = false;
  return (name) => {
    if (!isDone) run(name);
    isDone = true;
  };
}
