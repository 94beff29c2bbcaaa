/** What callers of getAccessToken send and receive; its answer is a superset of WeChat's own /cgi-bin/token. */

import type { Answer } from '../_shared/token/ports.ts';
import { LONGEST_LIFE_MS } from '../_shared/token/policy.ts';
import { LONGEST_TOKEN } from '../_shared/token/record.ts';

interface TokenReply extends Life {
  errcode: 0;
  errmsg: 'ok';
  appid: string;
  access_token: string;
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

export function readRequest(event: unknown): Request | FailureReply {
  const fields = readFields(event, { appid: LONGEST_APPID, invalid_access_token: LONGEST_TOKEN });
  return 'errcode' in fields ? fields : { appid: fields.appid, reported: fields.invalid_access_token };
}

export const LONGEST_APPID = 128;

/**
 * Reads texts out of an event, each up to its length, with null for what was absent, null or empty. The platform adds
 * keys of its own, so unknown ones are ignored.
 */
export function readFields<Name extends string>(
  event: unknown,
  longest: Record<Name, number>,
): Record<Name, string | null> | FailureReply {
  const given = event ?? '';
  const names = Object.keys(longest) as Name[];
  if (given !== '' && (typeof given !== 'object' || Array.isArray(given))) {
    return malformed(`the event must be an object, { ${names.map((name) => `${name}?`).join(', ')} }`);
  }
  const fields: Partial<Record<Name, string | null>> = {};
  for (const name of names) {
    const read = readText(Object(given) as object, name, longest[name]);
    if (typeof read === 'object' && read !== null) return read;
    fields[name] = read;
  }
  return fields as Record<Name, string | null>;
}

export function toReply(appid: string, answer: Answer): GetAccessTokenReply {
  if (!answer.ok) return toFailure(answer);
  return { errcode: 0, errmsg: 'ok', appid, access_token: answer.token, ...lifeOf(answer) };
}

export function toFailure({ errcode, errmsg, retryAfterMs }: Extract<Answer, { ok: false }>): FailureReply {
  if (retryAfterMs === null) return { errcode, errmsg };
  return { errcode, errmsg, retry_after: Math.ceil(retryAfterMs / 1_000) };
}

export interface Life {
  /** Whole seconds of assured life from now. */
  expires_in: number;
  /** The same as Unix seconds. */
  expires_at: number;
}

export function lifeOf({ leftMs, endsAtMs }: Extract<Answer, { ok: true }>): Life {
  // The clock of the instance that minted may be ahead of ours: what WeChat never grants is not promised either.
  const excessMs = Math.max(0, leftMs - LONGEST_LIFE_MS);
  return {
    expires_in: Math.floor((leftMs - excessMs) / 1_000),
    expires_at: Math.floor((endsAtMs - excessMs) / 1_000),
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

export function malformed(what: string): FailureReply {
  return { errcode: 400, errmsg: `malformed event: ${what}` };
}
