/** Compares every `expires_in` that was handed out with when the token really became invalid. */

import type { Ledger, Mint } from '../ledger.ts';
import { judge, noVerdicts, skewMs } from '../verdict.ts';
import type { Handout, Verdict } from '../verdict.ts';
import type { Violate } from './violations.ts';

export interface PromiseOracle {
  /** Records a token that was handed out, and until when it is to be valid. */
  add(handout: Handout, untilAtMs: number): void;
  /** The latest expiry that was promised, by the clock of the instance that promised it; 0 when none was. */
  promisedUntilAtMs(mint: Mint): number;
  /** Judges the promises of the tokens that are dead by now, and forgets them. */
  review(): void;
  /** Promises whose token died before the end of its `expires_in`, by cause: a caller may keep it until then. */
  broken(): Record<Verdict, number>;
  /** The token was refused at `atMs`: finds the cause. */
  onDead(handout: Handout, atMs: number): Verdict;
}

interface Promised {
  handout: Handout;
  untilAtMs: number;
}

/** One clock's second is another's next. */
const ROUNDING_MS = 1_000;

export function createPromiseOracle(ledger: Ledger, now: () => number, violate: Violate): PromiseOracle {
  const broken = noVerdicts();
  const open = new Map<Mint, { latestAtMs: number; all: Promised[] }>();

  function describe(handout: Handout, atMs: number): string {
    const mint = ledger.find(handout.value);
    if (mint === undefined) return 'a token that WeChat never issued';
    const ended = Math.round((atMs - ledger.deathAtMs(mint)) / 1_000);
    const by = ledger.killers(mint).map(({ number }) => number);
    const held = Math.round((atMs - handout.atMs) / 1_000);
    const apart = Math.round(skewMs(ledger, handout, mint) / 1_000);
    return `token ${mint.number}, given out by #${handout.instance} ${held} s before, had been dead for ${ended} s (ended by token ${by.join(' and ') || 'none'}; clocks ${apart} s apart)`;
  }

  function check({ handout, untilAtMs }: Promised, mint: Mint, diedAtMs: number): void {
    const lastAtMs = untilAtMs - ROUNDING_MS;
    if (lastAtMs < diedAtMs) return;
    const verdict = judge(ledger, handout, lastAtMs);
    // A promise is made by one clock and broken by another: what lies within their difference is due to it.
    const isWithinSkew = lastAtMs - skewMs(ledger, handout, mint) < diedAtMs;
    onBroken(handout, lastAtMs, verdict === 'avoidable' && isWithinSkew ? 'skew' : verdict);
  }

  function onBroken(handout: Handout, atMs: number, verdict: Verdict): void {
    broken[verdict] += 1;
    if (verdict === 'avoidable' || (verdict === 'reported' && isForbidden(handout)))
      violate('promise', describe(handout, atMs));
  }

  /** Did a report end it that was not to be believed? */
  function isForbidden({ value }: Handout): boolean {
    const mint = ledger.find(value);
    return mint !== undefined && ledger.killers(mint).some(({ claim }) => claim?.breach?.rule === 'report');
  }

  return {
    add(handout, untilAtMs) {
      const mint = ledger.find(handout.value);
      if (mint === undefined) return;
      const entry = open.get(mint) ?? { latestAtMs: 0, all: [] };
      open.set(mint, entry);
      // An instance that answers from memory repeats its promise.
      const last = entry.all.at(-1);
      if (last?.untilAtMs === untilAtMs && last.handout.instance === handout.instance) return;
      entry.all.push({ handout, untilAtMs });
      entry.latestAtMs = Math.max(entry.latestAtMs, untilAtMs + handout.clock.nowMs);
    },
    promisedUntilAtMs: (mint) => open.get(mint)?.latestAtMs ?? 0,
    review() {
      for (const [mint, { all }] of open) {
        const diedAtMs = ledger.deathAtMs(mint);
        if (diedAtMs > now()) continue;
        open.delete(mint);
        for (const promised of all) check(promised, mint, diedAtMs);
      }
    },
    broken: () => broken,
    onDead(handout, atMs) {
      const verdict = judge(ledger, handout, atMs);
      if (verdict === 'avoidable') violate('dead token', describe(handout, atMs));
      return verdict;
    },
  };
}
