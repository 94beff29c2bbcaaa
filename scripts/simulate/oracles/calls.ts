/** Counts what WeChat is asked for: calls that bring a token in a day, and forced mints, which WeChat limits. */

import { dayOf } from '../../../functions/_shared/token/backoff.ts';
import { CLAIM_MS } from '../../../functions/_shared/token/policy.ts';
import type { MintClaim } from '../ledger.ts';
import { TOLERATED_SKEW_MS } from './clocks.ts';
import type { Violate } from './violations.ts';

/**
 * A day takes 13 or 14, and each call needs a reason (see claims.ts). The rest: tokens that WeChat grants for minutes
 * only, those that others kill, an operator's forces, and what is asked again after a lost answer. Some 75 have been
 * seen; with more than these the reasons make each other.
 */
const MOST_CALLS_PER_DAY = 100;
/** In `stable` mode four calls a minute answer reports, in `token` mode fewer. */
const MOST_PER_REPORTED_MINUTE = 4;

const MOST_FORCES_PER_DAY = 20;
const FORCE_SPACING_MS = 30_000;

const MINUTE_MS = 60_000;

export interface CallOracle {
  /** A caller reports some token. */
  onReported(): void;
  /** WeChat has answered with a token. */
  onCall(claim: MintClaim, isForced: boolean): void;
}

export function createCallOracle(now: () => number, violate: Violate): CallOracle {
  const today = { day: 0, calls: 0, most: 0, forces: 0 };
  let reportedMinute = 0;
  let claimId = '';
  let lastForce: MintClaim | null = null;

  function enterDay(): void {
    const day = dayOf(now());
    if (day !== today.day) Object.assign(today, { day, calls: 0, most: MOST_CALLS_PER_DAY, forces: 0 });
  }

  function countForce(claim: MintClaim): void {
    const before = lastForce;
    lastForce = claim;
    if (!claim.isRequested) violate('force', 'a mint was forced that no operator had asked for');
    // Sent when the claim was long over: the holder was frozen on the way.
    if (now() - claim.atMs > CLAIM_MS || Math.abs(claim.offsetMs) > TOLERATED_SKEW_MS) return;
    today.forces += 1;
    if (today.forces > MOST_FORCES_PER_DAY) violate('force', `${today.forces} forced mints in a day`);
    const apartMs = before === null ? Infinity : claim.startedAtMs - before.startedAtMs;
    const isComparable = before !== null && Math.abs(claim.offsetMs - before.offsetMs) <= TOLERATED_SKEW_MS;
    if (isComparable && apartMs < FORCE_SPACING_MS - TOLERATED_SKEW_MS)
      violate('force', `two forced mints were ${apartMs} ms apart`);
  }

  return {
    onReported() {
      enterDay();
      const minute = Math.floor(now() / MINUTE_MS);
      if (minute !== reportedMinute) today.most += MOST_PER_REPORTED_MINUTE;
      reportedMinute = minute;
    },
    onCall(claim, isForced) {
      enterDay();
      const id = `${claim.instance} ${claim.startedAtMs}`;
      if (id === claimId) return;
      claimId = id;
      if (isForced) countForce(claim);
      // A clock that is wrong breaks the spacing twice: for this call and for the next.
      if (Math.abs(claim.offsetMs) > TOLERATED_SKEW_MS) today.most += 2;
      today.calls += 1;
      if (today.calls > today.most)
        violate('calls', `WeChat gave ${today.calls} tokens in a day, and ${today.most} are explained`);
    },
  };
}
