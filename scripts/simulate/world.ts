/** One app in the world that all instances share: time, chance, WeChat, the database, and what is deployed for it. */

import type { TokenApi } from '../../functions/_shared/token/record.ts';
import type { SendRequest, SendResult } from '../../functions/_shared/wechat/send.ts';
import type { WeChat } from '../local/wechat/machine.ts';
import type { Dice } from './dice.ts';
import type { Ledger, MintClaim } from './ledger.ts';
import type { MemoryCollection } from './memory-collection.ts';
import type { Streams } from './random.ts';
import type { Oracles } from './oracles/oracles.ts';
import type { TicketOracle } from './oracles/tickets.ts';
import type { Tally } from './tally.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';
import type { Rule } from './without.ts';

export const DAY_MS = 86_400_000;

/** 00:00 in UTC+8, where WeChat's days turn and the strip charts begin. */
export const EPOCH_AT_MS = Date.UTC(2026, 0, 1) - 8 * 3_600_000;

/** The end of each fault; in the past when there is none. */
export interface Weather {
  wechatDownUntilAtMs: number;
  wechatSlowUntilAtMs: number;
  databaseDownUntilAtMs: number;
  databaseSlowUntilAtMs: number;
  timerStuckUntilAtMs: number;
}

interface Deployment {
  secret: string;
  fingerprint: string;
  api: TokenApi;
}

export interface World {
  appid: string;
  timeline: Timeline;
  streams: Streams;
  dice: Dice;
  weather: Weather;
  wechat: WeChat;
  collection: MemoryCollection;
  ledger: Ledger;
  oracles: Oracles;
  /** The ticket of this app; null where none is kept. */
  tickets: TicketOracle | null;
  /** When WeChat last refused a token that it was asked for a ticket with. */
  tokenRefusedAtMs(): number;
  tally: Tally;
  trace: Trace;
  without: Rule | null;
  mintLimitPerDay: number;
  startAtMs: number;
  /** What the functions are deployed with; changed by an operator, for new instances only. */
  deployment: Deployment;
  /** Is its mode changed by deployments in mid-life? */
  isSwitching: boolean;
  nextId(): number;
  send(request: SendRequest, claim: MintClaim | null): Promise<SendResult>;
}
