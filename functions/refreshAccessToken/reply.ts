/** What is told of a tick: each app's share of it, in the words of the reply. No token ever leaves by this way. */

import type { App } from '../_shared/token/app.ts';
import type { Wait } from '../_shared/token/decide.ts';
import { assuredLifeMs, dueAtMs } from '../_shared/token/life.ts';
import { explain } from '../_shared/token/ports.ts';
import type { RefreshOutcome } from '../_shared/token/refreshAccessToken.ts';

export interface TickReply {
  appid: string;
  action: 'refreshed' | 'fresh' | 'busy' | 'failed';
  errcode: number;
  errmsg: string;
  /** Seconds of assured life that the stored token has left; 0 when there is none. */
  expires_in: number;
  /** Seconds until the next refresh is due or allowed. */
  refresh_in: number;
}

export interface Tick {
  reply: TickReply;
  /** The failure may pass by itself: the platform should try again. */
  isRetryable: boolean;
}

export interface Ticks {
  tokens: Tick[];
  /** Null where none are kept. */
  tickets: Tick[] | null;
}

/** What is told of them. */
export function repliesOf({ tokens, tickets }: Ticks): { results: TickReply[]; tickets?: TickReply[] } {
  const replies = (ticks: readonly Tick[]): TickReply[] => ticks.map(({ reply }) => reply);
  return { results: replies(tokens), ...(tickets && { tickets: replies(tickets) }) };
}

/** Every app that failed for a transient reason, and why; empty when none did. */
export function failuresIn({ tokens, tickets }: Ticks): string {
  return [...tokens, ...(tickets ?? [])]
    .filter(({ isRetryable }) => isRetryable)
    .map(({ reply: { appid, errcode, errmsg } }) => `${appid}: ${errcode} ${errmsg}`)
    .join('; ');
}

export function describe(app: App, outcome: RefreshOutcome): Tick {
  const nowMs = app.ports.now();
  const { action, record } = outcome;
  const reply: TickReply = {
    appid: app.appid,
    action,
    ...reasonOf(outcome),
    expires_in: Math.floor(assuredLifeMs(record, nowMs, nowMs, app.policy) / 1_000),
    refresh_in: Math.max(0, Math.ceil((nextAtMs(app, outcome) - nowMs) / 1_000)),
  };
  return { reply, isRetryable: action === 'failed' && outcome.failure.owner === 'transient' };
}

function reasonOf(outcome: RefreshOutcome): { errcode: number; errmsg: string } {
  switch (outcome.action) {
    case 'failed':
      return { errcode: outcome.failure.errcode, errmsg: explain(outcome.failure) };
    case 'busy':
      return { errcode: 0, errmsg: WAITS[outcome.why] };
    case 'fresh':
    case 'refreshed':
      return { errcode: 0, errmsg: 'ok' };
  }
}

const WAITS: Record<Wait, string> = {
  claim: 'another instance is minting',
  hold: 'an earlier mint is unsettled; the next one waits for the end of the hold',
  spacing: 'forced refreshes have to be 30 s apart',
};

function nextAtMs({ policy }: App, outcome: RefreshOutcome): number {
  if (outcome.action === 'busy') return outcome.untilAtMs;
  if (outcome.action === 'failed') return outcome.retryAtMs;
  return outcome.record.token === null ? 0 : dueAtMs(outcome.record.token, policy);
}
