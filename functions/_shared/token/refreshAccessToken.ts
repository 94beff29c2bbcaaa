/** Refreshes a token: read → decide → claim → mint and save. Every new token comes into being here. */

import { takeClaim } from './claim.ts';
import { decide } from './decide.ts';
import type { Decision, Reason, Wait } from './decide.ts';
import type { App, Saved } from './app.ts';
import { logOutcome } from './history.ts';
import { isTooShort } from './life.ts';
import { mintAndSave, readSaved } from './mintAndSave.ts';
import type { Minted } from './mintAndSave.ts';
import { CLAIM_MS, MOST_CLAIM_TRIES } from './policy.ts';
import type { Failure } from './ports.ts';
import { probeAndSave } from './probeAndSave.ts';
import type { TokenRecord } from './record.ts';
import { isReported } from './report.ts';

/** What came of one attempt. `record` is the document as this process knows it then. */
export type RefreshOutcome =
  | { action: 'fresh' | 'refreshed'; record: TokenRecord }
  | { action: 'busy'; why: Wait; untilAtMs: number; record: TokenRecord }
  | { action: 'failed'; failure: Failure; retryAtMs: number; record: TokenRecord };

const CLAIM_RETRY_MS = 100;

/** As `refreshFrom`, with the document as it is now. */
export async function refreshAccessToken(app: App, reason: Reason): Promise<RefreshOutcome> {
  return refreshFrom(app, reason, await readSaved(app));
}

/**
 * Refreshes the token if `reason` asks for it and the record allows it, with at most one mint that counts.
 * Throws a TokenError when the database can't be read or can't tell who holds the claim: nothing is minted then.
 */
export async function refreshFrom(app: App, reason: Reason, first: Saved): Promise<RefreshOutcome> {
  const { ports, policy } = app;
  let stored = first;
  for (let tries = 0; tries < MOST_CLAIM_TRIES; tries++) {
    const { record } = stored;
    const decision = decide(record, reason, ports.now(), policy);
    if (decision.do !== 'mint' && decision.do !== 'probe') return withoutMint(decision, record);
    const minted = decision.do === 'mint' ? await claimAndMint(app, reason, stored) : null;
    if (minted && !minted.isLost) return concluded(minted, ports.now());
    const isProbed = decision.do === 'probe' && (await probeAndSave(app, decision.report, stored));
    // Whoever won may be minting right now: give way instead of reading again at once.
    if (!isProbed) await ports.sleep(CLAIM_RETRY_MS * (0.5 + ports.random()));
    stored = await readSaved(app);
  }
  return { action: 'busy', why: 'claim', untilAtMs: ports.now() + CLAIM_MS, record: stored.record };
}

/** Null: another holder was first. */
async function claimAndMint(app: App, reason: Reason, { record, basis }: Saved): Promise<Minted | null> {
  const { ports, policy } = app;
  const failure = await prepare(app, reason, record);
  if (failure) return { outcome: { kind: 'refused', failure }, record, isLost: false };
  const report = isReported(record, reason) ? reason : null;
  const next = takeClaim(record, ports.newId(), ports.now(), policy, report);
  const held = await ports.store.swap(basis, next);
  return held && mintAndSave(app, held, next.claim, reason);
}

/** What is alive is not kept from its reader for long. Nothing is written of a failure: it is not this document's. */
async function prepare(app: App, reason: Reason, record: TokenRecord): Promise<Failure | null> {
  const beganAtMs = app.ports.now();
  const isUrgent = reason.by === 'timer' || isTooShort(record, beganAtMs, beganAtMs, app.policy);
  const failure = (await app.ports.prepare?.(isUrgent)) ?? null;
  if (failure) logOutcome(app, { kind: 'refused', failure }, record, beganAtMs);
  return failure;
}

function withoutMint(
  decision: Exclude<Decision, { do: 'mint' | 'probe' }>,
  record: TokenRecord,
): RefreshOutcome {
  if (decision.do === 'nothing') return { action: 'fresh', record };
  if (decision.do === 'wait')
    return { action: 'busy', why: decision.why, untilAtMs: decision.untilAtMs, record };
  return { action: 'failed', failure: decision.failure, retryAtMs: decision.retryAtMs, record };
}

function concluded({ outcome, record }: Minted, nowMs: number): RefreshOutcome {
  if (outcome.kind === 'minted') return { action: 'refreshed', record };
  const { failure } = outcome;
  const savedAtMs = record.backoff?.retryAtMs ?? 0;
  const retryAtMs = savedAtMs > nowMs ? savedAtMs : nowMs + (failure.retryAfterMs ?? 0);
  return { action: 'failed', failure, retryAtMs, record };
}
