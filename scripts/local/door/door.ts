/** The way in from outside the embedded cloud: plain HTTP that calls a function as a mini program, or anyone else, would. */

import type { Caller } from '../functions/caller-context.ts';
import type { FunctionHost } from '../functions/host.ts';
import { startHttpServer, type HttpAnswer, type HttpRequest, type HttpServer } from '../http-server.ts';
import { fail, javascript, json, welcome } from './answers.ts';
import { CALLER_KINDS, DEFAULT_OPENID, toCaller } from './callers.ts';
import type { ClientActions } from './client-actions.ts';
import { answerHttp } from './http-access.ts';

export interface DoorOptions {
  /** 0 takes any free port. */
  port: number;
  /** The secret made for this run. */
  secret: string;
  /** Names of the functions that can be called. */
  functions: readonly string[];
  invoke: FunctionHost['invoke'];
  /** What `GET /__cloud` tells the commands of this machine. */
  about?: () => DoorAnswer;
  /** What a mini program does without a function. */
  client?: ClientActions;
  /** `wx-cloud.js`, which leads a mini program to this server. */
  script?: () => Promise<string>;
  /** `POST /__cloud/reset`; only where WeChat is the sandbox. */
  reset?: (() => Promise<void>) | undefined;
}

/** Which cloud is behind the door, and how far its clock is ahead of the machine's. */
interface DoorAnswer {
  /** Null: its data is in memory. */
  dataFolder: string | null;
  offsetMs: number;
}

/** `POST /call/<function>`, `POST /as/<kind>/<function>` and `/http/<function>/…`; `GET /` says so in words. */
export function startDoor(options: DoorOptions): Promise<HttpServer> {
  const { port, secret, functions, invoke, about, reset, client, script } = options;
  return startHttpServer({ port, secret, refuse: fail, handle });

  async function handle(request: HttpRequest): Promise<HttpAnswer> {
    if (request.path === '/' && request.method === 'GET') return welcome(functions);
    if (request.path === '/__cloud' && about) return json(200, about());
    if (request.path === '/wx-cloud.js' && script) return javascript(await script());
    if (request.path === '/__cloud/reset' && request.method === 'POST') {
      if (reset === undefined) return fail(404, 'WeChat is the real one here: there is no sandbox to reset');
      await reset();
      return json(200, {});
    }
    const [, first, ...rest] = request.path.split('/');
    if (first === 'http') return answerHttp(withoutSecret(request), invoke);
    if (first === 'wx' && client && request.method === 'POST') {
      const openid = readQuery(request).get('openid') ?? DEFAULT_OPENID;
      const body = parseEvent(request.body) ?? {};
      return json(200, await client(rest.join('/'), body as Record<string, unknown>, openid));
    }
    const [kind = '', name, extra] = first === 'call' ? ['client', ...rest] : first === 'as' ? rest : [];
    if (name === undefined || extra !== undefined)
      return fail(404, 'no such path; GET / lists what can be called');
    if (request.method !== 'POST') return fail(405, 'call with POST and the event as a JSON body');
    const caller = toCaller(kind, readQuery(request));
    if (caller === undefined)
      return fail(404, `no caller kind "${kind}"; there are ${CALLER_KINDS.join(', ')}`);
    const event = parseEvent(request.body);
    if (event === undefined) return fail(400, 'the body must be a JSON object: the event');
    return call(name, { event, caller });
  }

  async function call(
    name: string,
    { event, caller }: { event: object; caller: Caller },
  ): Promise<HttpAnswer> {
    const outcome = await invoke({ name, event, caller });
    if ('result' in outcome) return json(200, { result: outcome.result });
    const { code, message } = outcome.failure;
    return fail(code === 'FUNCTION_NOT_FOUND' ? 404 : 502, `${code} ${message}`);
  }
}

/** A function may log or return the headers that it is given. */
function withoutSecret(request: HttpRequest): HttpRequest {
  const headers = { ...request.headers };
  delete headers.authorization;
  return { ...request, headers };
}

/** The header wins over the query string. */
function readQuery({ query, headers }: HttpRequest): URLSearchParams {
  const values = new URLSearchParams(query);
  const openid = headers['x-openid'];
  if (typeof openid === 'string') values.set('openid', openid);
  return values;
}

/** No body is an empty event, as in `wx.cloud.callFunction({ name })`. */
function parseEvent(body: Buffer): object | undefined {
  if (body.length === 0) return {};
  try {
    const event: unknown = JSON.parse(body.toString('utf8'));
    return typeof event === 'object' && event !== null && !Array.isArray(event) ? event : undefined;
  } catch {
    return undefined;
  }
}
