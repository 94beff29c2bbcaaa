/** The invariants: looks on, and notes whatever must never happen. Judges by WeChat and by what was promised. */

import type { Answer } from '../../../functions/_shared/token/ports.ts';
import { dueAtMs } from '../../../functions/_shared/token/life.ts';
import { HOLD_MS, LONGEST_MINT_MS, MEMORY_MS } from '../../../functions/_shared/token/policy.ts';
import type { Policy } from '../../../functions/_shared/token/policy.ts';
import type { Claim, TokenRecord } from '../../../functions/_shared/token/record.ts';

/** A token handed out works for this long at the least, if it was promised that long. */
const PROMISE_KEPT_MS = 60_000;

/** What is nobody's fault here: tokens issued before it are not vouched for until its end. */
interface Interference {
  atMs: number;
  /** Memories of other processes included. */
  endsAtMs: number;
  /** The zombie whose mint it is; null for what comes from outside. */
  by: object | null;
}

export interface WatchOptions {
  policy: Policy;
  now(): number;
  at(atMs: number, run: () => void): void;
  isAccepted(token: string): boolean;
  document(): (TokenRecord & { writer?: unknown }) | undefined;
}

export type Watch = ReturnType<typeof createWatch>;

export function createWatch({ policy, now, at, isAccepted, document }: WatchOptions) {
  const violations: string[] = [];
  const issued = new Map<string, { number: number; atMs: number }>();
  let lastReported = 0;
  let seen: (TokenRecord & { writer?: unknown }) | undefined;
  let latestClaimId = '';
  let unsettledBeforeClaimAtMs: number | null = null;
  const interferences: Interference[] = [];

  const violate = (what: string): void => void violations.push(what);
  const sinceOf = (record: TokenRecord | undefined): number => record?.unsettledSinceAtMs ?? Infinity;
  const numberOf = (token: string): number => issued.get(token)?.number ?? 0;

  const interfere = (by: object | null, lastsMs: number): void =>
    void interferences.push({ atMs: now(), endsAtMs: now() + lastsMs, by });

  /**
   * Somebody else killed it or may have: another system, an administrator, a zombie that could not tell yet; or a
   * caller who said that it is dead, or that the one after it is, whose replacement kills it.
   */
  function isExcused(token: string): boolean {
    const issuedAtMs = issued.get(token)?.atMs ?? Infinity;
    const isHit = ({ atMs, endsAtMs }: Interference): boolean => issuedAtMs <= atMs && now() < endsAtMs;
    return numberOf(token) <= lastReported || interferences.some(isHit);
  }

  function assertAccepted(token: string, when: string): void {
    if (!isExcused(token) && !isAccepted(token)) violate(`token ${numberOf(token)} is dead ${when}`);
  }

  /** Compares the document with how it was last seen. */
  function check(): void {
    const current = document();
    if (current === undefined || current.writer === seen?.writer) return;
    if (current.version <= (seen?.version ?? 0)) violate(`version ${current.version} after ${seen?.version}`);
    const number = numberOf(current.token?.value ?? '');
    const before = numberOf(seen?.token?.value ?? '');
    if (number < before) violate(`token ${number} was stored over the newer token ${before}`);
    if (current.claim !== null && current.claim.id !== latestClaimId) {
      latestClaimId = current.claim.id;
      unsettledBeforeClaimAtMs = seen?.unsettledSinceAtMs ?? null;
    } else if (sinceOf(current) < sinceOf(seen)) {
      // A zombie's mark: it can't tell when its mint was carried out, so the next one comes at once, for safety.
      interfere(null, MEMORY_MS);
    }
    seen = structuredClone(current);
  }

  /** A process is about to ask WeChat, and believes to hold this claim. */
  function mintBegins(claim: Claim): void {
    check();
    const nowMs = now();
    const leftMs = claim.untilAtMs - nowMs;
    if (seen?.claim?.id !== claim.id || leftMs < LONGEST_MINT_MS)
      violate('a process asks WeChat without a claim that lasts');
    const token = seen?.token ?? null;
    if (policy.api === 'stable' || token === null || isExcused(token.value) || !isAccepted(token.value))
      return;
    if (unsettledBeforeClaimAtMs !== null) {
      if (nowMs < unsettledBeforeClaimAtMs + HOLD_MS) violate('a mint inside the hold of a token in use');
    } else if (nowMs < dueAtMs(token, policy)) violate('a mint that nobody needs');
  }

  return {
    violations,
    violate,
    check,
    mintBegins,
    isAccepted,
    newest: () => issued.size,
    issued(token: string): void {
      issued.set(token, { number: issued.size + 1, atMs: now() });
    },
    reported: (token: string) => void (lastReported = Math.max(lastReported, numberOf(token))),
    /** Something that is not this project's doing. */
    interfered: () => interfere(null, Infinity),
    /**
     * WeChat carries out a mint. When its claim was replaced meanwhile, it is a zombie's, who has yet to notice; or
     * nobody's (`by` is null), when its process gave it up and wrote down that the outcome is unknown.
     */
    mintArrives(claim: Claim, by: object | null): void {
      check();
      if (latestClaimId !== '' && latestClaimId !== claim.id) interfere(by, Infinity);
    },
    /** All that this process has minted is in the document, or marked there: no excuse for long. */
    told(by: object): void {
      for (const interference of interferences)
        if (interference.by === by)
          interference.endsAtMs = Math.min(interference.endsAtMs, now() + MEMORY_MS);
    },
    handedOut(answer: Answer, isStoreDown: boolean): void {
      check();
      // Cut off from the database it serves what it knows (R5), although others may have gone on since.
      if (!answer.ok || isStoreDown) return;
      assertAccepted(answer.token, 'when it is handed out');
      const keptMs = Math.min(answer.leftMs, PROMISE_KEPT_MS);
      // Excused when it was handed out, it stays so: its holder keeps it, whoever has been told meanwhile.
      if (isExcused(answer.token)) return;
      const when = `within ${keptMs / 1_000} s of a promise of ${Math.floor(answer.leftMs / 1_000)} s`;
      at(now() + keptMs - 1, () => assertAccepted(answer.token, when));
    },
  };
}
