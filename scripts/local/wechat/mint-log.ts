/** What an app has issued: totals for ever, and the latest mints one by one, so that a test can say "exactly one, at 14:05". */

import { MINT_LOG_LENGTH } from './constants.ts';
import type { FamilyName } from './family.ts';

interface MintEntry {
  family: FamilyName;
  atMs: number;
  /** The running number of this mint within its family, from 1. */
  count: number;
  /** Made by the `foreignMint` knob: somebody else who holds the secret. */
  isForeign: boolean;
}

export interface MintLog {
  legacy: number;
  stable: number;
  /** How many of the above were foreign. */
  foreign: number;
  /** The latest mints, oldest first, at most 10 000. */
  latest(): readonly MintEntry[];
  record(family: FamilyName, atMs: number, isForeign: boolean): void;
}

export function createMintLog(): MintLog {
  const kept: MintEntry[] = [];
  const log: MintLog = {
    legacy: 0,
    stable: 0,
    foreign: 0,
    latest: () => kept.slice(-MINT_LOG_LENGTH),
    record(family, atMs, isForeign) {
      log[family] += 1;
      if (isForeign) log.foreign += 1;
      kept.push({ family, atMs, count: log[family], isForeign });
      // Cut in large pieces: shifting one entry off a long array on every mint would cost its whole length.
      if (kept.length >= 2 * MINT_LOG_LENGTH) kept.splice(0, MINT_LOG_LENGTH);
    },
  };
  return log;
}
