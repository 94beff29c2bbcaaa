/** Use case 1: read → decide → claim → mint and save. The one way by which a token comes into the database. */

import { takeClaim } from './claim.ts';
import { decide, isReported } from './decide.ts';
import type { Decision, Reason, Wait } from './decide.ts';
import { readRecord } from './app.ts';
import type { App } from './app.ts';
import { mintAndSave, saveResult } from './mintAndSave.ts';
import type { Minted } from './mintAndSave.ts';
import { CLAIM_MS, MOST_CLAIM_TRIES } from './policy.ts';
import type { Failure } from './ports.ts';
import type { TokenRecord } from './record.ts';

/** What came of one attempt. `record` is the document as this process knows it then. */
export type RefreshOutcome =
  | { action: 'fresh' | 'refreshed'; record: TokenRecord }
  | { action: 'busy'; why: Wait; untilAtMs: number; record: TokenRecord }
  | { action: 'failed'; failure: Failure; retryAtMs: number; record: TokenRecord };

const CLAIM_RETRY_MS = 100;

/**
 * Refreshes the token if `reason` asks for it and the record allows it, with at most one mint that counts.
 * Throws a TokenError when the database can't be read or can't tell who holds the claim: nothing is minted then.
 */
export async function refreshAccessToken(app: App, reason: Reason): Promise<RefreshOutcome> {
  const { ports, policy } = app;
  for (let tries = 0; tries < MOST_CLAIM_TRIES; tries++) {
    const { record, basis } = await saveResult(app, await readRecord(app));
    const decision = decide(record, reason, ports.now(), policy);
    if (decision.do !== 'mint') return withoutMint(decision, record);
    const next = takeClaim(record, ports.newId(), ports.now(), policy, isReported(record, reason));
    const held = await ports.store.swap(basis, next);
    const minted = held && (await mintAndSave(app, held, next.claim, reason));
    if (minted && !minted.isLost) return concluded(minted);
    // Whoever won may be minting right now: give way instead of reading again at once.
    await ports.sleep(CLAIM_RETRY_MS * (0.5 + ports.random()));
  }
  return { action: 'busy', why: 'claim', untilAtMs: ports.now() + CLAIM_MS, record: app.memory!.record };
}

function withoutMint(decision: Exclude<Decision, { do: 'mint' }>, record: TokenRecord): RefreshOutcome {
  switch (decision.do) {
    case 'nothing':
      return { action: 'fresh', record };
    case 'wait':
      return { action: 'busy', why: decision.why, untilAtMs: decision.untilAtMs, record };
    case 'stop':
      return { action: 'failed', failure: decision.failure, retryAtMs: decision.retryAtMs, record };
  }
}

function concluded({ outcome, record }: Minted): RefreshOutcome {
  if (outcome.kind === 'minted') return { action: 'refreshed', record };
  return { action: 'failed', failure: outcome.failure, retryAtMs: record.backoff?.retryAtMs ?? 0, record };
}
