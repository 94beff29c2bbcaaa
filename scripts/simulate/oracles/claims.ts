/** R1 and R6 at every claim for a mint: only what is due, unsettled or rightly reported is replaced. */

import { NEWBORN_MS } from '../../../functions/_shared/token/policy.ts';
import type { StoredToken, TokenRecord } from '../../../functions/_shared/token/record.ts';
import type { MintClaim } from '../ledger.ts';
import type { Oracles } from './oracles.ts';

interface ClaimFacts {
  /** What is stored when the claim is made: a claim on anything older is lost. */
  record: TokenRecord;
  /** By the clock of the instance, as the instants in the document are by the clock of some instance. */
  startedAtMs: number;
  /** What the caller reports. */
  names: 'nothing' | 'the stored token' | 'another token';
  /** Does WeChat accept the reported token? */
  isAccepted(): boolean;
}

const SECOND_MS = 1_000;
const REFRESH_AFTER_MS = 110 * 60 * SECOND_MS;
const TOLERANCE_MS = 30 * SECOND_MS;
const LAST_CALL_MS = 300 * SECOND_MS;
/** Of the 240 s after an unsettled mint less than 60 are left then, and the token is replaced without a look. */
const LOOKED_AT_MS = 180 * SECOND_MS;

/** What is forbidden about the claim; null when nothing is. */
export function breachOf(
  facts: ClaimFacts,
  { reports, clocks }: Pick<Oracles, 'reports' | 'clocks'>,
): MintClaim['breach'] {
  const { token, unsettledSinceAtMs } = facts.record;
  if (token === null || isDue(token, facts.startedAtMs)) return null;
  if (facts.names !== 'the stored token') {
    if (unsettledSinceAtMs !== null) return null;
    return facts.names === 'nothing'
      ? { rule: 'needless', text: 'a token was replaced that was neither due nor reported' }
      : { rule: 'report', text: 'a report of a token that is not stored led to a mint' };
  }
  if (token.api !== 'token') return null;
  const isNewborn = Math.abs(facts.startedAtMs - token.mintedAtMs) < NEWBORN_MS;
  if (isNewborn && !clocks.isSkewed())
    return { rule: 'report', text: 'a report of a newborn token led to a mint' };
  const isNearlyOver = unsettledSinceAtMs !== null && facts.startedAtMs - unsettledSinceAtMs >= LOOKED_AT_MS;
  if (isNearlyOver || !facts.isAccepted() || !reports.isDisbelieved(token.value)) return null;
  return { rule: 'report', text: 'a report of a living token led to another mint' };
}

/** R1. */
function isDue({ mintedAtMs, expiresAtMs, api }: StoredToken, startedAtMs: number): boolean {
  const nearlyOverAtMs = expiresAtMs - Math.min(LAST_CALL_MS, (expiresAtMs - mintedAtMs) / 2);
  const isOld = api === 'token' && startedAtMs >= mintedAtMs + REFRESH_AFTER_MS - TOLERANCE_MS;
  return isOld || startedAtMs >= nearlyOverAtMs;
}
