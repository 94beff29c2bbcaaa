/** One document per AppID with compare-and-swap, on top of a database whose answers can get lost. */

import type { HistoryEntry, Stored, TokenStore } from '../token/ports.ts';
import { emptyRecord } from '../token/record.ts';
import type { TokenRecord } from '../token/record.ts';
import type { Collection } from './collection.ts';
import { confirm } from './confirmed-write.ts';
import { inClear } from './sealed.ts';
import { fromDocument, toDocument } from './document.ts';
import type { TokenCipher } from './sealed.ts';

/** What a write compares with: nothing stored, or exactly the version that was read, damaged or not. */
type Basis = { isStored: false } | { isStored: true; version: unknown };

export function createCloudStore(
  collection: Collection,
  appid: string,
  newId: () => string,
  cipher: TokenCipher = inClear,
): TokenStore {
  async function load(): Promise<{ stored: Stored; writer: unknown }> {
    const document = await collection.get(appid);
    if (document === null)
      return { stored: { record: emptyRecord, basis: { isStored: false }, damaged: [] }, writer: undefined };
    const basis: Basis = { isStored: true, version: document['version'] };
    return { stored: { ...fromDocument(document, appid, cipher), basis }, writer: document['writer'] };
  }

  async function swap(from: unknown, next: TokenRecord, entry?: HistoryEntry): Promise<Stored | null> {
    const basis = from as Basis;
    const document = toDocument(next, newId(), appid, cipher);
    const write = (): Promise<boolean> =>
      basis.isStored
        ? collection.replaceIf(appid, basis.version, document, entry)
        : collection.insert(appid, { ...document, history: entry ? [entry] : [] });
    const isWritten = await confirm(write(), {
      write,
      read: load,
      isOurs: ({ writer }) => writer === document.writer,
      // The stored version may be any damaged value.
      isUnchanged: ({ stored }) => JSON.stringify(stored.basis) === JSON.stringify(basis),
    });
    const written: Basis = { isStored: true, version: next.version };
    return isWritten ? { record: next, basis: written, damaged: [] } : null;
  }

  return { read: async () => (await load()).stored, swap };
}
