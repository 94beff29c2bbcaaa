/** What is stored about one AppID: the token, who is minting now, what is unsettled, what went wrong last. */

/** WeChat's two endpoints: `token` kills the token before it, `stable` returns the same token until it is nearly over. */
export type TokenApi = 'token' | 'stable';
/** What is kept comes from one of them, or is a ticket: asked for again it kills none, and changes when WeChat likes. */
export type Api = TokenApi | 'ticket';

/**
 * WeChat asks to reserve at least 512 characters for a token (the AccessToken page, read 2026-11-22). Four times that
 * is no token any more, and must not fill the document.
 */
export const LONGEST_TOKEN = 2_048;
/** Nothing that would break a URL, a header or a line of a log. */
export const TOKEN_TEXT = /^[\x21-\x7e]+$/;

export interface StoredToken {
  value: string;
  api: Api;
  /** When the request that brought it was sent: WeChat can't have issued it earlier. */
  mintedAtMs: number;
  /** `mintedAtMs` plus the life that WeChat granted, so never later than WeChat's own end. */
  expiresAtMs: number;
}

/** The right to mint, held by one process for a bounded time. Its `id` is the fence of the commit. */
export interface Claim {
  id: string;
  startedAtMs: number;
  untilAtMs: number;
  /** What `unsettledSinceAtMs` was before this claim: a definite refusal puts it back. */
  unsettledBeforeAtMs: number | null;
  /** Set by an earlier holder that minted although this claim had replaced its own. */
  contestedSinceAtMs: number | null;
}

/**
 * The latest call by which WeChat was asked about the stored token: a mint, a normal call of `stable`, or a probe.
 * `pending`: a probe whose holder has not come back; `unknown`: WeChat said nothing about the token.
 */
export interface Verdict {
  /** The id of the claim under which it was asked. */
  id: string;
  /** When it was asked, so never later than it was true. */
  atMs: number;
  outcome: 'pending' | ProbeOutcome;
}

export type ProbeOutcome = 'accepted' | 'refused' | 'unknown';

/** Reports of the stored token that cost a call of WeChat. */
export interface Reports {
  /** When the latest of them was acted upon, and the caller's TCB_SOURCE. */
  lastAtMs: number;
  source: string | null;
  /** When WeChat accepted a token that had been reported. */
  refutedAtMs: number[];
}

/** Who has to act on a failure: nobody (it passes), the calendar, or a person. */
export type Owner = 'transient' | 'quota' | 'configuration';

/** The failures since the last success, and when the next attempt is allowed. */
export interface Backoff {
  owner: Owner;
  /** WeChat's own code, or 503 where WeChat said nothing. */
  errcode: number;
  /** One line: what happened, in WeChat's own words where it spoke. No secret in it. */
  errmsg: string;
  /** What to do now. */
  advice?: string | undefined;
  failures: number;
  sinceAtMs: number;
  retryAtMs: number;
  /** Of the configuration that failed: another configuration deserves a new attempt. */
  fingerprint: string;
}

export interface TokenRecord {
  /** Grows with every write: the operand of compare-and-swap. */
  version: number;
  token: StoredToken | null;
  claim: Claim | null;
  /** Since when a mint may make the stored token expire early (see claim.ts). */
  unsettledSinceAtMs: number | null;
  /** When the latest mint of unknown outcome was begun: WeChat may carry it out a little later still. */
  unknownSinceAtMs: number | null;
  backoff: Backoff | null;
  /** Mints that brought a token, or whose holder died, counted per day of UTC+8 (`day` = days since 1970-01-01). */
  mints: { day: number; count: number };
  /** WeChat's own limit a day, learned from a 45009 that came before MINT_LIMIT_PER_DAY; null: not met yet. */
  learnedLimit: number | null;
  /** When our current token was refused before its time: several mean that another system mints. */
  refusedAtMs: number[];
  verdict: Verdict | null;
  reports: Reports;
  /** What an operator asked for with `npm run refresh`; only who may write to the database can. */
  manualRefresh: ManualRefresh | null;
  /** Forced mints (`stable` mode's force_refresh), which WeChat limits to 20 a day, 30 s apart. */
  forces: { day: number; count: number; lastAtMs: number };
}

/** Mints that are to happen whatever the token's age: one, or two for a leaked token (see manual-refresh.ts). */
export interface ManualRefresh {
  requestedAtMs: number;
  mintsLeft: number;
  /** The token has leaked: it must die, so nothing protects it, and `stable` is forced. */
  isLeak: boolean;
}

export const emptyRecord: TokenRecord = {
  version: 0,
  token: null,
  claim: null,
  unsettledSinceAtMs: null,
  unknownSinceAtMs: null,
  backoff: null,
  mints: { day: 0, count: 0 },
  learnedLimit: null,
  refusedAtMs: [],
  verdict: null,
  reports: { lastAtMs: 0, source: null, refutedAtMs: [] },
  manualRefresh: null,
  forces: { day: 0, count: 0, lastAtMs: 0 },
};

/**
 * Every write moves the version on. One that is missing or damaged starts again at the clock's milliseconds,
 * which counting never reaches: so no late writer holds a version that could come back.
 */
export function withNextVersion(record: TokenRecord, nowMs: number): TokenRecord {
  return { ...record, version: record.version > 0 ? record.version + 1 : nowMs };
}
