/** What callers of getTicket send and receive. */

import { asTicketType } from '../_shared/ticket/settings.ts';
import type { TicketType } from '../_shared/ticket/settings.ts';
import type { Answer } from '../_shared/token/ports.ts';
import { LONGEST_TOKEN } from '../_shared/token/record.ts';
import { lifeOf, LONGEST_APPID, malformed, readFields } from '../getAccessToken/contract.ts';
import type { FailureReply, Life } from '../getAccessToken/contract.ts';

/** As WeChat's getticket answers, and more. */
interface TicketReply extends Life {
  errcode: 0;
  errmsg: 'ok';
  appid: string;
  type: TicketType;
  ticket: string;
}

/** For `wx.config`. */
interface PageReply {
  errcode: 0;
  errmsg: 'ok';
  appId: string;
  timestamp: number;
  nonceStr: string;
  signature: string;
  /** What was signed: what came, up to the `#`. */
  url: string;
}

/** `confirmed_at`: Unix seconds. The reported ticket came back, because WeChat gave it out again then. */
export type GetTicketReply = (TicketReply | PageReply) & { confirmed_at?: number };

/** The event `{ appid?, type?, url?, invalid_ticket? }`, with null for what was absent, null or empty. */
export interface Request {
  appid: string | null;
  type: TicketType;
  /** Of the page to sign for, without its fragment. */
  url: string | null;
  /** A ticket that WeChat's client may have refused: it says "invalid signature" for other reasons, too. */
  reported: string | null;
}

const LONGEST_TYPE = 32;
/** Without its fragment, which may be longer: it is not signed. */
const LONGEST_URL = 2_048;
const LONGEST_GIVEN = 8_192;

export function readRequest(event: unknown): Request | FailureReply {
  const fields = readFields(event, {
    appid: LONGEST_APPID,
    type: LONGEST_TYPE,
    url: LONGEST_GIVEN,
    invalid_ticket: LONGEST_TOKEN,
  });
  if ('errcode' in fields) return fields;
  const { appid, invalid_ticket: reported } = fields;
  const type = asTicketType(fields.type ?? 'jsapi');
  if (type === undefined) return malformed('type must be jsapi or wx_card');
  const url = fields.url?.split('#', 1)[0] ?? null;
  const problem = url === null ? null : problemOf(url);
  if (problem !== null) return malformed(problem);
  if (url !== null && type !== 'jsapi') return malformed('url is signed with a jsapi ticket: leave type out');
  return { appid, type, url, reported };
}

export function toReply(
  appid: string,
  type: TicketType,
  answer: Extract<Answer, { ok: true }>,
): GetTicketReply {
  return { errcode: 0, errmsg: 'ok', appid, type, ticket: answer.token, ...lifeOf(answer) };
}

/** It is signed byte for byte: WeChat's client compares with what the page has, and a page never has these. */
function problemOf(url: string): string | null {
  if (!/^https?:\/\//.test(url)) return 'url must begin with http:// or https://';
  if (url.length > LONGEST_URL) return `url must be at most ${LONGEST_URL} characters long`;
  if (/[^\x21-\x7e]|\\/.test(url))
    return 'url must be as location.href has it, percent-encoded and without spaces: do not decode it';
  return isAddress(url) ? null : 'url must be the address of a page';
}

function isAddress(url: string): boolean {
  try {
    return new URL(url).hostname !== '';
  } catch {
    return false;
  }
}
