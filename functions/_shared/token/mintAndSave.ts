/** The middle of a refresh: WeChat is asked once, and what came of it is written down, whoever wrote meanwhile. */

import { commit, markContested, isForeignMinterSuspected, leaveUnsettled, release } from './claim.ts';
import { saveResult } from './unsaved.ts';
import type { UnsavedResult } from './unsaved.ts';
import type { Reason } from './decide.ts';
import { TokenError } from './errors.ts';
import { remember } from './app.ts';
import type { App } from './app.ts';
import { isForced, pendingRefresh } from './manual-refresh.ts';
import { LATE_MS, LONGEST_MINT_MS } from './policy.ts';
import type { MintOutcome, Stored } from './ports.ts';
import { earlier } from './record.ts';
import type { Claim, HistoryEntry, TokenRecord } from './record.ts';
import { backoffAfter } from './backoff.ts';

/** `isLost`: another holder had taken over, and `record` is its document. */
export interface Minted {
  outcome: MintOutcome;
  record: TokenRecord;
  isLost: boolean;
}

/** Mints with the claim that `held` has just taken. Never throws for a failing database: the result is owed then. */
export async function mintAndSave(app: App, held: Stored, claim: Claim, reason: Reason): Promise<Minted> {
  const { ports, policy } = app;
  const beganAtMs = ports.now();
  const isInTime = isStillOurs(claim, beganAtMs);
  const outcome = isInTime ? await ports.mint(isForced(held.record, claim.startedAtMs, policy)) : outOfTime;
  const endedAtMs = ports.now();
  const unsaved: UnsavedResult = {
    claimId: claim.id,
    isSaved: (record) => isWrittenDown(record, outcome, claim),
    settle: settlement(app, outcome),
    markLost: (record) =>
      mayHaveHit(app, outcome, record, endedAtMs) ? markContested(record, beganAtMs, ports.now()) : null,
    entry: entryOf(app, held.record, outcome, reason, beganAtMs),
  };
  app.unsaved = unsaved;
  try {
    const { record, isLost } = await saveResult(app, held);
    tell(app, outcome, record, beganAtMs);
    return { outcome, record, isLost };
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    const record = rememberUnsaved(app, unsaved.settle(held.record), claim);
    tell(app, outcome, record, beganAtMs);
    return { outcome: outcome.kind === 'minted' ? notSaved(error) : outcome, record, isLost: false };
  }
}

/** A process that was frozen since its claim must not mint behind the back of whoever took over. */
function isStillOurs(claim: Claim, nowMs: number): boolean {
  return nowMs >= claim.startedAtMs && nowMs + LONGEST_MINT_MS <= claim.untilAtMs;
}

/**
 * Only then is there something to tell the holder that took over: in `stable` mode a mint harms no other token, and
 * what WeChat carried out before the stored token was asked for did not hit that one.
 */
function mayHaveHit(
  { policy }: App,
  outcome: MintOutcome,
  { token }: TokenRecord,
  endedAtMs: number,
): boolean {
  if (outcome.kind === 'refused' || policy.api === 'stable') return false;
  return token === null || token.mintedAtMs < endedAtMs + LATE_MS;
}

/** The write was done although its answer was lost, and so was that of the look which should have told. */
function isWrittenDown(record: TokenRecord, outcome: MintOutcome, claim: Claim): boolean {
  // While the claim stands nothing was written; `stable` may have brought the very token that is stored.
  if (record.claim?.id === claim.id) return false;
  if (outcome.kind === 'minted') return record.token?.value === outcome.token.value;
  return outcome.kind === 'unknown' && record.unknownSinceAtMs === claim.startedAtMs;
}

/** How the document goes on after this outcome, whatever other holders have written into it meanwhile. */
function settlement({ ports, policy }: App, outcome: MintOutcome): UnsavedResult['settle'] {
  const chance = ports.random();
  return (record) => {
    const nowMs = ports.now();
    if (outcome.kind === 'minted') return commit(record, outcome.token, nowMs);
    const backoff = backoffAfter(record, outcome.failure, policy.fingerprint, nowMs, chance);
    return outcome.kind === 'refused'
      ? release(record, backoff, nowMs)
      : leaveUnsettled(record, backoff, nowMs);
  };
}

/**
 * While the database does not know of this token, others may take over when the claim ends, and their mint
 * kills it 300 s later: so it is under sentence like any token beside an unsettled mint.
 */
function rememberUnsaved(app: App, settled: TokenRecord, claim: Claim): TokenRecord {
  const unsettledSinceAtMs = earlier(settled.unsettledSinceAtMs, claim.startedAtMs);
  const record = { ...settled, claim, unsettledSinceAtMs };
  remember(app, record, app.ports.now());
  return record;
}

function notSaved(error: TokenError): MintOutcome {
  const errmsg = `WeChat issued an access_token but it could not be stored: ${error.message}; it is kept in memory and stored at the next call`;
  return { kind: 'refused', failure: { owner: 'transient', errcode: 503, errmsg } };
}

const outOfTime: MintOutcome = {
  kind: 'refused',
  failure: {
    owner: 'transient',
    errcode: 503,
    errmsg:
      'the claim was nearly over before WeChat was asked (a slow database or a frozen instance); nothing was minted',
  },
};

function entryOf(
  { ports }: App,
  record: TokenRecord,
  outcome: MintOutcome,
  reason: Reason,
  beganAtMs: number,
): HistoryEntry {
  const nowMs = ports.now();
  const failure = outcome.kind === 'minted' ? null : outcome.failure;
  const { token } = record;
  return {
    atMs: beganAtMs,
    reason: pendingRefresh(record, beganAtMs) === null ? reason.by : 'manual',
    outcome: outcome.kind,
    errcode: failure?.errcode ?? 0,
    rid: failure?.rid ?? null,
    tookMs: nowMs - beganAtMs,
    gapMs: token === null ? null : beganAtMs - token.mintedAtMs,
    who: ports.who,
  };
}

/** What an operator reads when our tokens die before their time. */
const FOREIGN_MINTER =
  'another system mints access tokens for this AppID: find it and let it call getAccessToken instead, or set WX_TOKEN_API=stable';

function tell(
  { ports, appid, policy }: App,
  outcome: MintOutcome,
  record: TokenRecord,
  beganAtMs: number,
): void {
  const nowMs = ports.now();
  const tookMs = nowMs - beganAtMs;
  if (outcome.kind === 'minted') ports.log('token_minted', { appid, api: policy.api, tookMs });
  else {
    const { owner, errcode, errmsg } = outcome.failure;
    ports.log('mint_failed', { appid, outcome: outcome.kind, tookMs, owner, errcode, errmsg });
  }
  if (isForeignMinterSuspected(record, nowMs)) {
    ports.log('foreign_minter_suspected', {
      appid,
      refusals: record.refusedAtMs.length,
      errmsg: FOREIGN_MINTER,
    });
  }
}
