/**
 * The truth about every token of one app: who had it minted, why, and when it died. The sandbox says whether a token
 * works; the ledger says what killed it, and whether it would be alive had certain things not happened.
 */

import type { TokenApi } from '../../functions/_shared/token/record.ts';

/** Whether WeChat still accepted the stored token that was reported. */
export type Reported = 'living' | 'dead';

/** What the simulation knows about the claim under which a mint of ours was asked for. */
export interface MintClaim {
  instance: number;
  /** By true time, and by the clock of the instance. */
  atMs: number;
  startedAtMs: number;
  offsetMs: number;
  /** A report of the stored token is what it was made for. */
  isForReport: boolean;
  /** A caller had reported the token that was stored then; null: none had. */
  reported: Reported | null;
  /** An operator had asked for the death of a leaked token. */
  isRequested: boolean;
  /** A deployment had changed the mode: the token that was stored then came from the other endpoint. */
  isModeChange: boolean;
  /** Since when a mint was unsettled then, by the clock that wrote it; null when none was. */
  unsettledSinceAtMs: number | null;
  unsettledOffsetMs: number;
  /** Made because a holder that came back too late had marked the document (R3's last case). */
  isSettlingMark: boolean;
  /** What is forbidden about this claim; null when nothing is. */
  breach: { rule: 'report' | 'needless'; text: string } | null;
}

export interface Mint {
  number: number;
  value: string;
  /** The endpoint that issued it: tokens of the other one are not touched by it. */
  api: TokenApi;
  atMs: number;
  /** null: somebody else's. */
  claim: MintClaim | null;
  /** WeChat minted and said that it had not. */
  isDenied: boolean;
  /** The offsets of the clocks by which its life was reckoned: `stable` returns it to one instance after another. */
  reckonedBy: { leastMs: number; mostMs: number } | null;
  /** When WeChat last returned or accepted it. */
  confirmedAtMs: number;
}

/** Which mints and revocations count: the real world counts all. */
export interface Without {
  mint(mint: Mint): boolean;
  revocations: boolean;
}

export interface Ledger {
  mints: readonly Mint[];
  add(value: string, api: TokenApi, atMs: number, claim: MintClaim | null, isDenied: boolean): Mint;
  /** WeChat has returned the token, or accepted it. */
  confirm(value: string, atMs: number, offsetMs: number | null): void;
  /** The database holds the token from now on. */
  store(mint: Mint, atMs: number): void;
  revoke(atMs: number): void;
  find(value: string): Mint | undefined;
  /** When the token dies, as far as is known now; `without` leaves out what its `mint` says yes to. */
  deathAtMs(mint: Mint, without?: Without): number;
  /** The one or two mints that ended the token, if mints did. */
  killers(mint: Mint): Mint[];
  /** When the database first held another token after this one. */
  replacedAtMs(mint: Mint): number;
}

const LIFE_MS = 7_200_000;
const GRACE_MS = 300_000;

export function createLedger(): Ledger {
  const mints: Mint[] = [];
  const byValue = new Map<string, Mint>();
  const revocations: number[] = [];
  const stored: { mint: Mint; atMs: number }[] = [];

  /** The next two of the same endpoint that count: the first leaves the token 300 s, the second ends it at once. */
  function successors(mint: Mint, without?: Without): Mint[] {
    const found: Mint[] = [];
    const expiresAtMs = mint.atMs + LIFE_MS;
    for (let index = mint.number; found.length < 2; index++) {
      const next = mints[index];
      if (next === undefined || next.atMs >= expiresAtMs) break;
      if (next.api === mint.api && !without?.mint(next)) found.push(next);
    }
    return found;
  }

  return {
    mints,
    add(value, api, atMs, claim, isDenied) {
      const number = mints.length + 1;
      const mint: Mint = { number, value, api, atMs, claim, isDenied, reckonedBy: null, confirmedAtMs: atMs };
      mints.push(mint);
      byValue.set(value, mint);
      return mint;
    },
    confirm(value, atMs, offsetMs) {
      const mint = byValue.get(value);
      if (mint === undefined) return;
      mint.confirmedAtMs = atMs;
      if (offsetMs === null) return;
      const { leastMs, mostMs } = mint.reckonedBy ?? { leastMs: offsetMs, mostMs: offsetMs };
      mint.reckonedBy = { leastMs: Math.min(leastMs, offsetMs), mostMs: Math.max(mostMs, offsetMs) };
    },
    store: (mint, atMs) => void stored.push({ mint, atMs }),
    revoke: (atMs) => void revocations.push(atMs),
    find: (value) => byValue.get(value),
    deathAtMs(mint, without) {
      const [first, second] = successors(mint, without);
      const revokedAtMs = without?.revocations ? undefined : revocations.find((atMs) => atMs >= mint.atMs);
      return Math.min(
        mint.atMs + LIFE_MS,
        (first?.atMs ?? Infinity) + GRACE_MS,
        second?.atMs ?? Infinity,
        revokedAtMs ?? Infinity,
      );
    },
    killers: (mint) => successors(mint),
    replacedAtMs(mint) {
      const last = stored.findLastIndex((entry) => entry.mint === mint);
      const next = last >= 0 ? stored[last + 1] : stored.find((entry) => entry.mint.number > mint.number);
      return next?.atMs ?? Infinity;
    },
  };
}
