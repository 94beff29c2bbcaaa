/** What one reader sees of a collection: the store, or a transaction’s snapshot of it with its own writes. */

import type { DocumentKey } from './document.ts';
import type { DocumentStore, StoredDocument } from './store.ts';

/** One document's new text; undefined removes it. */
export interface Change {
  key: DocumentKey;
  text: string | undefined;
}

/** What one reader sees of a collection. */
export interface View {
  get(key: DocumentKey): string | undefined;
  list(): StoredDocument[];
}

export interface Entry extends Change {
  collection: string;
}

export interface OpenTransaction {
  endsAtMs: number;
  /** As in MongoDB the first operation fixes what the transaction sees, not its start. */
  hasBegun: boolean;
  /** Documents as they were at that moment, for those that others changed since. */
  before: Map<string, Entry>;
  writes: Map<string, Entry>;
}

export function storeView(store: DocumentStore, collection: string): View {
  return { get: (key) => store.get(collection, key), list: () => store.list(collection) };
}

export function snapshotView(
  store: DocumentStore,
  collection: string,
  { before, writes }: OpenTransaction,
): View {
  return {
    get(key) {
      const name = nameOf({ collection, key });
      const own = writes.get(name) ?? before.get(name);
      return own ? own.text : store.get(collection, key);
    },
    list() {
      const seen = new Map(store.list(collection).map((stored) => [stored.key, stored.text]));
      for (const entry of [...before.values(), ...writes.values()]) {
        if (entry.collection !== collection) continue;
        if (entry.text === undefined) seen.delete(entry.key);
        else seen.set(entry.key, entry.text);
      }
      return [...seen].map(([key, text]) => ({ key, text }));
    },
  };
}

export function rememberBefore(store: DocumentStore, transaction: OpenTransaction, entries: Entry[]): void {
  for (const entry of entries) {
    const name = nameOf(entry);
    if (transaction.before.has(name)) continue;
    transaction.before.set(name, { ...entry, text: store.get(entry.collection, entry.key) });
  }
}

export function apply(store: DocumentStore, { collection, key, text }: Entry): void {
  if (text === undefined) store.remove(collection, key);
  else store.put(collection, key, text);
}

export const nameOf = ({ collection, key }: Pick<Entry, 'collection' | 'key'>): string =>
  JSON.stringify([collection, key]);
