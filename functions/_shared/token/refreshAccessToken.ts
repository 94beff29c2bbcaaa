/** Use case 1: read → decide → claim → mint → commit. The one way by which a token comes into the database. */

import { claimed, committed, contested, isForeignMinterSuspected, leftUnsettled, refused } from './claim.ts';
import { payDebt } from './debt.ts';
import type { Debt } from './debt.ts';
import { decide, isReported } from './decide.ts';
import type { Reason } from './decide.ts';
import { TokenError } from './errors.ts';
import { look, remember } from './keeper.ts';
import type { Keeper } from './keeper.ts';
import { CLAIM_MS, LONGEST_MINT_MS, MOST_CLAIM_TRIES } from './policy.ts';
import type { Failure, MintOutcome, Stored } from './ports.ts';
import type { Claim, TokenRecord } from './record.ts';
import { setbackAfter } from './setback.ts';

/** What came of one attempt. `record` is the document as this process knows it then. */
export type RefreshOutcome =
  | { action: 'fresh' | 'refreshed'; record: TokenRecord }
  | { action: 'busy'; why: 'claim' | 'hold'; untilAtMs: number; record: TokenRecord }
  | { action: 'failed'; failure: Failure; retryAtMs: number; record: TokenRecord };

const CLAIM_RETRY_MS = 100;

/** What an operator reads when our tokens die before their time. */
const FOREIGN_MINTER =
  'another system mints access tokens for this AppID: find it and let it call getAccessToken instead, or set WX_TOKEN_API=stable';

/**
 * Refreshes the token if `reason` asks for it and the record allows it, with at most one mint that counts.
 * Throws a TokenError when the database can't be read or can't tell who holds the claim: nothing is minted then.
 */
export async function refreshAccessToken(keeper: Keeper, reason: Reason): Promise<RefreshOutcome> {
  const { ports, policy } = keeper;
  for (let tries = 0; tries < MOST_CLAIM_TRIES; tries++) {
    const { record, basis } = await payDebt(keeper, await look(keeper));
    const decision = decide(record, reason, ports.now(), policy);
    switch (decision.do) {
      case 'nothing':
        return { action: 'fresh', record };
      case 'wait':
        return { action: 'busy', why: decision.why, untilAtMs: decision.untilAtMs, record };
      case 'stop':
        return { action: 'failed', failure: decision.failure, retryAtMs: decision.retryAtMs, record };
      case 'mint': {
        const next = claimed(record, ports.newId(), ports.now(), policy, isReported(record, reason));
        const held = await ports.store.swap(basis, next);
        const outcome = held?.record.claim ? await mintUnder(keeper, held, held.record.claim) : null;
        if (outcome !== null) return outcome;
      }
    }
    // Whoever won may be minting right now: give way instead of reading again at once.
    await ports.sleep(CLAIM_RETRY_MS * (0.5 + ports.random()));
  }
  return { action: 'busy', why: 'claim', untilAtMs: ports.now() + CLAIM_MS, record: keeper.memory!.record };
}

/** Mints and writes down what came of it; null when another holder has taken over meanwhile. */
async function mintUnder(keeper: Keeper, held: Stored, claim: Claim): Promise<RefreshOutcome | null> {
  const { ports } = keeper;
  const beganAtMs = ports.now();
  const outcome = isStillOurs(claim, beganAtMs) ? await ports.mint() : outOfTime;
  const settle = settlement(keeper, outcome);
  const debt: Debt = {
    claimId: claim.id,
    isLost: false,
    settle,
    // It minted, or may have, behind the back of the holder that took over (R3).
    whenLost: (record) =>
      outcome.kind === 'refused' || keeper.policy.api === 'stable'
        ? null
        : contested(record, beganAtMs, ports.now()),
  };
  keeper.debt = debt;
  try {
    const { record } = await payDebt(keeper, held);
    tell(keeper, outcome, record, beganAtMs);
    return debt.isLost ? null : concluded(outcome, record);
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    const record = rememberUnsaved(keeper, settle(held.record), claim);
    tell(keeper, outcome, record, beganAtMs);
    return concluded(outcome.kind === 'minted' ? notSaved(error) : outcome, record);
  }
}

/** A process that was frozen since its claim must not mint behind the back of whoever took over. */
function isStillOurs(claim: Claim, nowMs: number): boolean {
  return nowMs >= claim.startedAtMs && nowMs + LONGEST_MINT_MS <= claim.untilAtMs;
}

/** How the document goes on after this outcome, whatever other holders have written into it meanwhile. */
function settlement({ ports, policy }: Keeper, outcome: MintOutcome): Debt['settle'] {
  const { random } = ports;
  const chance = random();
  return (record) => {
    const nowMs = ports.now();
    if (outcome.kind === 'minted') return committed(record, outcome.token, nowMs);
    const setback = setbackAfter(record, outcome.failure, policy.fingerprint, nowMs, chance);
    return outcome.kind === 'refused'
      ? refused(record, setback, nowMs)
      : leftUnsettled(record, setback, nowMs);
  };
}

function concluded(outcome: MintOutcome, record: TokenRecord): RefreshOutcome {
  if (outcome.kind === 'minted') return { action: 'refreshed', record };
  return { action: 'failed', failure: outcome.failure, retryAtMs: record.setback?.retryAtMs ?? 0, record };
}

/**
 * While the database does not know of this token, others may take over when the claim ends, and their mint
 * kills it 300 s later: so it is under sentence like any token beside an unsettled mint.
 */
function rememberUnsaved(keeper: Keeper, settled: TokenRecord, claim: Claim): TokenRecord {
  const record = { ...settled, claim, unsettledSinceAtMs: claim.startedAtMs };
  remember(keeper, record, keeper.ports.now());
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

function tell(
  { ports, appid, policy }: Keeper,
  outcome: MintOutcome,
  record: TokenRecord,
  beganAtMs: number,
): void {
  const nowMs = ports.now();
  const tookMs = nowMs - beganAtMs;
  if (outcome.kind === 'minted') ports.log('token_minted', { appid, api: policy.api, tookMs });
  else ports.log('mint_failed', { appid, outcome: outcome.kind, tookMs, ...described(outcome.failure) });
  if (isForeignMinterSuspected(record, nowMs)) {
    ports.log('foreign_minter_suspected', {
      appid,
      refusals: record.refusedAtMs.length,
      errmsg: FOREIGN_MINTER,
    });
  }
}

function described({ owner, errcode, errmsg }: Failure): { owner: string; errcode: number; errmsg: string } {
  return { owner, errcode, errmsg };
}
