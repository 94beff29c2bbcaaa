/** The tickets as what the core keeps: each is an app of its own, with its document, whose mint is a fetch. */

import { createApp } from '../token/app.ts';
import type { App } from '../token/app.ts';
import type { Ports, TokenStore } from '../token/ports.ts';
import type { Upstream } from '../wechat/ask.ts';
import { createFetch } from './fetch.ts';
import { ticketPolicy } from './policy.ts';
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
      const policy = { ...tokens.policy, ...ticketPolicy };
      const fetch = createFetch({ ...ports, ...upstream, tokens, type: ticket.type });
      // The core shows WeChat nothing but tokens.
      const probe = async () => 'unknown' as const;
      return [id, createApp(id, policy, { ...ports, ...fetch, probe, store: storeOf(id) })];
    }),
  );
}
