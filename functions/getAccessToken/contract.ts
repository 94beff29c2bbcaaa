/** What callers of getAccessToken send and receive; its answer is a superset of WeChat's own /cgi-bin/token. */

import type { Answer } from '../_shared/token/ports.ts';
import { LONGEST_LIFE_MS } from '../_shared/token/policy.ts';
import { LONGEST_TOKEN } from '../_shared/token/record.ts';

/** `expires_in`: whole seconds of assured life from now; `expires_at`: the same as Unix seconds. */
interface TokenReply {
  errcode: 0;
  errmsg: 'ok';
  appid: string;
  access_token: string;
  expires_in: number;
  expires_at: number;
}

/** WeChat's own code where WeChat refused; else 400, 403, 404, 500 or 503. `retry_after` in seconds. */
export interface FailureReply {
  errcode: number;
  errmsg: string;
  retry_after?: number;
}

export type GetAccessTokenReply = TokenReply | FailureReply;

/** The event `{ appid?, invalid_access_token? }`, with null for what was absent, null or empty. */
export interface Request {
  /** May be left out when one app is configured. */
  appid: string | null;
  /** A token that WeChat has just refused (40001, 40014, 42001). */
  reported: string | null;
}

const LONGEST_APPID = 128;

/** Reads an event; the platform adds keys of its own, so unknown ones are ignored. */
export function readRequest(event: unknown): Request | FailureReply {
  if (event === undefined || event === null || event === '') return { appid: null, reported: null };
  if (typeof event !== 'object' || Array.isArray(event)) {
    return malformed('the event must be an object, { appid?, invalid_access_token? }');
  }
  const appid = readText(event, 'appid', LONGEST_APPID);
  if (typeof appid === 'object' && appid !== null) return appid;
  const reported = readText(event, 'invalid_access_token', LONGEST_TOKEN);
  if (typeof reported === 'object' && reported !== null) return reported;
  return { appid, reported };
}

export function toReply(appid: string, answer: Answer): GetAccessTokenReply {
  if (!answer.ok) {
    const { errcode, errmsg, retryAfterMs } = answer;
    if (retryAfterMs === null) return { errcode, errmsg };
    return { errcode, errmsg, retry_after: Math.ceil(retryAfterMs / 1_000) };
  }
  // The clock of the instance that minted may be ahead of ours: what WeChat never grants is not promised either.
  const excessMs = Math.max(0, answer.leftMs - LONGEST_LIFE_MS);
  return {
    errcode: 0,
    errmsg: 'ok',
    appid,
    access_token: answer.token,
    expires_in: Math.floor((answer.leftMs - excessMs) / 1_000),
    expires_at: Math.floor((answer.endsAtMs - excessMs) / 1_000),
  };
}

/** Own properties only: what a prototype brings along, nobody sent. */
function readText(event: object, name: string, longest: number): string | null | FailureReply {
  const value = ownValue(event, name);
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string') return malformed(`${name} must be a string`);
  if (value.length > longest) return malformed(`${name} must be at most ${longest} characters long`);
  return value;
}

/** JSON has no getters and no proxies; an event that has them, and fails in them, says nothing that can be used. */
function ownValue(event: object, name: string): unknown {
  try {
    return Object.hasOwn(event, name) ? (event as Record<string, unknown>)[name] : undefined;
  } catch {
    return UNREADABLE;
  }
}

const UNREADABLE = Symbol('unreadable');

function malformed(what: string): FailureReply {
  return { errcode: 400, errmsg: `malformed event: ${what}` };
}
