/** R6: a living token is replaced for a report once a day at most, and a refused one is never its reporter's answer. */

import {
  CLAIM_MS,
  DISTRUST_MS,
  MANY_REFUTED,
  NEWBORN_MS,
  REPORT_TRUST_MS,
} from '../../../functions/_shared/token/policy.ts';
import type { Ledger, Mint, Reported } from '../ledger.ts';
import { skewMs } from '../verdict.ts';
import type { Handout } from '../verdict.ts';
import { MOST_APART_MS } from './clocks.ts';
import type { Violate } from './violations.ts';

export interface ReportOracle {
  /** A claim is made for a report of the stored token. */
  onClaim(reported: Reported): void;
  /** As what the stored token was reported first; null: it was not. */
  reported(): Reported | null;
  onStored(): void;
  onRefuted(): void;
  onMint(mint: Mint): void;
  /** WeChat was shown the token, and refused it or gave no verdict. */
  onDoubt(value: string): void;
  /** May no report of this token, which is alive, lead to a mint? */
  isDisbelieved(value: string): boolean;
  /** A reporter was given the very token that it had reported at `askedAtMs`. */
  onGivenBack(handout: Handout, askedAtMs: number): void;
}

interface ReportOracleOptions {
  now(): number;
  ledger: Ledger;
  violate: Violate;
  isSkewed(): boolean;
}

export function createReportOracle({ now, ledger, violate, isSkewed }: ReportOracleOptions): ReportOracle {
  let reported: Reported | null = null;
  let lastMintAtMs = -Infinity;
  let refutedAtMs: number[] = [];
  let doubted = { value: '', atMs: 0 };

  function isDistrusted(): boolean {
    const lately = refutedAtMs.filter((atMs) => now() - atMs < DISTRUST_MS - MOST_APART_MS);
    return lately.length >= MANY_REFUTED;
  }

  return {
    onClaim(as) {
      reported ??= as;
    },
    reported: () => reported,
    onStored() {
      reported = null;
    },
    onRefuted() {
      refutedAtMs = [...refutedAtMs, now()].slice(-MANY_REFUTED);
    },
    onMint({ claim, isDenied }) {
      if (claim?.isForReport === true && !isDenied) lastMintAtMs = now();
    },
    onDoubt(value) {
      doubted = { value, atMs: now() };
    },
    isDisbelieved(value) {
      const wasBelievedLately = now() - lastMintAtMs < REPORT_TRUST_MS - MOST_APART_MS;
      // A holder that dies with the verdict leaves it open for as long as it counts.
      // By another clock than that of the instance that asked it lasts for longer.
      const doubtMs = 2 * NEWBORN_MS + (isSkewed() ? MOST_APART_MS : 0);
      const isDoubtful = doubted.value === value && now() - doubted.atMs < doubtMs;
      return (wasBelievedLately || isDistrusted()) && !isDoubtful;
    },
    onGivenBack(handout, askedAtMs) {
      const mint = ledger.find(handout.value);
      if (mint === undefined) return;
      const slackMs = Math.max(CLAIM_MS, NEWBORN_MS) + skewMs(ledger, handout, mint);
      if (mint.confirmedAtMs >= askedAtMs - slackMs) return;
      const agoMs = askedAtMs - mint.confirmedAtMs;
      violate(
        'given back',
        `token ${mint.number} was given to its reporter; WeChat confirmed it ${agoMs} ms before`,
      );
    },
  };
}
