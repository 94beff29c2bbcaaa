/**
 * One document per AppID with compare-and-swap, on top of a database whose answers can get lost.
 *
 * A timeout does not abort a write: it may have been applied, or be applied later. So after a failed write the
 * document is read again and the unique `writer` compared, and a second try compares with the same version: if
 * the first one arrives late, it finds the version moved on and does nothing.
 */

import { TokenError } from '../token/errors.ts';
import type { Stored, TokenStore } from '../token/ports.ts';
import { emptyRecord } from '../token/record.ts';
import type { HistoryEntry, TokenRecord } from '../token/record.ts';
import { createTokenCipher } from './cipher.ts';
import type { TokenCipher } from './cipher.ts';
import type { Collection } from './collection.ts';
import { fromDocument, toDocument } from './document.ts';

/** What a write compares with: nothing stored, or exactly the version that was read, damaged or not. */
type Basis = { isStored: false } | { isStored: true; version: unknown };

const MOST_TRIES = 2;

export function createCloudStore(
  collection: Collection,
  appid: string,
  newId: () => string,
  cipher: TokenCipher = createTokenCipher([]),
): TokenStore {
  async function load(): Promise<{ stored: Stored; basis: Basis; writer: unknown }> {
    const document = await collection.get(appid);
    const basis: Basis =
      document === null ? { isStored: false } : { isStored: true, version: document['version'] };
    const { record, damaged } =
      document === null ? { record: emptyRecord, damaged: [] } : fromDocument(document, appid, cipher);
    return { stored: { record, basis, damaged }, basis, writer: document?.['writer'] };
  }

  async function swap(from: unknown, next: TokenRecord, entry?: HistoryEntry): Promise<Stored | null> {
    const basis = from as Basis;
    const document = toDocument(next, newId(), appid, cipher);
    const written: Stored = { record: next, basis: { isStored: true, version: next.version }, damaged: [] };
    for (let tries = 1; ; tries++) {
      const isWritten = await write(collection, appid, basis, document, entry).catch(keepUnlessHopeless);
      if (isWritten === true) return written;
      if (isWritten === false && tries === 1) return null;
      const now = await load().catch(keepUnlessHopeless);
      if (now instanceof TokenError) {
        if (tries >= MOST_TRIES) throw now;
        continue;
      }
      if (now.writer === document.writer) return written;
      if (isWritten === false || !isSame(now.basis, basis)) return null;
      if (tries >= MOST_TRIES) throw isWritten;
    }
  }

  return { read: async () => (await load()).stored, swap };
}

function write(
  collection: Collection,
  appid: string,
  basis: Basis,
  document: object,
  entry: HistoryEntry | undefined,
): Promise<boolean> {
  if (!basis.isStored) return collection.insert(appid, { ...document, history: entry ? [entry] : [] });
  return collection.replaceIf(appid, basis.version, document, entry);
}

/** A failure that may have been a success is looked into; a missing collection is not going to appear. */
function keepUnlessHopeless(error: unknown): TokenError {
  if (error instanceof TokenError && error.code === 'STORE_UNAVAILABLE') return error;
  throw error;
}

function isSame(a: Basis, b: Basis): boolean {
  if (!a.isStored || !b.isStored) return a.isStored === b.isStored;
  return Object.is(a.version, b.version) || JSON.stringify(a.version) === JSON.stringify(b.version);
}
