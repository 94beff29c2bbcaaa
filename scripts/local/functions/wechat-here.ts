/**
 * Runs inside an instance: what a function sends to WeChat's own address goes to the sandbox, whichever library sends
 * it. A token fetched there by mistake would invalidate the one of the real mini program.
 */

import dns from 'node:dns';
import { Agent, type ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { replaceDispatcher } from '../../proxy/dispatcher.ts';

/** Of the API and its entrances near the caller: https://developers.weixin.qq.com/doc/service/guide/dev/api/ (read 2026-11-29). Pay has another name. */
const WECHAT = /^(?:\w+\.)?api2?\.weixin\.qq\.com\.?$/i;

interface Options {
  host?: string | null;
}
type AddRequest = (this: Agent, request: ClientRequest, options: Options) => void;

/** `say` is told of the first such request. */
export function keepWeChatHere(sandboxUrl: string, say: (line: string) => void): void {
  const { host, hostname, port } = new URL(sandboxUrl);
  const tell = once((name) => say(`${name} is the sandbox here: this request goes to ${sandboxUrl}`));

  // Node's agents share it, and those of libraries are made from them.
  const agents = Agent.prototype as unknown as { addRequest: AddRequest };
  const usual = agents.addRequest;
  const own = new Agent({ keepAlive: true });
  agents.addRequest = function (request, options) {
    if (!isWeChat(options.host)) return usual.call(this, request, options);
    tell(options.host);
    // Headers that were given as a list are written already; the sandbox refuses a host that isn't this machine.
    if (!request.headersSent) request.setHeader('host', host);
    // Some libraries look whether the certificate was right.
    request.once('socket', (socket: Socket) => Object.assign(socket, { authorized: true }));
    usual.call(own, request, { host: hostname, port: Number(port) } as Options);
  };

  const routeFetch = once(() =>
    replaceDispatcher((fetching) => ({
      dispatch(options, handler) {
        const name = new URL(options.origin ?? 'http://localhost').hostname;
        if (!isWeChat(name)) return fetching.dispatch(options, handler);
        tell(name);
        return fetching.dispatch({ ...options, origin: sandboxUrl }, handler);
      },
    })),
  );
  // Not before it is used: Node loads it as late, since that takes longer than loading most functions.
  const { fetch } = globalThis;
  globalThis.fetch = (...given) => {
    routeFetch('');
    return fetch(...given);
  };

  refuseLookup(sandboxUrl);
}

/** Whatever connects in a way of its own gets no address: nothing leaves this machine by surprise. */
function refuseLookup(sandboxUrl: string): void {
  type Lookup = (name: string, ...rest: unknown[]) => void;
  const looking = dns as unknown as { lookup: Lookup };
  const usual = looking.lookup;
  looking.lookup = (name, ...rest) => {
    if (!isWeChat(name)) return usual(name, ...rest);
    const message = `${name} is not reached from the embedded cloud: ask the sandbox at WX_API_BASE_URL, ${sandboxUrl}`;
    const done = rest.at(-1) as (error: Error) => void;
    process.nextTick(done, Object.assign(new Error(message), { code: 'ENOTFOUND', hostname: name }));
  };
}

function isWeChat(host: unknown): host is string {
  return typeof host === 'string' && WECHAT.test(host);
}

function once(run: (name: string) => void): (name: string) => void {
  let isDone = false;
  return (name) => {
    if (!isDone) run(name);
    isDone = true;
  };
}
