/** The middle of a refresh: asks WeChat once and saves what came of it, even if another instance wrote meanwhile. */

import { readRecord, remember, setUnsaved, shareSave } from './app.ts';
import type { App, Saved, UnsavedResult } from './app.ts';
import { applyResult, earlier, isSaved, markLost } from './result.ts';
import type { Reason } from './decide.ts';
import { entryOf, logOutcome, logRefuted } from './history.ts';
import { KINDS } from './kinds.ts';
import { isForcing } from './manual-refresh.ts';
import { LONGEST_MINT_MS, MOST_CLAIM_TRIES } from './policy.ts';
import { TokenError } from './ports.ts';
import type { MintOutcome, Stored } from './ports.ts';
import type { Claim, TokenRecord } from './record.ts';

/** `isLost`: another holder had taken over, and `record` is its document. */
export interface Minted {
  outcome: MintOutcome;
  record: TokenRecord;
  isLost: boolean;
}

/** Mints under the claim that `held` has just taken. If the database fails, the result is kept and saved later. */
export async function mintAndSave(app: App, held: Stored, claim: Claim, reason: Reason): Promise<Minted> {
  const { ports } = app;
  const beganAtMs = ports.now();
  const outcome = isStillOurs(claim, beganAtMs) ? await ports.mint(isForcing(held.record)) : outOfTime;
  const endedAtMs = ports.now();
  const entry = entryOf(app, held.record, outcome, reason, { beganAtMs, endedAtMs });
  const result = { claim, outcome, beganAtMs, endedAtMs, chance: ports.random(), entry };
  setUnsaved(app, result);
  try {
    const { record, isLost } = await saveResult(app, held);
    logOutcome(app, outcome, record, beganAtMs);
    if (!isLost) logRefuted(app, record, held.record);
    return { outcome, record, isLost };
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    const record = rememberUnsaved(app, held.record, result);
    logOutcome(app, outcome, record, beganAtMs);
    return { outcome: outcome.kind === 'minted' ? notSaved(app, error) : outcome, record, isLost: false };
  }
}

/** The document as it is now, with what this instance had still to save. Throws a TokenError as the store does. */
export async function readSaved(app: App): Promise<Saved> {
  return saveResult(app, await readRecord(app));
}

/**
 * Writes the unsaved result, if there is one, into the document that was just read. If storing failed, the token is
 * still good: it is stored here, at the next call. If another instance has taken over, its document is marked instead.
 * Throws a TokenError as the store does.
 */
async function saveResult(app: App, stored: Stored): Promise<Saved> {
  const { unsaved } = app;
  if (unsaved === null) return { ...stored, isLost: false };
  return app.saving ?? shareSave(app, save(app, unsaved, stored));
}

async function save(app: App, result: UnsavedResult, first: Stored): Promise<Saved> {
  const { ports, policy } = app;
  let stored = first;
  for (let tries = 0; tries < MOST_CLAIM_TRIES; tries++) {
    const { record, basis } = stored;
    if (isSaved(record, result)) {
      setUnsaved(app, null);
      return { ...stored, isLost: false };
    }
    const isMine = record.claim?.id === result.claim.id;
    const nowMs = ports.now();
    const next = isMine
      ? applyResult(record, result, policy, nowMs)
      : markLost(record, result, policy, nowMs);
    const entry = isMine ? result.entry : { ...result.entry, outcome: 'lost' as const };
    const written = next === null ? stored : await ports.store.swap(basis, next, entry);
    if (written !== null) {
      setUnsaved(app, null);
      if (!isMine) ports.log('claim_lost', { appid: app.appid, isMarked: next !== null });
      remember(app, written.record, nowMs);
      return { ...written, isLost: !isMine };
    }
    stored = await readRecord(app);
  }
  throw new TokenError(
    'STORE_UNAVAILABLE',
    'the document changed under every attempt to write the result of a mint',
  );
}

/** An instance that was frozen since its claim must not mint: another one may have taken over. */
function isStillOurs(claim: Claim, nowMs: number): boolean {
  return nowMs >= claim.startedAtMs && nowMs + LONGEST_MINT_MS <= claim.untilAtMs;
}

/**
 * While the database does not know of this token, another instance may take over when the claim ends, and its mint
 * ends this token 300 s later: so it expires early, like any token beside an unsettled mint.
 */
function rememberUnsaved(app: App, held: TokenRecord, result: UnsavedResult): TokenRecord {
  const { ports, policy } = app;
  const applied = applyResult(held, result, policy, ports.now());
  const unsettledSinceAtMs = earlier(applied.unsettledSinceAtMs, result.claim.startedAtMs);
  const record = { ...applied, claim: result.claim, unsettledSinceAtMs };
  remember(app, record, ports.now());
  return record;
}

function notSaved({ policy }: App, error: TokenError): MintOutcome {
  return inVain(
    `the ${KINDS[policy.api].noun} that WeChat issued could not be stored: ${error.message}; it is kept in memory and stored at the next call`,
  );
}

const outOfTime = inVain(
  'the claim was nearly over before WeChat was asked (a slow database or a frozen instance); nothing was minted',
);

function inVain(errmsg: string): MintOutcome {
  return { kind: 'refused', failure: { owner: 'transient', errcode: 503, errmsg } };
}
