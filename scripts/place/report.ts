/** What a stored document tells an operator. */

import type { TickSource } from '../../functions/_shared/runtime/config.ts';
import type { HistoryEntry } from '../../functions/_shared/token/ports.ts';
import type { Api, Backoff, TokenRecord } from '../../functions/_shared/token/record.ts';

export interface AppReport {
  appid: string;
  /** As configured here, else as the stored token has it. */
  api: Api;
  isConfiguredHere: boolean;
  /** Other apps are configured here, and this one isn't. */
  isLeftOver: boolean;
  token: TokenReport | null;
  /** Milliseconds that a caller may count on; 0 when there is nothing to hand out. */
  lifeLeftMs: number;
  /** Null: at the next tick. */
  nextRefreshAtMs: number | null;
  /**
   * `limit`: MINT_LIMIT_PER_DAY. `learnedLimit`: WeChat's own, if it was met before ours. `effectiveLimit`: the lower of
   * the two; a learned one that is too low to be the account's counts for nothing.
   */
  mintsToday: { count: number; limit: number; learnedLimit: number | null; effectiveLimit: number };
  /** Forced ones, of which WeChat allows 20 a day. */
  forcesToday: number;
  /** The failures since the last success; `isOpen`: nothing is tried before `retryAtMs`. */
  breaker: (Omit<Backoff, 'fingerprint' | 'advice'> & { isOpen: boolean }) | null;
  /** Somebody is minting right now. */
  claim: { startedAtMs: number; untilAtMs: number } | null;
  unsettledSinceAtMs: number | null;
  foreignMinter: { isSuspected: boolean; refusedAtMs: readonly number[] };
  /** Reports within the last hour of tokens that WeChat accepts, if there were many; `source`: of the latest. */
  refutedReports: { atMs: readonly number[]; source: string | null };
  manualRefresh: TokenRecord['manualRefresh'];
  /** `lastAtMs`: of those that are meant to come, the last that refreshed; null: none is on record. */
  ticks: { source: TickSource; lastAtMs: number | null };
  /** Newest first. */
  history: readonly HistoryEntry[];
  /** Names of stored fields that can't be read. */
  damaged: readonly string[];
}

export interface TokenReport {
  /** The first 4 characters and the length; for a sealed token that this machine can't open, only that. */
  shown: string;
  storage: 'clear' | 'sealed' | 'sealed with a key that is not here';
  api: Api;
  mintedAtMs: number;
  expiresAtMs: number;
  /** When a tick replaces it. */
  dueAtMs: number;
}
