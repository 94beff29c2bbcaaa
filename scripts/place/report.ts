/** What one stored document tells an operator, without ever needing the key of a sealed token. Pure. */

import type { TickSource } from '../../functions/_shared/runtime/config.ts';
import { createTokenCipher } from '../../functions/_shared/store/cipher.ts';
import { fromDocument } from '../../functions/_shared/store/document.ts';
import type { TokenCipher } from '../../functions/_shared/store/sealed.ts';
import { ticketPolicy } from '../../functions/_shared/ticket/policy.ts';
import { effectiveLimit } from '../../functions/_shared/token/day-limit.ts';
import { isForeignMinterSuspected } from '../../functions/_shared/token/history.ts';
import { assuredLifeMs, dueAtMs, isDue } from '../../functions/_shared/token/life.ts';
import { CLAIM_MS, MOST_SKEW_MS, type Policy } from '../../functions/_shared/token/policy.ts';
import { pendingRefresh } from '../../functions/_shared/token/manual-refresh.ts';
import { manyRefuted } from '../../functions/_shared/token/report.ts';
import { emptyRecord } from '../../functions/_shared/token/record.ts';
import { explain } from '../../functions/_shared/token/ports.ts';
import type { HistoryEntry } from '../../functions/_shared/token/ports.ts';
import type { Backoff, StoredToken, Api, TokenRecord } from '../../functions/_shared/token/record.ts';
import { isBackingOff } from '../../functions/_shared/token/backoff.ts';
import { namesWith } from '../local/names.ts';
import { readHistory } from './history.ts';
import { countToday, type Settings } from './settings.ts';
import { masked } from '../command/words.ts';

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

interface TokenReport {
  /** The first 4 characters and the length; for a sealed token that this machine can't open, only that. */
  shown: string;
  storage: 'clear' | 'sealed' | 'sealed with a key that is not here';
  api: Api;
  mintedAtMs: number;
  expiresAtMs: number;
  /** When a tick replaces it. */
  dueAtMs: number;
}

export function reportOn(document: Record<string, unknown>, settings: Settings, nowMs: number): AppReport {
  const appid = String(document['_id']);
  const { record, damaged } = fromDocument(document, appid, unopened);
  const configured = [...settings.apps, ...settings.tickets].find((app) => app.appid === appid);
  const api = configured?.api ?? record.token?.api ?? 'token';
  const policy = policyFor(record, api, settings);
  const history = readHistory(document['history']).toReversed();
  return {
    appid,
    api,
    isConfiguredHere: configured !== undefined,
    isLeftOver: configured === undefined && settings.apps.length > 0,
    token: record.token && describeToken(document, record.token, policy, settings),
    lifeLeftMs: assuredLifeMs(record, nowMs, nowMs, policy),
    nextRefreshAtMs: nextRefreshAtMs(record, nowMs, policy),
    mintsToday: {
      count: countToday(record.mints, nowMs),
      limit: policy.mintLimitPerDay,
      learnedLimit: record.learnedLimit,
      effectiveLimit: effectiveLimit(record, policy),
    },
    forcesToday: countToday(record.forces, nowMs),
    breaker: describeBackoff(record.backoff, policy.fingerprint, nowMs),
    claim: claimInForce(record, nowMs),
    unsettledSinceAtMs: record.unsettledSinceAtMs,
    foreignMinter: {
      isSuspected: isForeignMinterSuspected(record, nowMs),
      refusedAtMs: record.refusedAtMs,
    },
    refutedReports: { atMs: manyRefuted(record, nowMs), source: record.reports.source },
    manualRefresh: pendingRefresh(record, nowMs),
    ticks: { source: settings.ticks, lastAtMs: lastTickAtMs(history, settings.ticks) },
    history,
    damaged,
  };
}

/** A tick with nothing to do writes nothing: only one that refreshed can be told. The door names itself in `who`. */
function lastTickAtMs(history: readonly HistoryEntry[], source: TickSource): number | null {
  const isMeant = ({ reason, who }: HistoryEntry): boolean =>
    reason === 'timer' && who.startsWith(`${namesWith('').outside}/`) === (source === 'outside');
  return history.find(isMeant)?.atMs ?? null;
}

/** For an app that is configured and has no document yet. */
export function reportOnNothing(appid: string, settings: Settings, nowMs: number): AppReport {
  // All of an absent document's fields would count as damaged.
  return reportOn({ _id: appid, ...emptyRecord, version: 1 }, settings, nowMs);
}

/** The claim that forbids everybody else to mint, if one does. */
export function claimInForce({ claim }: TokenRecord, nowMs: number): AppReport['claim'] {
  if (claim === null || claim.untilAtMs <= nowMs || claim.untilAtMs > nowMs + CLAIM_MS + MOST_SKEW_MS)
    return null;
  return { startedAtMs: claim.startedAtMs, untilAtMs: claim.untilAtMs };
}

/** Reads a sealed token's dates without opening it: to look, or to ask for a mint, nobody needs the token itself. */
export const unopened: TokenCipher = {
  seal: (_appid, value) => value,
  open: (_appid, stored) => ({ ok: true, value: JSON.stringify(stored) }),
};

/**
 * A breaker counts as that of the functions' present configuration: this machine's may differ from what is deployed,
 * and only the functions know their own.
 */
function policyFor(
  { backoff }: TokenRecord,
  api: Api,
  { refreshAfterMs, mintLimitPerDay }: Settings,
): Policy {
  const fingerprint = backoff?.fingerprint ?? '';
  const own = api === 'ticket' ? ticketPolicy : { api, refreshAfterMs, mintLimitPerDay };
  return { ...own, fingerprint };
}

function nextRefreshAtMs(record: TokenRecord, nowMs: number, policy: Policy): number | null {
  if (record.token === null || isDue(record, nowMs, policy)) return null;
  return dueAtMs(record.token, policy);
}

function describeBackoff(backoff: Backoff | null, fingerprint: string, nowMs: number): AppReport['breaker'] {
  if (backoff === null) return null;
  const { fingerprint: _, advice: __, ...told } = backoff;
  return { ...told, errmsg: explain(backoff), isOpen: isBackingOff(backoff, fingerprint, nowMs) };
}

function describeToken(
  document: Record<string, unknown>,
  token: StoredToken,
  policy: Policy,
  { encryptionKeys }: Settings,
): TokenReport {
  const stored = (document['token'] as { value: Parameters<TokenCipher['open']>[1] }).value;
  const opened = createTokenCipher(encryptionKeys).open(String(document['_id']), stored);
  const isClear = typeof stored === 'string';
  return {
    shown: opened.ok ? masked(opened.value) : 'encrypted',
    storage: isClear ? 'clear' : opened.ok ? 'sealed' : 'sealed with a key that is not here',
    api: token.api,
    mintedAtMs: token.mintedAtMs,
    expiresAtMs: token.expiresAtMs,
    dueAtMs: dueAtMs(token, policy),
  };
}
