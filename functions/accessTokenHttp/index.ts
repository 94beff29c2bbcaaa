/**
 * Door 3, optional: servers outside CloudBase get the same token from any WeChat SDK, by changing its host.
 *
 * It is reached through CloudBase HTTP access and answers as WeChat's /cgi-bin/token and /cgi-bin/stable_token do; in place
 * of the AppSecret it takes a server key. docs/recipes.md says how each SDK is told.
 */

import { createRuntime } from '../_shared/runtime/runtime.ts';
import { describeProblems } from '../_shared/runtime/config.ts';
import type { Runtime } from '../_shared/runtime/runtime.ts';
import { createLog, writeLine } from '../_shared/runtime/log.ts';
import { createCollection } from '../_shared/store/collection.ts';
import { TokenError } from '../_shared/token/ports.ts';
import { toReply } from '../getAccessToken/contract.ts';
import { createLiveKeys } from './live-keys.ts';
import { hashOf, idOf, LIVE, SERVERS_COLLECTION } from './server-document.ts';
import { findServer } from './servers.ts';
import type { Server } from './servers.ts';
import { readHttp, respond } from './http.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import { createGivenTokens } from './given-tokens.ts';
import { createNewborns } from './newborn.ts';
import { createRateLimit } from './rate-limit.ts';
import { createRid, outsideCodeOf, refuse, refuseForNow } from './refusal.ts';
import type { Errcode } from './refusal.ts';
import { endpointOf, isTick, readTickRequest, readTokenRequest } from './request.ts';
import type { TokenRequest } from './request.ts';
import { tokenFor } from './suspicion.ts';
import { answerTicket, isGetTicket } from './ticket.ts';
import { answerTick } from './tick.ts';

const getRuntime = createRuntime('accessTokenHttp');
const log = createLog('accessTokenHttp', writeLine);
const servers = createCollection(SERVERS_COLLECTION);
const given = { givenTokens: createGivenTokens(), newborns: createNewborns() };
const liveKeys = createLiveKeys(
  () => servers.idsWhere(LIVE),
  () => Date.now(),
);
const rate = createRateLimit(() => Date.now());
/** All that is asked with tokens that are none of ours: they prove no key, so they share one limit. */
const UNKNOWN_TOKENS = 'unknown tokens';

type Reply = HttpResponse | { errcode: number; errmsg: string };

/** Answers, never throws: what the platform makes of an error is no WeChat answer. */
export async function main(event: unknown, context: unknown): Promise<Reply> {
  const rid = createRid(Date.now());
  try {
    return await serve(event, context, rid);
  } catch (error) {
    const isStore = error instanceof TokenError;
    // The text of an unexpected error might quote anything: only the fact is logged.
    log(isStore ? 'store_failed' : 'internal_error', { rid, ...(isStore ? { errmsg: error.message } : {}) });
    return refuse(-1, rid);
  }
}

async function serve(event: unknown, context: unknown, rid: string): Promise<Reply> {
  const http = readHttp(event, context);
  if (http === null) return notHttp();
  if (isTick(http)) return serveTick(http, rid);
  if (isGetTicket(http)) return serveTicket(http, rid);
  const endpoint = endpointOf(http);
  if (endpoint === null) return notHere();
  const request = readTokenRequest(http, endpoint);
  return typeof request === 'number' ? refuse(request, rid) : answer(request, rid);
}

async function serveTick(http: HttpRequest, rid: string): Promise<HttpResponse> {
  const beganAtMs = performance.now();
  const request = readTickRequest(http);
  const server = typeof request === 'number' ? request : await admit(request.key, ({ mayTick }) => mayTick);
  if (typeof server !== 'number') return answerTick({ rid, beganAtMs, log });
  log('server_refused', { rid, errcode: server, appid: null });
  // Whoever ticks goes by the status alone.
  return { ...refuse(server, rid), statusCode: 403 };
}

function answer(request: TokenRequest, rid: string): Promise<HttpResponse> {
  return withRuntime(rid, (runtime) => answerFor(request, runtime, rid));
}

function serveTicket(http: HttpRequest, rid: string): Promise<HttpResponse> {
  return withRuntime(rid, (runtime) =>
    answerTicket(
      http,
      runtime,
      rid,
      given.givenTokens,
      () => rate.admit(UNKNOWN_TOKENS),
      (errcode) => {
        log('server_refused', { rid, errcode, appid: null });
        return refuse(errcode, rid);
      },
    ),
  );
}

async function withRuntime(
  rid: string,
  run: (runtime: Runtime) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const result = await getRuntime();
  if (result.ok) return run(result.runtime);
  log('misconfigured', { rid, errmsg: describeProblems(result.problems) });
  return refuse(-1, rid);
}

async function answerFor(request: TokenRequest, { apps }: Runtime, rid: string): Promise<HttpResponse> {
  const { appid, key, isReport } = request;
  const deny = (errcode: Errcode): HttpResponse => {
    log('server_refused', { rid, errcode, appid: apps.has(appid) ? appid : null });
    return refuse(errcode, rid);
  };
  const app = apps.get(appid);
  if (app === undefined) return deny(40013);
  const server = await admit(key, ({ appids }) => appids.includes(appid));
  if (typeof server === 'number') return deny(server);
  const reply = toReply(appid, await tokenFor(app, given, { server: server.id, isReport }));
  if ('access_token' in reply)
    return respond({ access_token: reply.access_token, expires_in: reply.expires_in });
  log('no_token', { rid, appid, server: server.name, errcode: reply.errcode, errmsg: reply.errmsg });
  if (reply.errcode === 503 && reply.retry_after !== undefined) return refuseForNow(rid, reply.retry_after);
  return refuse(outsideCodeOf(reply.errcode), rid);
}

/** The same code for a wrong, a revoked and another app's key: which of them it was is nobody's business. */
async function admit(key: string, isEntitled: (server: Server) => boolean): Promise<Server | Errcode> {
  const keyHash = hashOf(key);
  const id = idOf(keyHash);
  if (!(await liveKeys.has(id))) return 40125;
  if (!rate.admit(id)) return 45011;
  const server = await findServer(servers, keyHash);
  if (server === null) liveKeys.forget(id);
  return server !== null && isEntitled(server) ? server : 40125;
}

function notHttp(): Reply {
  log('caller_refused', {});
  const cure = "other cloud functions call getAccessToken, by callFunction({ name: 'getAccessToken' })";
  return { errcode: 403, errmsg: `accessTokenHttp answers CloudBase HTTP access only: ${cure}` };
}

function notHere(): HttpResponse {
  const errmsg =
    'only /cgi-bin/token, /cgi-bin/stable_token, /cgi-bin/ticket/getticket and /tick are answered here: send all other calls to https://api.weixin.qq.com';
  return respond({ errcode: 404, errmsg }, 404);
}
