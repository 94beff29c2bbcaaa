/**
 * The result of a mint that this process has not yet brought into the database.
 *
 * The write after a mint can fail while the token is good. It is kept here and paid at the next occasion,
 * instead of being minted again; and a holder that was replaced meanwhile says so in the winner's document.
 */

import { look, remember } from './keeper.ts';
import type { Keeper } from './keeper.ts';
import { MOST_CLAIM_TRIES } from './policy.ts';
import type { Stored } from './ports.ts';
import { TokenError } from './errors.ts';
import type { HistoryEntry, TokenRecord } from './record.ts';

export interface Debt {
  claimId: string;
  /** Does the document show that this was written after all, although no answer said so? */
  isPaid(record: TokenRecord): boolean;
  /** The record to write while the claim still stands. */
  settle(record: TokenRecord): TokenRecord;
  /** The record to write when another holder has taken over; null when there is nothing to tell it. */
  whenLost(record: TokenRecord): TokenRecord | null;
  /** Written into the history with whichever of the two is written. */
  entry: HistoryEntry;
}

/** The document after the payment. `isLost`: another holder had taken over, and it is that one's. */
export interface Paid extends Stored {
  isLost: boolean;
}

/** Pays what is owed, if anything. Throws a TokenError as the store does. */
export async function payDebt(keeper: Keeper, stored: Stored): Promise<Paid> {
  if (keeper.debt === null) return { ...stored, isLost: false };
  // Two payers of one debt would take each other for the winner.
  keeper.paying ??= pay(keeper, keeper.debt, stored).finally(() => {
    keeper.paying = null;
  });
  return keeper.paying;
}

async function pay(keeper: Keeper, debt: Debt, first: Stored): Promise<Paid> {
  let stored = first;
  for (let tries = 0; tries < MOST_CLAIM_TRIES; tries++) {
    if (debt.isPaid(stored.record)) {
      keeper.debt = null;
      return { ...stored, isLost: false };
    }
    const isMine = stored.record.claim?.id === debt.claimId;
    const next = isMine ? debt.settle(stored.record) : debt.whenLost(stored.record);
    const writtenAtMs = keeper.ports.now();
    const written =
      next === null
        ? stored
        : await keeper.ports.store.swap(stored.basis, next, isMine ? debt.entry : lost(debt.entry));
    if (written !== null) {
      keeper.debt = null;
      if (!isMine) keeper.ports.log('claim_lost', { appid: keeper.appid, isMarked: next !== null });
      remember(keeper, written.record, writtenAtMs);
      return { ...written, isLost: !isMine };
    }
    stored = await look(keeper);
  }
  throw new TokenError(
    'STORE_UNAVAILABLE',
    'the document changed under every attempt to write the result of a mint',
  );
}

function lost(entry: HistoryEntry): HistoryEntry {
  return { ...entry, outcome: 'lost' };
}
