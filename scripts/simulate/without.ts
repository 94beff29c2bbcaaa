/** The core with one rule switched off, from outside: what the simulation must be able to catch. */

import type { TokenRecord } from '../../functions/_shared/token/record.ts';
import type { TokenStore } from '../../functions/_shared/token/ports.ts';

/**
 * - `R2`: the store writes without comparing, so that no instance learns that another one was first.
 * - `R3`: no mint is ever unsettled: what may have been minted and was not stored is forgotten.
 * - `R6`: a report is not compared: whatever token it names, the stored one counts as refused.
 */
export const RULES = ['R2', 'R3', 'R6'] as const;
export type Rule = (typeof RULES)[number];

export function breakStore(without: Rule | null, store: TokenStore): TokenStore {
  if (without === 'R2') {
    return { ...store, swap: async (_, ...written) => store.swap(await basisOf(store), ...written) };
  }
  if (without !== 'R3') return store;
  return {
    read: async () => {
      const stored = await store.read();
      return { ...stored, record: settled(stored.record) };
    },
    swap: (basis, next, ...history) => store.swap(basis, settled(next), ...history),
  };
}

/** What the core receives as the refused token. */
export function breakReport(
  without: Rule | null,
  reported: string | null,
  stored: string | null,
): string | null {
  return without === 'R6' && reported !== null ? stored : reported;
}

async function basisOf(store: TokenStore): Promise<unknown> {
  const { basis } = await store.read();
  return basis;
}

function settled(record: TokenRecord): TokenRecord {
  const claim = record.claim && { ...record.claim, unsettledBeforeAtMs: null, contestedSinceAtMs: null };
  return { ...record, claim, unsettledSinceAtMs: null };
}
