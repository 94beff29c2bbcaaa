/** Door 4, optional: other cloud functions ask here for a ticket, or for what a page's `wx.config` needs of it. */

import { ticketId } from '../_shared/ticket/settings.ts';
import { getAccessToken } from '../_shared/token/getAccessToken.ts';
import type { App } from '../_shared/token/app.ts';
import { TICKET_REPORT_SPACING_MS } from '../_shared/token/policy.ts';
import type { Answer } from '../_shared/token/ports.ts';
import { emptyRecord } from '../_shared/token/record.ts';
import type { Runtime } from '../_shared/runtime/runtime.ts';
import { createDoor } from '../getAccessToken/door.ts';
import { toFailure } from '../getAccessToken/contract.ts';
import type { FailureReply } from '../getAccessToken/contract.ts';
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
    const confirmed = confirmation(ticket, answer, request);
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

/** The reported ticket is what WeChat still gives: then look at the URL that was signed, and at the account's domain. */
function confirmation(
  { memory, ports }: App,
  { token }: Extract<Answer, { ok: true }>,
  { reported }: Request,
): { confirmed_at?: number } {
  const { verdict, token: kept } = memory?.record ?? emptyRecord;
  if (reported !== token || kept?.value !== token || verdict?.outcome !== 'accepted') return {};
  const isNew = Math.abs(ports.now() - verdict.atMs) < TICKET_REPORT_SPACING_MS;
  return isNew ? { confirmed_at: toSeconds(verdict.atMs) } : {};
}

const toSeconds = (ms: number): number => Math.floor(ms / 1_000);
