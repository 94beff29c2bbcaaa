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
  async function load(): Promise<{ stored: Stored; basis: Basis; writer: unknown }> {
    const document = await collection.get(appid);
    if (document === null) {
      const basis: Basis = { isStored: false };
      return { stored: { record: emptyRecord, basis, damaged: [] }, basis, writer: undefined };
    }
    const basis: Basis = { isStored: true, version: document['version'] };
    return { stored: { ...fromDocument(document, appid, cipher), basis }, basis, writer: document['writer'] };
  }

  async function swap(from: unknown, next: TokenRecord, entry?: HistoryEntry): Promise<Stored | null> {
    const basis = from as Basis;
    const document = toDocument(next, newId(), appid, cipher);
    const write = (): Promise<boolean> =>
      basis.isStored
        ? collection.replaceIf(appid, basis.version, document, entry)
        : collection.insert(appid, { ...document, history: entry ? [entry] : [] });
    const isWritten = await confirm(write(), {
      again: write,
      read: load,
      isOurs: (found) => found.writer === document.writer,
      isUnchanged: (found) => isSame(found.basis, basis),
    });
    const written: Basis = { isStored: true, version: next.version };
    return isWritten ? { record: next, basis: written, damaged: [] } : null;
  }

  return { read: async () => (await load()).stored, swap };
}

function isSame(a: Basis, b: Basis): boolean {
  if (!a.isStored || !b.isStored) return a.isStored === b.isStored;
  return JSON.stringify(a.version) === JSON.stringify(b.version);
}
