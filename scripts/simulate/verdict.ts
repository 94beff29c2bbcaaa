/**
 * Decides the cause of a dead token from what really happened, never from the result.
 *
 * A token that was dead when it was handed out, or died before its promised expiry, is **avoidable** unless one of
 * these explains it, tried in this order:
 *
 * - `flap`: it is alive; one of WeChat's replicas refuses it for a while.
 * - `outside`: it would be alive had nobody else minted, had WeChat revoked nothing, and had no caller reported the
 *   stored token when it was dead: whatever we minted from then until the next stored token was the reaction to that.
 * - `reported`: it would be alive had no caller reported it while it lived; a flapping replica makes callers do that.
 * - `operator`: it would be alive had no operator asked for the death of a leaked token.
 * - `deployment`: it would be alive without the mints by which a changed mode replaced the other endpoint's token.
 * - `denied`: it would be alive had WeChat not minted and then rejected it.
 * - `late`: it would be alive without mints that WeChat carried out when their claim was long over (the holder was
 *   frozen between the last check and the request, or its clock stepped back under it), and without those that a
 *   mark of such a holder made necessary: it can't know what its request did to the winner's token.
 * - `skew`: the clocks that contributed (of the instance that gave it out, of the one that minted it, of those
 *   that invalidated it, of the one whose unsettled mint these waited for) are more than a second apart: the promise and
 *   the hold end at the same instant (R3), and clocks are not compared.
 *
 * Those in between excuse only what was handed out before we could have known: until the database holds a newer
 * token, and every instance has had its minute of memory (R5) and the time of one call; or, where an instance is cut
 * off from the database, until it is no more.
 */

import { CLAIM_MS, MEMORY_MS } from '../../functions/_shared/token/policy.ts';
import type { Ledger, Mint, Without } from './ledger.ts';

export const EXCUSES = [
  'flap',
  'outside',
  'reported',
  'operator',
  'deployment',
  'denied',
  'late',
  'skew',
] as const;
export type Verdict = (typeof EXCUSES)[number] | 'avoidable';

/** A count of each, from 0 on. */
export const noVerdicts = (): Record<Verdict, number> =>
  Object.fromEntries([...EXCUSES, 'avoidable'].map((name) => [name, 0])) as Record<Verdict, number>;

export interface Handout {
  value: string;
  atMs: number;
  instance: number;
  /** The offset of the instance's clock, and the least and the greatest that it has had. */
  clock: { nowMs: number; leastMs: number; mostMs: number };
  /** The database was down: the instance returned the token in its memory (R5) and could not know a newer one. */
  isCutOff: boolean;
}

/** A call reads the document, and may wait and try for this long before it answers from what it read. */
export const LONGEST_CALL_MS = 20_000;

/** The rules allow no more: the hold and the promise end at the same instant, and WeChat counts in seconds. */
const TOLERATED_SKEW_MS = 1_000;

const isOutside = (mint: Mint): boolean => mint.claim === null || mint.claim.reported === 'dead';
const isReported = (mint: Mint): boolean => mint.claim?.reported === 'living';
const isRequested = (mint: Mint): boolean => mint.claim?.isRequested === true;
const isModeChange = (mint: Mint): boolean => mint.claim?.isModeChange === true;
const isDenied = (mint: Mint): boolean => mint.isDenied;
export const isLate = (mint: Mint): boolean => mint.claim !== null && mint.atMs - mint.claim.atMs > CLAIM_MS;
const isLatesDoing = (mint: Mint): boolean => isLate(mint) || mint.claim?.isSettlingMark === true;

/** Left out one after the other: each variant of WeChat has fewer harmful events than the one before. */
const HARMS: { verdict: Verdict; isIts: (mint: Mint) => boolean }[] = [
  { verdict: 'outside', isIts: isOutside },
  { verdict: 'reported', isIts: isReported },
  { verdict: 'operator', isIts: isRequested },
  { verdict: 'deployment', isIts: isModeChange },
  { verdict: 'denied', isIts: isDenied },
  { verdict: 'late', isIts: isLatesDoing },
];

const WORLDS = HARMS.map(({ verdict }, index): { verdict: Verdict; without: Without } => {
  const left = HARMS.slice(0, index + 1);
  return { verdict, without: { mint: (mint) => left.some(({ isIts }) => isIts(mint)), revocations: true } };
});

/** Why the token did not work at `atMs`. */
export function judge(ledger: Ledger, handout: Handout, atMs: number): Verdict {
  const mint = ledger.find(handout.value);
  if (mint === undefined) return 'avoidable';
  if (ledger.deathAtMs(mint) > atMs) return 'flap';
  const isKnownFromAtMs = ledger.replacedAtMs(mint) + MEMORY_MS + LONGEST_CALL_MS;
  if (handout.isCutOff || handout.atMs <= isKnownFromAtMs) {
    const world = WORLDS.find(({ without }) => ledger.deathAtMs(mint, without) > atMs);
    if (world !== undefined) return world.verdict;
  }
  return skewMs(ledger, handout, mint) > TOLERATED_SKEW_MS ? 'skew' : 'avoidable';
}

/** How far apart the clocks are that determined this token's promise and its expiry. */
export function skewMs(ledger: Ledger, handout: Handout, mint: Mint): number {
  const offsets = [handout.clock.leastMs, handout.clock.mostMs];
  if (mint.reckonedBy !== null) offsets.push(mint.reckonedBy.leastMs, mint.reckonedBy.mostMs);
  for (const { claim } of [mint, ...ledger.killers(mint)])
    if (claim !== null) offsets.push(claim.offsetMs, claim.unsettledOffsetMs);
  return Math.max(...offsets) - Math.min(...offsets);
}
