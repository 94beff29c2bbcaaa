/** All that the core needs from outside, as plain functions: a database, WeChat, a clock, chance, a log. */

import type { Backoff, ProbeOutcome, StoredToken, TokenRecord } from './record.ts';

/** What was read, and what a write compares with: a write in between wins. */
export interface Stored {
  record: TokenRecord;
  /** Opaque to the core: made by the store's `read`, taken by its `swap`. */
  basis: unknown;
  /** Names of stored fields that could not be read and count as absent. */
  damaged: string[];
}

export interface TokenStore {
  /** Throws a TokenError when the database can't be reached or used. */
  read(): Promise<Stored>;
  /** What is stored now, or null when somebody else wrote first; throws a TokenError when that can't be told. */
  swap(basis: unknown, next: TokenRecord, entry?: HistoryEntry): Promise<Stored | null>;
}

/** One refresh, as operators read it; kept beside the record, bounded, and never read by callers. */
export interface HistoryEntry {
  atMs: number;
  /** `timer`, `reader`, `report` or `manual`. */
  reason: string;
  outcome: 'minted' | 'refused' | 'unknown' | 'lost';
  errcode: number;
  /** WeChat's id of the failed call, for its support. */
  rid: string | null;
  tookMs: number;
  /** Since the mint of the token before; null when there was none. */
  gapMs: number | null;
  /** The function and instance that did it. */
  who: string;
}

/** What a backoff keeps of it, and what it doesn't. */
export interface Failure extends Pick<Backoff, 'owner' | 'errcode' | 'errmsg' | 'advice'> {
  /** Where WeChat says when to come back: not before this. */
  retryAfterMs?: number;
  /** WeChat's id of the call, for its support. */
  rid?: string | null;
}

/** What people read: what happened and what to do. */
export function explain({ errmsg, advice }: Pick<Failure, 'errmsg' | 'advice'>): string {
  return advice === undefined ? errmsg : `${errmsg} (${advice})`;
}

/**
 * What came of asking WeChat for a token.
 * `refused`: WeChat said no, or was never reached. `unknown`: it may have minted; nobody can tell.
 */
export type MintOutcome =
  | { kind: 'minted'; token: StoredToken }
  | { kind: 'refused'; failure: Failure }
  | { kind: 'unknown'; failure: Failure };

/** Takes at most LONGEST_MINT_MS and never throws. `isForced` makes `stable` issue a new token. */
export type Mint = (isForced?: boolean) => Promise<MintOutcome>;

/** Shows WeChat a token, by a call that mints nothing. Takes at most LONGEST_PROBE_MS and never throws. */
export type Probe = (token: string) => Promise<ProbeOutcome>;

/** Writes one line; fields beyond the log's allow-list are dropped there. */
export type Log = (event: string, fields: Record<string, string | number | boolean | null>) => void;

export interface Ports {
  store: TokenStore;
  mint: Mint;
  /**
   * What the mint needs and may take long to get: before the claim, which does not last for it. `isUrgent`: a caller has
   * nothing else. Never throws.
   */
  prepare?(isUrgent: boolean): Promise<Failure | null>;
  probe: Probe;
  now(): number;
  sleep(durationMs: number): Promise<void>;
  /** From 0 (included) to 1 (excluded). */
  random(): number;
  /** Unique for ever and everywhere: the fence of a claim. */
  newId(): string;
  /** Names this process in the history. */
  who: string;
  log: Log;
}

/** What a caller gets. */
export type Answer =
  | { ok: true; token: string; leftMs: number; endsAtMs: number }
  /** `retryAfterMs` is null where waiting cures nothing. */
  | { ok: false; errcode: number; errmsg: string; retryAfterMs: number | null };

/**
 * - `STORE_UNAVAILABLE`: the database can't be reached just now; it passes.
 * - `STORE_MISCONFIGURED`: the collection is missing or closed to us, or a newer version has written the document;
 *   `npm run deploy` cures it.
 */
export type TokenErrorCode = 'STORE_UNAVAILABLE' | 'STORE_MISCONFIGURED';

export class TokenError extends Error {
  override readonly name = 'TokenError';
  readonly code: TokenErrorCode;

  constructor(code: TokenErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
