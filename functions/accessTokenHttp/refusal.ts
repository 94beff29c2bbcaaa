/** Refusals in WeChat's own words and shape, so that an SDK reads them as it reads WeChat. */

import { randomBytes } from 'node:crypto';
import { respond } from './http.ts';
import type { HttpResponse } from './http.ts';

/** Codes and texts: /cgi-bin/token and /cgi-bin/stable_token, see ../_shared/wechat/errcodes.ts. */
const TEXTS = {
  [-1]: 'system error',
  40001: 'invalid credential, access_token is invalid or not latest',
  40002: 'invalid grant_type',
  40013: 'invalid appid',
  40035: 'invalid parameter',
  40125: 'invalid appsecret',
  41001: 'access_token missing',
  41002: 'appid missing',
  41004: 'appsecret missing',
  43002: 'require POST method',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit, must slower, retry next minute',
  48001: 'api unauthorized',
};

export type Errcode = keyof typeof TEXTS | -1;

/** `rid` is also in the log line about this call. WeChat's begins with the time, too. */
export function createRid(nowMs: number): string {
  const seconds = Math.floor(nowMs / 1_000)
    .toString(16)
    .padStart(8, '0');
  return [seconds, randomBytes(4).toString('hex'), randomBytes(4).toString('hex')].join('-');
}

export function refuse(errcode: Errcode, rid: string): HttpResponse {
  return respond(bodyOf(errcode, rid));
}

/** `retryAfter` in seconds. An SDK that knows no -1 still knows what a 503 means. */
export function refuseForNow(rid: string, retryAfter: number): HttpResponse {
  const answer = respond({ ...bodyOf(-1, rid), retry_after: retryAfter }, 503);
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(retryAfter) } };
}

/**
 * What a server outside gets when there is no token. Codes about the AppSecret would read as if its own key were
 * wrong, and send co-wechat-api into a loop (40001): those are the operator's business, and "busy" to everybody else.
 */
export function outsideCodeOf(errcode: number): Errcode {
  return errcode === 45009 || errcode === 45011 ? errcode : -1;
}

function bodyOf(errcode: Errcode, rid: string): { errcode: Errcode; errmsg: string } {
  return { errcode, errmsg: `${TEXTS[errcode]} rid: ${rid}` };
}
