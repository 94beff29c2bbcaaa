/** Which request reaches what of the state machine: the token endpoints, those that clear quotas, login, the users of a token. */

import type { HttpAnswer, HttpRequest } from '../http-server.ts';
import { CONSUMER_ENDPOINTS, type ConsumerEndpoint } from './consumer-endpoints.ts';
import { notForMiniPrograms, refuse, type Refusal } from './errcodes.ts';
import { KNOWN_PATHS } from './known-paths.ts';
import type { WeChat } from './machine.ts';
import type { Session } from './sessions.ts';
import type { TokenReply } from './token-endpoints.ts';
import { VERIFY_PATH, verifyAnswer } from './verify-endpoint.ts';
import { asRecord, errcodeAnswer, jsonAnswer, bodyAsJson, withTextErrors } from './wire.ts';

/** A request with its query and JSON body read. */
export interface Call {
  method: string;
  path: string;
  query: Record<string, string>;
  fields: Record<string, unknown>;
  contentType: string | undefined;
  body: Buffer;
}

export function readCall({ method, path, query, headers, body }: HttpRequest): Call {
  const fields = asRecord(bodyAsJson(body));
  return { method, path, query: readQuery(query), fields, contentType: headers['content-type'], body };
}

/** The app a request belongs to; undefined for an unknown one. */
export function appOf(wechat: WeChat, { path, query, fields }: Call, nowMs: number): string | undefined {
  const token = query['access_token'];
  const named = path === '/cgi-bin/stable_token' ? fields['appid'] : (query['appid'] ?? fields['appid']);
  const appid = token === undefined ? named : wechat.ownerOf(token, nowMs);
  return typeof appid === 'string' && wechat.appids().includes(appid) ? appid : undefined;
}

export function route(wechat: WeChat, call: Call, nowMs: number, ip: string): HttpAnswer {
  const { method, path, query, fields } = call;
  switch (path) {
    case '/cgi-bin/token':
      return tokenAnswer(wechat.token(query, nowMs, ip), nowMs);
    case '/cgi-bin/stable_token':
      return tokenAnswer(wechat.stableToken(fields, nowMs, ip, method), nowMs);
    case '/cgi-bin/clear_quota':
      if (method !== 'POST') return errcodeAnswer(refuse(43002), nowMs);
      return errcodeAnswer(wechat.clearQuota(query['access_token'], fields['appid'], nowMs), nowMs);
    case '/cgi-bin/clear_quota/v2':
      if (method !== 'POST') return errcodeAnswer(refuse(43002), nowMs);
      // The page's table says body, its example uses the query: both are read.
      return errcodeAnswer(wechat.clearQuotaV2({ ...fields, ...query }, nowMs, ip), nowMs);
    case VERIFY_PATH:
      return verifyAnswer(wechat, call, nowMs);
    case '/sns/jscode2session':
      return sessionAnswer(wechat.code2Session(query, nowMs), nowMs);
    default:
      return useAnswer(wechat, call, nowMs);
  }
}

function useAnswer(wechat: WeChat, call: Call, nowMs: number): HttpAnswer {
  const { path } = call;
  const endpoint = Object.hasOwn(CONSUMER_ENDPOINTS, path) ? CONSUMER_ENDPOINTS[path] : undefined;
  if (!endpoint) return unknownAnswer(wechat, call, nowMs);
  const answer = knownAnswer(wechat, endpoint, call, nowMs);
  return endpoint.hasTextErrors ? withTextErrors(answer) : answer;
}

function knownAnswer(wechat: WeChat, endpoint: ConsumerEndpoint, call: Call, nowMs: number): HttpAnswer {
  const { method, path, query } = call;
  // Own decision: the method is checked first, as at stable_token. WeChat lets some of these be called either way.
  if (endpoint.method === 'POST' && method !== 'POST') return errcodeAnswer(refuse(43002), nowMs);
  const token = query['access_token'] ?? '';
  const refused = wechat.useToken(token, nowMs);
  const appid = wechat.ownerOf(token, nowMs);
  if (refused.errcode !== 0 || appid === undefined) return errcodeAnswer(refused, nowMs);
  wechat.uses.count(appid, path, nowMs);
  return endpoint.answer({ ...call, appid, wechat, nowMs });
}

function tokenAnswer(reply: TokenReply, nowMs: number): HttpAnswer {
  return 'errcode' in reply ? errcodeAnswer(reply, nowMs) : jsonAnswer(reply);
}

/** The sns endpoints put a comma before the rid. */
function sessionAnswer(reply: Session | Refusal, nowMs: number): HttpAnswer {
  return 'errcode' in reply ? errcodeAnswer(reply, nowMs, ', ') : jsonAnswer(reply);
}

/** What WeChat has and the sandbox doesn't: the token is checked first, so that healing can be tried on any path. */
function unknownAnswer(wechat: WeChat, { path, query }: Call, nowMs: number): HttpAnswer {
  if (/^\/sns\/oauth2\/|^\/sns\/auth$|\/component\//.test(path))
    return errcodeAnswer(notForMiniPrograms(path), nowMs);
  const refused = wechat.useToken(query['access_token'] ?? '', nowMs);
  if (refused.errcode !== 0) return errcodeAnswer(refused, nowMs);
  const hint = `invalid url hint: [the sandbox has no ${path}; it has ${KNOWN_PATHS.join(', ')}]`;
  return errcodeAnswer(refuse(40066, hint), nowMs);
}

/** Of a repeated parameter the first counts. */
function readQuery(query: string): Record<string, string> {
  return Object.fromEntries([...new URLSearchParams(query)].toReversed());
}
