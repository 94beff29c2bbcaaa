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
type AddRequest = (this: Agent, request: ClientRequest, options: Options) => void;

/** `sandboxUrl` is undefined where WeChat is the real one. `say` is told of the first request that is led away. */
export function stayHere(sandboxUrl: string | undefined, say: (line: string) => void): void {
  const tell = once((name) => say(`${name} is the sandbox here: this request goes to ${sandboxUrl}`));
  routeAgents(sandboxUrl, tell);
  if (sandboxUrl !== undefined) routeFetch(sandboxUrl, tell);
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
function routeFetch(sandboxUrl: string, tell: (name: string) => void): void {
  const route = once(() =>
    replaceDispatcher((usual) => ({
      dispatch(options, handler) {
        const name = new URL(options.origin ?? 'http://localhost').hostname;
        if (!isOneOf(WECHAT, name)) return usual.dispatch(options, handler);
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
  type Lookup = (name: string, ...rest: unknown[]) => void;
  const looking = dns as unknown as { lookup: Lookup };
  const usual = looking.lookup;
  looking.lookup = (name, ...rest) => {
    const isWeChat = sandboxUrl !== undefined && isOneOf(WECHAT, name);
    if (!isWeChat && !isOneOf(CLOUDBASE, name)) return usual(name, ...rest);
    process.nextTick(rest.at(-1) as (error: Error) => void, noWayTo(name, sandboxUrl));
  };
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
