/** Follows what is stored: every write moves the version on, and no older token comes after a newer one. */

import type { TokenRecord } from '../../../functions/_shared/token/record.ts';
import type { Ledger, Mint } from '../ledger.ts';
import type { StoredDocument } from '../memory-collection.ts';
import type { Trace } from '../trace.ts';
import type { Violate } from './violations.ts';

export interface DocumentOracle {
  onWritten(before: StoredDocument | null, after: StoredDocument): void;
  /** The mint whose token is stored. */
  stored(): Mint | null;
  /** Has a late holder marked the stored token, with no newer one stored since? */
  isMarked(): boolean;
}

interface DocumentOracleOptions {
  now(): number;
  trace: Trace;
  ledger: Ledger;
  violate: Violate;
  /** Another token is stored. */
  onStored(): void;
  /** A report counts as refuted. */
  onRefuted(): void;
}

export function createDocumentOracle(options: DocumentOracleOptions): DocumentOracle {
  const { now, trace, ledger, violate } = options;
  const newest = { token: 0, stable: 0 };
  let stored: Mint | null = null;
  let isMarked = false;

  function onOtherToken(is: TokenRecord): void {
    const mint = is.token === null ? undefined : ledger.find(is.token.value);
    if (mint === undefined || mint.number < newest[mint.api])
      return violate('older', `token ${stored?.number} was replaced by token ${mint?.number ?? 'none'}`);
    newest[mint.api] = mint.number;
    ledger.store(mint, now());
    stored = mint;
    isMarked = is.unsettledSinceAtMs !== null;
    options.onStored();
    trace.add(`token ${mint.number} is stored`);
  }

  return {
    onWritten(before, after) {
      const was = before as TokenRecord | null;
      const is = after as unknown as TokenRecord;
      if (was !== null && !(is.version > was.version)) violate('version', `${was.version} → ${is.version}`);
      const refutedAtMs = is.reports.refutedAtMs.at(-1);
      if (refutedAtMs !== undefined && refutedAtMs !== was?.reports.refutedAtMs.at(-1)) options.onRefuted();
      if (is.token?.value !== was?.token?.value) return onOtherToken(is);
      if (!isMark(was, is)) return;
      trace.add(`token ${stored?.number} is marked by a late holder`);
      isMarked = true;
    },
    stored: () => stored,
    isMarked: () => isMarked,
  };
}

/** Written by an instance that lost its claim: its mint began earlier than any that the document has recorded. */
function isMark(was: TokenRecord | null, is: TokenRecord): boolean {
  if (was?.claim && is.claim?.id === was.claim.id)
    return is.claim.contestedSinceAtMs !== was.claim.contestedSinceAtMs;
  return (
    was !== null && is.claim === null && was.unsettledSinceAtMs === null && is.unsettledSinceAtMs !== null
  );
}
