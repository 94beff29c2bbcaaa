/** Tickets on virtual time: as many instances as a test likes, one database, and a WeChat whose tickets it changes. */

import { createCloudStore } from '../../functions/_shared/store/cloud-store.ts';
import { createTickets } from '../../functions/_shared/ticket/tickets.ts';
import type { App } from '../../functions/_shared/token/app.ts';
import { getAccessToken } from '../../functions/_shared/token/getAccessToken.ts';
import type { Answer } from '../../functions/_shared/token/ports.ts';
import { emptyRecord } from '../../functions/_shared/token/record.ts';
import type { TokenRecord } from '../../functions/_shared/token/record.ts';
import type { SendRequest, SendResult } from '../../functions/_shared/wechat/send.ts';
import { tick } from '../../functions/refreshAccessToken/tick.ts';
import type { TickReply } from '../../functions/refreshAccessToken/reply.ts';
import { APPID, createHarness } from '../support/harness.ts';

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
const ID = `${APPID}:jsapi`;

/** What getticket answers, how long that takes, and the token that it was asked with. */
type Script = (token: string, call: number) => (SendResult & { tookMs?: number }) | undefined;

export const answered = (answer: object, status = 200): SendResult => ({
  kind: 'answered',
  status,
  body: JSON.stringify(answer),
});
export const ticketOf = (value: string, expiresIn: unknown = 7200): SendResult =>
  answered({ errcode: 0, errmsg: 'ok', ticket: value, expires_in: expiresIn });
export const refused = (errcode: number, errmsg = 'no'): SendResult => answered({ errcode, errmsg });

export interface Instance {
  tokens: App;
  ticket: App;
}

export function createTicketHarness(options: Parameters<typeof createHarness>[0] = {}) {
  const harness = createHarness(options);
  const { timeline, collection, logged } = harness;
  const asked: { atMs: number; host: string; token: string }[] = [];
  const state: { script: Script; current: string } = { script: () => undefined, current: 'ticket-1' };

  /** Like WeChat: it refuses a token that is dead, and gives its current ticket for one that is alive. */
  const send = async ({ url, timeoutMs }: SendRequest): Promise<SendResult> => {
    const { hostname, searchParams } = new URL(url);
    const token = searchParams.get('access_token') ?? '';
    asked.push({ atMs: timeline.now(), host: hostname, token });
    const { tookMs = 20, ...result } = state.script(token, asked.length) ?? ordinary(token);
    await timeline.sleep(Math.min(tookMs, timeoutMs));
    return tookMs > timeoutMs ? { kind: 'lost', code: 'TIMEOUT' } : result;
  };
  const ordinary = (token: string): SendResult & { tookMs?: number } =>
    harness.isAlive(token) ? ticketOf(state.current) : refused(40001, 'invalid credential');

  let instances = 0;
  function instance(own?: { skewMs?: number }): Instance {
    const tokens = harness.process(own);
    const { now, sleep, random, newId, log } = tokens.ports;
    const [ticket] = createTickets({
      tickets: [{ appid: APPID, type: 'jsapi' }],
      tokens: new Map([[APPID, tokens]]),
      storeOf: (id) => createCloudStore(collection, id, newId),
      ports: { now, sleep, random, newId, log, who: `instance-${++instances}` },
      upstream: { baseUrls: ['https://a.invalid', 'https://b.invalid'], send },
    }).values();
    return { tokens, ticket: ticket! };
  }

  return {
    tokens: harness,
    timeline,
    logged,
    asked,
    state,
    instance,
    advance: harness.advance,
    get: ({ ticket }: Instance, reported: string | null = null): Promise<Answer> =>
      timeline.settle(getAccessToken(ticket, reported)),
    /** As refreshAccessToken does it: the token first. */
    async tick({ tokens, ticket }: Instance): Promise<TickReply> {
      await timeline.settle(tick(tokens));
      return (await timeline.settle(tick(ticket))).reply;
    },
    stored: (): TokenRecord => (collection.documents.get(ID) as unknown as TokenRecord) ?? emptyRecord,
  };
}

export function valueOf(answer: Answer): string {
  if (!answer.ok) throw new Error(`no ticket: ${answer.errcode} ${answer.errmsg}`);
  return answer.token;
}
