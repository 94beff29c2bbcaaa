/** The core with one rule switched off, from outside: what the simulation must be able to catch. */

import { DUE_TOLERANCE_MS, TICK_MS, type Policy } from '../../functions/_shared/token/policy.ts';
import type { Answer, Mint, Probe, TokenStore } from '../../functions/_shared/token/ports.ts';
import { emptyRecord } from '../../functions/_shared/token/record.ts';
import type { StoredToken, TokenRecord } from '../../functions/_shared/token/record.ts';

/** What is missing without it. */
export const RULES = {
  R1: 'the life that WeChat grants is not read: each token counts as good for two hours',
  'R1-due': 'a token is replaced an hour before it is due',
  'R1-readers': 'a reader leaves a token that is overdue to the timer, until a minute of it is left',
  R2: 'the store writes without comparing, so that no instance learns that another one was first',
  R3: 'no mint is ever unsettled: what may have been minted and was not stored is forgotten',
  R5: 'a reader never refreshes by itself, however little is left',
  R6: 'a report is not compared: whatever token it names, the stored one counts as refused',
  'R6-verdict': 'a report is not waited for: the reporter gets what any caller gets',
  'R6-probe': 'WeChat is not shown a reported token: every report is believed',
  'R6-distrust': 'a caller whose reports were refuted is believed again an hour later',
  'R6-spacing': 'reports are answered as fast as they come',
  R7: 'no failure makes the next attempt wait',
  'R7-forces': 'forced refreshes are not counted',
  'T-due': 'a ticket is kept for as long as a token is, 110 minutes',
  'T-promise': 'a ticket is promised for all of its two hours',
} as const;
export type Rule = keyof typeof RULES;
export const RULE_NAMES = Object.keys(RULES) as Rule[];

const HOUR_MS = 3_600_000;
const TWO_HOURS_MS = 2 * HOUR_MS;
const TOKEN_AGE_MS = 110 * 60_000;

/** By what the core is shown of the document, and what of its own is written. */
const FORGOTTEN: Partial<Record<Rule, (record: TokenRecord) => TokenRecord>> = {
  'R1-due': ({ token, ...record }) => ({ ...record, token: token && anHourOlder(token) }),
  R3: settled,
  'R6-distrust': (record) => ({ ...record, reports: { ...record.reports, refutedAtMs: [] } }),
  'R6-spacing': (record) => ({ ...record, reports: { ...record.reports, lastAtMs: 0 } }),
  R7: (record) => ({ ...record, backoff: null }),
  'R7-forces': (record) => ({ ...record, forces: emptyRecord.forces }),
};

export function breakStore(without: Rule | null, store: TokenStore): TokenStore {
  if (without === 'R2') {
    return { ...store, swap: async (_, ...written) => store.swap(await basisOf(store), ...written) };
  }
  const forget = without === null ? undefined : FORGOTTEN[without];
  if (forget === undefined) return store;
  return {
    read: async () => {
      const stored = await store.read();
      return { ...stored, record: forget(stored.record) };
    },
    swap: (basis, next, ...history) => store.swap(basis, without === 'R3' ? forget(next) : next, ...history),
  };
}

/** A reader to whom a token is never one tick past due; all that it promises stays the same. */
export function breakPolicy(without: Rule | null, policy: Policy, ageMs: (() => number) | null): Policy {
  if (without !== 'R1-readers' || ageMs === null) return policy;
  return {
    ...policy,
    get refreshAfterMs() {
      return Math.max(policy.refreshAfterMs, ageMs() - TICK_MS + DUE_TOLERANCE_MS + 1);
    },
  };
}

export function breakTicketPolicy(without: Rule | null, policy: Policy): Policy {
  return without === 'T-due' ? { ...policy, refreshAfterMs: TOKEN_AGE_MS } : policy;
}

export function breakTicketAnswer(
  without: Rule | null,
  answer: Answer,
  stored: StoredToken | null,
  nowMs: number,
): Answer {
  if (without !== 'T-promise' || !answer.ok || stored?.value !== answer.token) return answer;
  return { ...answer, leftMs: stored.expiresAtMs - nowMs };
}

export function breakMint(without: Rule | null, mint: Mint, isReader: boolean): Mint {
  if (without === 'R5' && isReader) return async () => NOT_MINE;
  if (without !== 'R1') return mint;
  return async (isForced) => {
    const outcome = await mint(isForced);
    if (outcome.kind !== 'minted') return outcome;
    const { token } = outcome;
    return { ...outcome, token: { ...token, expiresAtMs: token.mintedAtMs + TWO_HOURS_MS } };
  };
}

export function breakProbe(without: Rule | null, probe: Probe): Probe {
  return without === 'R6-probe' ? async () => 'refused' : probe;
}

/** What the core receives as the refused token. */
export function breakReport(
  without: Rule | null,
  reported: string | null,
  stored: string | null,
): string | null {
  if (without === 'R6-verdict') return null;
  return without === 'R6' && reported !== null ? stored : reported;
}

const NOT_MINE: Awaited<ReturnType<Mint>> = {
  kind: 'refused',
  failure: { owner: 'transient', errcode: 503, errmsg: 'left to the timer' },
};

async function basisOf(store: TokenStore): Promise<unknown> {
  const { basis } = await store.read();
  return basis;
}

function anHourOlder({ mintedAtMs, expiresAtMs, ...token }: StoredToken): StoredToken {
  return { ...token, mintedAtMs: mintedAtMs - HOUR_MS, expiresAtMs: expiresAtMs - HOUR_MS };
}

function settled(record: TokenRecord): TokenRecord {
  const claim = record.claim && { ...record.claim, unsettledBeforeAtMs: null, contestedSinceAtMs: null };
  return { ...record, claim, unsettledSinceAtMs: null };
}
