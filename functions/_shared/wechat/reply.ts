/** What WeChat answers where it issues something to keep, read with suspicion; the one place where seconds become milliseconds. */

import * as z from 'zod/mini';
import { KINDS } from '../token/kinds.ts';
import { LONGEST_LIFE_MS } from '../token/policy.ts';
import { LONGEST_TOKEN, TOKEN_TEXT } from '../token/record.ts';
import type { Api } from '../token/record.ts';
import { parseJson } from '../json.ts';

/** `unreadable`: whether WeChat minted can't be told from this answer. */
export type Reply =
  | { kind: 'token'; value: string; lifeMs: number }
  | { kind: 'error'; errcode: number; errmsg: string; rid: string | null }
  | { kind: 'unreadable'; what: string };

const printable = z.string().check(z.maxLength(LONGEST_TOKEN), z.regex(TOKEN_TEXT));
const failed = z.object({ errcode: z.number().check(z.int()), errmsg: z.optional(z.unknown()) });

/**
 * Reads a body, whatever its Content-Type says: WeChat sends JSON as text/plain at times. A 5xx may come from
 * anything between here and WeChat, so even a well-formed error in it proves nothing.
 */
export function readReply(status: number, body: string, api: Api = 'token'): Reply {
  if (status >= 500) return { kind: 'unreadable', what: `HTTP ${status}` };
  const json = parseJson(body);
  const error = failed.safeParse(json);
  if (error.success && error.data.errcode !== 0) return readError(error.data.errcode, error.data.errmsg);
  const { noun } = KINDS[api];
  const { [noun]: issued, expires_in: life } = Object(json) as Record<string, unknown>;
  const value = printable.safeParse(issued);
  if (!value.success) return { kind: 'unreadable', what: `HTTP ${status} ${describe(body, noun)}` };
  const lifeMs = readLifeMs(life, api);
  if (lifeMs <= 0)
    return { kind: 'unreadable', what: `its ${noun} is already over (expires_in of 0 or less)` };
  return { kind: 'token', value: value.data, lifeMs };
}

/** `expires_in` as a number, or as digits in a string; never longer than WeChat has ever granted. */
function readLifeMs(expiresIn: unknown, api: Api): number {
  const isDigits = typeof expiresIn === 'string' && /^\d{1,9}$/.test(expiresIn);
  const seconds = isDigits ? Number(expiresIn) : expiresIn;
  const { killsTheOneBefore, assumedLifeMs } = KINDS[api];
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) return assumedLifeMs;
  const lifeMs = Math.floor(seconds * 1_000);
  // What has just been minted lives for the longest; of an older one nothing is known.
  return lifeMs <= LONGEST_LIFE_MS ? lifeMs : killsTheOneBefore ? LONGEST_LIFE_MS : assumedLifeMs;
}

/** The rid is at the end of the text; WeChat's support asks for it and keeps it for 7 days. */
function readError(errcode: number, text: unknown): Reply {
  const errmsg = typeof text === 'string' ? text : '';
  // Only the end is searched: over 64 KB of blanks the search would outlast the function.
  const rid = /rid:\s*([0-9a-f]{8}(?:-[0-9a-f]{8}){2})\s*$/.exec(errmsg.slice(-64))?.[1] ?? null;
  return { kind: 'error', errcode, errmsg, rid };
}

/** Never the body itself: it may hold a token. */
function describe(body: string, noun: string): string {
  if (body.trim() === '') return 'with an empty body';
  if (/^\s*</.test(body)) return 'with an HTML page';
  return parseJson(body) === undefined
    ? 'with a body that is no JSON'
    : `with JSON that holds neither ${noun} nor errcode`;
}
