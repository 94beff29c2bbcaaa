/** The tickets as what the core keeps: each is an app of its own, with its document, whose mint is a fetch. */

import { createApp } from '../token/app.ts';
import type { App } from '../token/app.ts';
import { TICKET_AGE_MS, TICKET_LIMIT_PER_DAY } from '../token/policy.ts';
import type { Ports, TokenStore } from '../token/ports.ts';
import type { Upstream } from '../wechat/ask.ts';
import { createFetch } from './fetch.ts';
import { ticketId } from './settings.ts';
import type { TicketConfig } from './settings.ts';

export interface TicketOptions {
  tickets: readonly TicketConfig[];
  /** By AppID. */
  tokens: ReadonlyMap<string, App>;
  storeOf(id: string): TokenStore;
  ports: Omit<Ports, 'store' | 'mint' | 'prepare' | 'probe'>;
  upstream: Pick<Upstream, 'baseUrls' | 'send'>;
}

/** By id. */
export function createTickets({
  tickets,
  tokens: all,
  storeOf,
  ports,
  upstream,
}: TicketOptions): ReadonlyMap<string, App> {
  return new Map(
    tickets.map((ticket) => {
      const id = ticketId(ticket);
      const tokens = all.get(ticket.appid)!;
      const own = {
        api: 'ticket',
        refreshAfterMs: TICKET_AGE_MS,
        mintLimitPerDay: TICKET_LIMIT_PER_DAY,
      } as const;
      const policy = { ...tokens.policy, ...own };
      const fetch = createFetch({ ...ports, ...upstream, tokens, type: ticket.type });
      // The core shows WeChat nothing but tokens.
      const probe = async () => 'unknown' as const;
      return [id, createApp(id, policy, { ...ports, ...fetch, probe, store: storeOf(id) })];
    }),
  );
}
