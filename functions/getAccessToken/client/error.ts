/** The one error that callers see: what happened, what WeChat calls it, and what to do now. Never a token. */

import { adviceFor } from './advice.ts';

export interface WeChatErrorFields {
  /** Who refused: `POST /wxa/…`, or the function that was asked for the token. */
  what: string;
  errcode: number;
  errmsg: string;
  advice?: string;
  retry_after?: number | undefined;
}

/**
 * `errcode` is WeChat's own where WeChat refused, and that of getAccessToken where there was no token (400 to 503).
 * Where no readable answer came it is 502 (lost or unreadable), 504 (too late), or WeChat's HTTP status.
 */
export class WeChatError extends Error {
  readonly errcode: number;
  /** Without the rid. */
  readonly errmsg: string;
  /** WeChat's number for the call, for seven days: https://developers.weixin.qq.com/doc/oplatform/developers/basic_func/api_diagnosis.md */
  readonly rid: string | null;
  readonly advice: string;
  /** Seconds; only when getAccessToken says so. */
  readonly retry_after: number | undefined;

  constructor({ what, errcode, errmsg: text, advice, retry_after }: WeChatErrorFields) {
    const { errmsg, rid } = splitRid(text);
    const toDo = advice ?? adviceFor(errcode);
    super(`${what}: ${errcode} ${errmsg}${rid === null ? '' : ` (rid ${rid})`}; ${toDo}`);
    this.name = 'WeChatError';
    this.errcode = errcode;
    this.errmsg = errmsg;
    this.rid = rid;
    this.advice = toDo;
    this.retry_after = retry_after;
  }
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
