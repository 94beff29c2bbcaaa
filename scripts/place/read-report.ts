/** Reads one stored document for an operator, without ever needing the key of a sealed token. Pure. */

import type { TickSource } from '../../functions/_shared/runtime/config.ts';
import { createTokenCipher } from '../../functions/_shared/store/cipher.ts';
import { fromDocument } from '../../functions/_shared/store/document.ts';
import type { TokenCipher } from '../../functions/_shared/store/sealed.ts';
import { isBackingOff } from '../../functions/_shared/token/backoff.ts';
import { ticketPolicy } from '../../functions/_shared/ticket/policy.ts';
import { effectiveLimit } from '../../functions/_shared/token/day-limit.ts';
import { isForeignMinterSuspected } from '../../functions/_shared/token/history.ts';
import { assuredLifeMs, dueAtMs, isDue } from '../../functions/_shared/token/life.ts';
import { pendingRefresh } from '../../functions/_shared/token/manual-refresh.ts';
import { CLAIM_MS, MOST_SKEW_MS, type Policy } from '../../functions/_shared/token/policy.ts';
import { explain, type HistoryEntry } from '../../functions/_shared/token/ports.ts';
import {
  emptyRecord,
  type Api,
  type Backoff,
  type StoredToken,
  type TokenRecord,
} from '../../functions/_shared/token/record.ts';
import { manyRefuted } from '../../functions/_shared/token/report.ts';
import { masked } from '../command/words.ts';
import { namesWith } from '../local/names.ts';
import { readHistory } from './history.ts';
import type { AppReport, TokenReport } from './report.ts';
import { countToday, type Settings } from './settings.ts';
import { unopened } from './unopened.ts';

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
