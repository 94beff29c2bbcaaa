/**
 * The result of a mint that this process has not yet brought into the database.
 *
 * The write after a mint can fail while the token is good. It is kept here and paid at the next occasion,
 * instead of being minted again; and a holder that was replaced meanwhile says so in the winner's document.
 */

import { readRecord, remember } from './app.ts';
import type { App } from './app.ts';
import { MOST_CLAIM_TRIES } from './policy.ts';
import type { Stored } from './ports.ts';
import { TokenError } from './errors.ts';
import type { HistoryEntry, TokenRecord } from './record.ts';

export interface UnsavedResult {
  claimId: string;
  /** Does the document show that this was written after all, although no answer said so? */
  isSaved(record: TokenRecord): boolean;
  /** The record to write while the claim still stands. */
  settle(record: TokenRecord): TokenRecord;
  /** The record to write when another holder has taken over; null when there is nothing to tell it. */
  markLost(record: TokenRecord): TokenRecord | null;
  /** Written into the history with whichever of the two is written. */
  entry: HistoryEntry;
}

/** The document after the payment. `isLost`: another holder had taken over, and it is that one's. */
export interface Saved extends Stored {
  isLost: boolean;
}

/** Pays what is owed, if anything. Throws a TokenError as the store does. */
export async function saveResult(app: App, stored: Stored): Promise<Saved> {
  if (app.unsaved === null) return { ...stored, isLost: false };
  // Two payers of one unsaved would take each other for the winner.
  app.saving ??= pay(app, app.unsaved, stored).finally(() => {
    app.saving = null;
  });
  return app.saving;
}

async function pay(app: App, unsaved: UnsavedResult, first: Stored): Promise<Saved> {
  let stored = first;
  for (let tries = 0; tries < MOST_CLAIM_TRIES; tries++) {
    if (unsaved.isSaved(stored.record)) {
      app.unsaved = null;
      return { ...stored, isLost: false };
    }
    const isMine = stored.record.claim?.id === unsaved.claimId;
    const next = isMine ? unsaved.settle(stored.record) : unsaved.markLost(stored.record);
    const writtenAtMs = app.ports.now();
    const written =
      next === null
        ? stored
        : await app.ports.store.swap(stored.basis, next, isMine ? unsaved.entry : lost(unsaved.entry));
    if (written !== null) {
      app.unsaved = null;
      if (!isMine) app.ports.log('claim_lost', { appid: app.appid, isMarked: next !== null });
      remember(app, written.record, writtenAtMs);
      return { ...written, isLost: !isMine };
    }
    stored = await readRecord(app);
  }
  throw new TokenError(
    'STORE_UNAVAILABLE',
    'the document changed under every attempt to write the result of a mint',
  );
}

function lost(entry: HistoryEntry): HistoryEntry {
  return { ...entry, outcome: 'lost' };
}
