/** The one error that callers see: what happened, whose code it is, and what to do now. Never a token. */

import { adviceFor } from './advice.ts';

/**
 * Who the error is from:
 * - `wechat`: WeChat answered, and refused; `errcode` is WeChat's.
 * - `getAccessToken`: there is no token; `errcode` is what getAccessToken answered, or 502 when it did not.
 * - `network`: no readable answer from WeChat; `errcode` is 502, or 504 when it came too late, and `status` is the
 *   HTTP status where there was one.
 * - `local`: a mistake on this side, and WeChat has not carried anything out; `errcode` is 499.
 */
export type ErrorOrigin = 'wechat' | 'getAccessToken' | 'network' | 'local';

export interface WeChatErrorFields {
  /** Who refused: `POST /wxa/…`, or the function that was asked for the token. */
  what: string;
  errcode: number;
  errmsg: string;
  /** Default: wechat. */
  origin?: ErrorOrigin;
  status?: number | undefined;
  code?: string | undefined;
  advice?: string;
  retry_after?: number | undefined;
}

/** Thrown for whatever goes wrong after the arguments were checked; wrong arguments are a TypeError. */
export class WeChatError extends Error {
  readonly origin: ErrorOrigin;
  /** See `origin` for whose it is. Never an HTTP status. */
  readonly errcode: number;
  /** The HTTP status, where WeChat's answer was nothing else. */
  readonly status: number | undefined;
  /** Node's code, such as ECONNRESET or ENOENT, where there is one. */
  readonly code: string | undefined;
  /** Without the rid. */
  readonly errmsg: string;
  /** WeChat's number for the call, for seven days: https://developers.weixin.qq.com/doc/oplatform/developers/basic_func/api_diagnosis.md */
  readonly rid: string | null;
  readonly advice: string;
  /** Seconds; only when getAccessToken or an HTTP answer says so. */
  readonly retry_after: number | undefined;

  constructor({ what, errmsg: text, advice, ...rest }: WeChatErrorFields) {
    const { errcode, origin = 'wechat', status, code, retry_after } = rest;
    const { errmsg, rid } = splitRid(text);
    const toDo = advice ?? adviceFor(errcode);
    // An HTTP status is said in the text: two numbers side by side would be confused.
    const number = status === undefined ? `${errcode} ` : '';
    super(`${what}: ${number}${errmsg}${rid === null ? '' : ` (rid ${rid})`}; ${toDo}`);
    this.name = 'WeChatError';
    this.origin = origin;
    this.errcode = errcode;
    this.status = status;
    this.code = code;
    this.errmsg = errmsg;
    this.rid = rid;
    this.advice = toDo;
    this.retry_after = retry_after;
  }
}

const LOCAL = 499;

/** A mistake on this side, found after the arguments were checked. `code`: Node's. */
export function localError(what: string, errmsg: string, advice: string, code?: string): WeChatError {
  return new WeChatError({ what, errcode: LOCAL, origin: 'local', errmsg, advice, code });
}

/** Node's or undici's own code, such as ECONNRESET; never a text. */
export function codeOf(error: unknown): string | undefined {
  const { code, cause } = Object(error) as { code?: unknown; cause?: { code?: unknown } | null };
  const found = cause?.code ?? code;
  return typeof found === 'string' && /^[A-Z0-9_]{1,60}$/.test(found) ? found : undefined;
}

const LONGEST_TEXT = 500;

/** Takes the token out of a text that may quote it, and what looks like one. */
export function withoutToken(text: string, token = ''): string {
  const known = token === '' ? text : text.replaceAll(token, '…');
  return known.replace(/[\w-]{64,}/g, '…').slice(0, LONGEST_TEXT);
}

/** WeChat ends its texts with `rid: …`, after a space or a comma. */
function splitRid(text: string): { errmsg: string; rid: string | null } {
  const found = /,?\s*rid:\s*([0-9a-f]{8}(?:-[0-9a-f]{8}){2})\s*$/.exec(text);
  if (found === null) return { errmsg: text, rid: null };
  return { errmsg: text.slice(0, found.index), rid: found[1] ?? null };
}
