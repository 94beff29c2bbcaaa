/**
 * The truth about every token: who had it minted, why, and when it died. The sandbox says whether a token works;
 * the ledger says what killed it, and whether it would be alive had certain things not happened.
 */

/** What the simulation knows about the claim under which a mint of ours was asked for. */
export interface MintClaim {
  instance: number;
  /** By true time, and by the clock of the instance. */
  atMs: number;
  startedAtMs: number;
  offsetMs: number;
  /** A caller reported the token that was stored then, WeChat having refused it. */
  isAnsweringReport: boolean;
  /** Since when a mint was unsettled then, by the clock that wrote it; null when none was. */
  unsettledSinceAtMs: number | null;
  unsettledOffsetMs: number;
  /** Made because a holder that came back too late had marked the document (R3's last case). */
  isSettlingMark: boolean;
  /** What R6 forbids about this claim; null when it keeps the rule. */
  breach: string | null;
}

export interface Mint {
  number: number;
  value: string;
  atMs: number;
  /** null: somebody else's. */
  claim: MintClaim | null;
  /** WeChat minted and said that it had not. */
  isDenied: boolean;
  /** When the database first held this token; null as long as it never did. */
  storedAtMs: number | null;
}

/** Which mints and revocations count: the real world counts all. */
export interface Without {
  mint(mint: Mint): boolean;
  revocations: boolean;
}

export interface Ledger {
  mints: readonly Mint[];
  add(value: string, atMs: number, claim: MintClaim | null, isDenied: boolean): Mint;
  revoke(atMs: number): void;
  find(value: string): Mint | undefined;
  /** When the token dies, as far as is known now; `without` leaves out what its `mint` says yes to. */
  deathAtMs(mint: Mint, without?: Without): number;
  /** The one or two mints that ended the token, if mints did. */
  killers(mint: Mint): Mint[];
  /** When the database first held a token newer than this one. */
  replacedAtMs(mint: Mint): number;
}

const LIFE_MS = 7_200_000;
const GRACE_MS = 300_000;

export function createLedger(): Ledger {
  const mints: Mint[] = [];
  const byValue = new Map<string, Mint>();
  const revocations: number[] = [];

  /** The next two mints that count: the first leaves the token 300 s, the second ends it at once. */
  function successors(mint: Mint, without?: Without): Mint[] {
    const found: Mint[] = [];
    const expiresAtMs = mint.atMs + LIFE_MS;
    for (let index = mint.number; found.length < 2; index++) {
      const next = mints[index];
      if (next === undefined || next.atMs >= expiresAtMs) break;
      if (!without?.mint(next)) found.push(next);
    }
    return found;
  }

  return {
    mints,
    add(value, atMs, claim, isDenied) {
      const mint = { number: mints.length + 1, value, atMs, claim, isDenied, storedAtMs: null };
      mints.push(mint);
      byValue.set(value, mint);
      return mint;
    },
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
      for (let index = mint.number; index < mints.length; index++) {
        const storedAtMs = mints[index]?.storedAtMs;
        if (storedAtMs !== null && storedAtMs !== undefined) return storedAtMs;
      }
      return Infinity;
    },
  };
}
