/** Door 4, optional: other cloud functions ask here for a ticket, or for what a page's `wx.config` needs of it. */

import { ticketId } from '../_shared/ticket/settings.ts';
import { getAccessToken } from '../_shared/token/getAccessToken.ts';
import type { App } from '../_shared/token/app.ts';
import type { Runtime } from '../_shared/runtime/runtime.ts';
import { createDoor } from '../getAccessToken/door.ts';
import { toFailure } from '../getAccessToken/contract.ts';
import type { FailureReply } from '../getAccessToken/contract.ts';
import { confirmedAtMs } from './confirmation.ts';
import { readRequest, toReply } from './contract.ts';
import type { GetTicketReply, Request } from './contract.ts';
import { newNonce, signPage } from './signature.ts';

export const main = createDoor<Request, GetTicketReply>({
  name: 'getTicket',
  noun: 'ticket',
  readRequest,
  async answer(runtime, { appid }, request, source) {
    const ticket = chooseTicket(runtime, appid, request.type);
    if ('errcode' in ticket) return ticket;
    const answer = await getAccessToken(ticket, request.reported, source);
    if (!answer.ok) return toFailure(answer);
    // Then look at the URL that was signed, and at the account's domain.
    const atMs = confirmedAtMs(ticket, answer.token, request.reported);
    const confirmed = atMs === null ? {} : { confirmed_at: toSeconds(atMs) };
    if (request.url === null) return { ...toReply(appid, request.type, answer), ...confirmed };
    const page = { url: request.url, nonceStr: newNonce(), timestamp: toSeconds(ticket.ports.now()) };
    const signature = signPage(answer.token, page);
    return { errcode: 0, errmsg: 'ok', appId: appid, ...page, signature, ...confirmed };
  },
});

function chooseTicket(
  { tickets, config }: Runtime,
  appid: string,
  type: Request['type'],
): App | FailureReply {
  const ticket = tickets?.apps.get(ticketId({ appid, type }));
  if (ticket !== undefined) return ticket;
  const problem = config.warnings.find((warning) => warning.startsWith('WX_TICKETS'));
  if (config.tickets.length > 0 && problem === undefined)
    return { errcode: 404, errmsg: `unknown ticket: WX_TICKETS does not name ${type} for this AppID` };
  const errmsg = `misconfigured: ${problem ?? 'WX_TICKETS is missing'}. Set it and run npm run deploy`;
  return { errcode: 500, errmsg };
}

const toSeconds = (ms: number): number => Math.floor(ms / 1_000);
