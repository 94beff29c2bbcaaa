/** The tickets of an official account: which is handed out now, and which of them a page may still be signed with. */

import { createHash } from 'node:crypto';
import type { Account } from './account.ts';
import { refuse, type Refusal } from './errcodes.ts';
import { isText } from './gate.ts';

/** `2` is the ticket of the mobile SDK. */
const TICKET_TYPES = new Set<unknown>(['jsapi', 'wx_card', '2']);

export interface IssuedTicket {
  errcode: 0;
  errmsg: 'ok';
  ticket: string;
  expires_in: number;
}

/** A value for each app, type and window; the same whenever it is asked for. */
export type TicketValue = (appid: string, type: string, window: number) => string;

/**
 * The value changes on a clock of its own, every two hours on the hour: seen by one user, on half a day.
 * https://developers.weixin.qq.com/community/develop/doc/000e4abd2e4048b4c1d2e62d66bc00 (read 2026-11-28)
 */
export const TICKET_WINDOW_MS = 7_200_000;

/** GET /cgi-bin/ticket/getticket, once the token is accepted. `expires_in` is 7200 for an old value as well. */
export function issueTicket(
  account: Account,
  type: unknown,
  valueOf: TicketValue,
  nowMs: number,
): IssuedTicket | Refusal {
  const { appid, kind, quotas, limits } = account;
  if (kind === 'mini') return refuse(48001, NO_TICKETS);
  if (!isText(type) || !TICKET_TYPES.has(type)) return refuse(40035);
  if (quotas.ticketDay.used(nowMs) >= limits.ticketPerDay) return refuse(45009);
  quotas.ticketDay.add(nowMs);
  return { errcode: 0, errmsg: 'ok', ticket: valueOf(appid, type, windowOf(nowMs)), expires_in: 7200 };
}

/**
 * A ticket dies two windows after it first came, less `ticketsDieEarlyMs`: so it is good for 7200 s from each answer
 * (model A), or, 7200 s earlier, dies when the next one comes (model B). Which of them WeChat follows is not published.
 */
export function livingTickets(account: Account, valueOf: TicketValue, nowMs: number): string[] {
  const current = windowOf(nowMs);
  return [current - 1, current]
    .filter((window) => nowMs < (window + 2) * TICKET_WINDOW_MS - account.ticketsDieEarlyMs)
    .map((window) => valueOf(account.appid, 'jsapi', window));
}

/** As long as WeChat's: 64 bytes are 86 characters. */
export function ticketValue(appid: string, type: string, window: number): string {
  return createHash('sha512').update(`ticket ${appid} ${type} ${window}`).digest('base64url');
}

const NO_TICKETS =
  'api unauthorized hint: [the sandbox plays a mini program here, and only an official account has tickets: name the AppID in WX_TICKETS, or turn the knob "kind"]';

/** Whole hours are the same in UTC and in China. */
function windowOf(nowMs: number): number {
  return Math.floor(nowMs / TICKET_WINDOW_MS);
}
