/** What operators see of each mint: its entry in the history, its line in the log, and who else mints. */

import type { App } from './app.ts';
import { KINDS } from './kinds.ts';
import { pendingRefresh } from './manual-refresh.ts';
import { DAY_MS, MINUTE_MS, NEWBORN_MS } from './policy.ts';
import { explain } from './ports.ts';
import type { HistoryEntry, MintOutcome } from './ports.ts';
import type { TokenRecord } from './record.ts';
import { manyRefuted } from './report.ts';

/** Refusals of our current token before its time are remembered for a day, and no more than these. */
const REFUSALS_KEPT = 10;
/** How long a token lives by default (R1). */
const REFRESH_AFTER_MS = 110 * MINUTE_MS;

export function entryOf(
  { ports }: App,
  record: TokenRecord,
  outcome: MintOutcome,
  { by }: { by: string },
  { beganAtMs, endedAtMs }: { beganAtMs: number; endedAtMs: number },
): HistoryEntry {
  const failure = outcome.kind === 'minted' ? null : outcome.failure;
  const { token } = record;
  return {
    atMs: beganAtMs,
    reason: pendingRefresh(record, beganAtMs) === null ? by : 'manual',
    outcome: outcome.kind,
    errcode: failure?.errcode ?? 0,
    rid: failure?.rid ?? null,
    tookMs: endedAtMs - beganAtMs,
    gapMs: token === null ? null : beganAtMs - token.mintedAtMs,
    who: ports.who,
  };
}

const FOREIGN_MINTER =
  'another system mints access tokens for this AppID: find it and let it call getAccessToken instead, or set WX_TOKEN_API=stable';

export function logOutcome(app: App, outcome: MintOutcome, record: TokenRecord, beganAtMs: number): void {
  const { ports, appid, policy } = app;
  const nowMs = ports.now();
  const tookMs = nowMs - beganAtMs;
  if (outcome.kind === 'minted') ports.log('token_minted', { appid, api: policy.api, tookMs });
  else {
    const { owner, errcode } = outcome.failure;
    const errmsg = explain(outcome.failure);
    ports.log('mint_failed', { appid, outcome: outcome.kind, tookMs, owner, errcode, errmsg });
  }
  if (!isForeignMinterSuspected(record, nowMs)) return;
  const refusals = record.refusedAtMs.length;
  ports.log('foreign_minter_suspected', { appid, refusals, errmsg: FOREIGN_MINTER });
}

const FAULTY_CALLER =
  'a caller reports tokens that WeChat accepts: report only 40001, 40014 and 42001, only of the call that used this very token, and not a 40001 of another AppID or of a wrong parameter';

/** Says who reports tokens that are alive, once that has happened often enough to be a bug. */
export function logRefuted({ ports, appid }: App, record: TokenRecord, before: TokenRecord): void {
  const refuted = manyRefuted(record, ports.now());
  if (refuted.length === 0 || record.reports.refutedAtMs.at(-1) === before.reports.refutedAtMs.at(-1)) return;
  const { source } = record.reports;
  ports.log('reports_refuted', { appid, refutations: refuted.length, source, errmsg: FAULTY_CALLER });
}

/**
 * Was our token refused before its time twice within a day? Then somebody else mints for this AppID. It ends by
 * evidence: tokens that lived on unrefused for twice as long as they live, and as the other one ever paused. Tokens of
 * the other endpoint are nobody's to end.
 */
export function isForeignMinterSuspected({ refusedAtMs, token }: TokenRecord, nowMs: number): boolean {
  // Node.js 18 has no toSorted.
  const lately = refusedAtMs.filter((atMs) => nowMs - atMs < DAY_MS).sort((a, b) => a - b);
  const last = lately.at(-1);
  if (last === undefined || lately.length < 2 || (token !== null && !KINDS[token.api].killsTheOneBefore))
    return false;
  const pauses = lately.slice(1).map((atMs, index) => atMs - (lately[index] ?? atMs));
  // Of the token that is stored nothing is known yet: that it was fetched says that the ones before it lived.
  const unrefusedMs = token === null ? 0 : token.mintedAtMs - last;
  return unrefusedMs < 2 * Math.max(REFRESH_AFTER_MS, ...pauses);
}

/** A refusal counts only when no mint of our own explains it, and no replica that lags behind. */
export function countRefusal(record: TokenRecord, nowMs: number): number[] {
  const { token, unsettledSinceAtMs, refusedAtMs } = record;
  if (token === null) return refusedAtMs;
  const isOurOwnDoing = unsettledSinceAtMs !== null || !KINDS[token.api].killsTheOneBefore;
  const isBeforeItsTime = nowMs - token.mintedAtMs >= NEWBORN_MS && nowMs < token.expiresAtMs;
  if (isOurOwnDoing || !isBeforeItsTime) return refusedAtMs;
  return [...refusedAtMs, nowMs].filter((atMs) => nowMs - atMs < DAY_MS).slice(-REFUSALS_KEPT);
}
