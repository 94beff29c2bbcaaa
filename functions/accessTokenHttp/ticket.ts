/** getticket as WeChat answers it: the access_token that a server was given here opens the tickets of its app. */

import { createHash, timingSafeEqual } from 'node:crypto';
import type { Runtime } from '../_shared/runtime/runtime.ts';
import { asTicketType, ticketId } from '../_shared/ticket/settings.ts';
import { readRecord } from '../_shared/token/app.ts';
import type { App } from '../_shared/token/app.ts';
import { getAccessToken } from '../_shared/token/getAccessToken.ts';
import { MEMORY_MS } from '../_shared/token/policy.ts';
import { LONGEST_TOKEN, TOKEN_TEXT } from '../_shared/token/record.ts';
import { lifeOf } from '../getAccessToken/contract.ts';
import type { GivenTokens } from './given-tokens.ts';
import { respond } from './http.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import { outsideCodeOf, refuse, refuseForNow } from './refusal.ts';
import type { Errcode } from './refusal.ts';

export function isGetTicket({ path }: HttpRequest): boolean {
  return /(?:^|\/)cgi-bin\/ticket\/getticket\/?$/.test(path);
}

/**
 * `given`: what servers may still use, although it has been replaced. `admitUnknown`: may another token that memory does
 * not know cost a read and a line in the log? `deny`: the refusal, with that line.
 */
export async function answerTicket(
  { query }: HttpRequest,
  { apps, tickets, config }: Runtime,
  rid: string,
  given: GivenTokens,
  admitUnknown: () => boolean,
  deny: (errcode: Errcode) => HttpResponse,
): Promise<HttpResponse> {
  const token = query['access_token'];
  if (typeof token !== 'string' || token === '') return deny(41001);
  const type = asTicketType(query['type']);
  const kept = new Set(config.tickets.map(({ appid }) => appid));
  if (kept.size === 0) return deny(48001);
  // Before anything is read: what can't be a token is none of ours.
  if (token.length > LONGEST_TOKEN || !TOKEN_TEXT.test(token)) return deny(40001);
  if (type === undefined) return deny(40035);
  const candidates = [...apps.values()].filter(({ appid }) => kept.has(appid));
  const known = candidates.find(
    (app) => given.has(app.appid, token, app.ports.now()) || isRemembered(app, token),
  );
  if (known === undefined && !admitUnknown()) return refuse(45011, rid);
  const app = known ?? (await ownerOf(token, candidates));
  if (app === null) return deny(40001);
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

/**
 * Whose stored token it is. Nothing is minted for one who has proved nothing yet, and the document is read once a second
 * at most: memory may be a minute old, and the token newer.
 */
async function ownerOf(token: string, apps: readonly App[]): Promise<App | null> {
  for (const app of apps) {
    if (ageOf(app) >= READ_EVERY_MS) await readRecord(app);
    if (isRemembered(app, token)) return app;
  }
  return null;
}

function isRemembered(app: App, token: string): boolean {
  return ageOf(app) < MEMORY_MS && isEqual(app.memory?.record.token?.value ?? '', token);
}

function ageOf({ memory, ports }: App): number {
  return ports.now() - (memory?.readAtMs ?? -Infinity);
}

const READ_EVERY_MS = 1_000;

/** In a time that says nothing about how much of it was right. */
function isEqual(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(a!, b!);
}
