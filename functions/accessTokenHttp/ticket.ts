/** getticket as WeChat answers it: the access_token that a server was given here opens the tickets of its app. */

import { createHash, timingSafeEqual } from 'node:crypto';
import type { Runtime } from '../_shared/runtime/runtime.ts';
import { asTicketType, ticketId } from '../_shared/ticket/settings.ts';
import { getAccessToken } from '../_shared/token/getAccessToken.ts';
import type { App } from '../_shared/token/app.ts';
import { lifeOf } from '../getAccessToken/contract.ts';
import { respond } from './http.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import { outsideCodeOf, refuse, refuseForNow } from './refusal.ts';
import type { Errcode } from './refusal.ts';

export function isGetTicket({ path }: HttpRequest): boolean {
  return /(?:^|\/)cgi-bin\/ticket\/getticket\/?$/.test(path);
}

/** `deny`: the refusal, with its line in the log. */
export async function answerTicket(
  { query }: HttpRequest,
  { apps, tickets, config }: Runtime,
  rid: string,
  deny: (errcode: Errcode) => HttpResponse,
): Promise<HttpResponse> {
  const token = query['access_token'];
  if (typeof token !== 'string' || token === '') return deny(41001);
  const type = asTicketType(query['type']);
  const kept = new Set(config.tickets.map(({ appid }) => appid));
  const app = await ownerOf(
    token,
    [...apps.values()].filter(({ appid }) => kept.has(appid)),
  );
  if (app === null) return deny(kept.size === 0 ? 48001 : 40001);
  if (type === undefined) return deny(40035);
  const ticket = tickets?.apps.get(ticketId({ appid: app.appid, type }));
  if (ticket === undefined) return deny(48001);
  const answer = await getAccessToken(ticket, null);
  if (answer.ok) {
    const { expires_in } = lifeOf(answer);
    return respond({ errcode: 0, errmsg: 'ok', ticket: answer.token, expires_in });
  }
  if (answer.errcode === 503 && answer.retryAfterMs !== null)
    return refuseForNow(rid, Math.ceil(answer.retryAfterMs / 1_000));
  return answer.errcode === 48001 ? deny(48001) : refuse(outsideCodeOf(answer.errcode), rid);
}

/** Whose token it is at this moment: one that has been replaced opens nothing, and its holder asks for the next. */
async function ownerOf(token: string, apps: readonly App[]): Promise<App | null> {
  for (const app of apps) {
    const answer = await getAccessToken(app, null);
    if (answer.ok && isEqual(answer.token, token)) return app;
  }
  return null;
}

/** In a time that says nothing about how much of it was right. */
function isEqual(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(a!, b!);
}
