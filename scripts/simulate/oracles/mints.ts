/** At every mint: the day's limit, R3's hold, and any rule that the mint's claim broke. */

import { dayOf } from '../../../functions/_shared/token/backoff.ts';
import { HOLD_MS } from '../../../functions/_shared/token/policy.ts';
import type { Ledger, Mint } from '../ledger.ts';
import { isLate } from '../verdict.ts';
import type { Violate } from './violations.ts';

export interface MintOracle {
  onMint(mint: Mint): void;
}

interface MintOracleOptions {
  now(): number;
  ledger: Ledger;
  mintLimitPerDay: number;
  violate: Violate;
  stored(): Mint | null;
  promisedUntilAtMs(mint: Mint): number;
}

const DAY_MS = 86_400_000;
const UTC_PLUS_8_MS = 8 * 3_600_000;
/** Clocks that are 2 minutes off count a mint near midnight to another day. */
const MIDNIGHT_BLUR_MS = 150_000;

export function createMintOracle(options: MintOracleOptions): MintOracle {
  const { now, ledger, mintLimitPerDay, violate, promisedUntilAtMs } = options;
  const today = { day: 0, mints: 0 };

  function countForTheDay(mint: Mint): void {
    const day = dayOf(now());
    if (day !== today.day) Object.assign(today, { day, mints: 0 });
    const sinceMidnightMs = (now() + UTC_PLUS_8_MS) % DAY_MS;
    const isNearMidnight = Math.min(sinceMidnightMs, DAY_MS - sinceMidnightMs) < MIDNIGHT_BLUR_MS;
    // WeChat refused these.
    if (mint.isDenied || isNearMidnight) return;
    today.mints += 1;
    if (today.mints > mintLimitPerDay) violate('limit', `${today.mints} mints in a day`);
  }

  /** R3: while an earlier mint of ours is unsettled, a second one would kill the token that callers hold. */
  function checkHold({ claim, number, atMs, api }: Mint): void {
    const stored = options.stored();
    if (claim === null || claim.reported !== null || claim.isRequested || claim.isModeChange) return;
    if (stored?.api !== 'token' || api !== 'token') return;
    const unsettled = ledger.mints
      .slice(stored.number, number - 1)
      .flatMap((mint) =>
        mint.claim === null || mint.api !== 'token' || mint.isDenied || isLate(mint)
          ? []
          : mint.claim.startedAtMs,
      );
    const sinceAtMs = Math.min(claim.unsettledSinceAtMs ?? Infinity, ...unsettled);
    if (claim.startedAtMs - sinceAtMs >= HOLD_MS || unsettled.length === 0) return;
    // By the instances' own clocks; how far they are apart is checked elsewhere.
    const isPromised = promisedUntilAtMs(stored) > claim.startedAtMs;
    if (!isPromised || ledger.deathAtMs(stored) < atMs) return;
    const heldForMs = claim.startedAtMs - sinceAtMs;
    violate(
      'hold',
      `token ${number} was asked for ${heldForMs} ms after an unsettled mint, and killed token ${stored.number}`,
    );
  }

  return {
    onMint(mint) {
      countForTheDay(mint);
      if (isLate(mint) || mint.claim?.isSettlingMark === true) return;
      checkHold(mint);
      if (mint.claim?.breach) violate(mint.claim.breach.rule, mint.claim.breach.text);
    },
  };
}
