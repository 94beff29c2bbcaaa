/**
 * Finds out whether a write by compare-and-swap took effect where its answer was lost: reads the document, compares the
 * marker, and writes once more if nothing has changed.
 *
 * A timeout does not abort a write: it may have been applied, or be applied later. So after a failed write the
 * document is read again and its marker compared. A second try compares with the same basis: if the first one
 * arrives late, it finds that the document has changed and does nothing.
 */

import { TokenError } from '../token/ports.ts';

export interface ConfirmedWrite<T> {
  /** Writes once more. False when somebody else wrote first. */
  write(): Promise<boolean>;
  read(): Promise<T>;
  /** Does what was read carry the marker of this write? */
  isOurs(found: T): boolean;
  /** Is what the write compares with still there? */
  isUnchanged?(found: T): boolean;
}

const MOST_TRIES = 2;

/** `first`: the write under way. False when somebody else wrote first; throws a TokenError when that can't be told. */
export async function confirm<T>(
  first: Promise<boolean>,
  { write, read, isOurs, isUnchanged }: ConfirmedWrite<T>,
): Promise<boolean> {
  for (let tries = 1; ; tries++) {
    const result = await (tries === 1 ? first : write()).catch(keepUnlessHopeless);
    if (result === true) return true;
    if (result === false && tries === 1) return false;
    const found = await read().catch(keepUnlessHopeless);
    if (found instanceof TokenError) {
      if (tries >= MOST_TRIES) throw found;
      continue;
    }
    if (isOurs(found)) return true;
    if (result === false || isUnchanged?.(found) === false) return false;
    if (tries >= MOST_TRIES) throw result;
  }
}

/** A failure that may have been a success is looked into; a missing collection is not going to appear. */
function keepUnlessHopeless(error: unknown): TokenError {
  if (error instanceof TokenError && error.code === 'STORE_UNAVAILABLE') return error;
  throw error;
}
