/** The embedded document database: collections on disk with MongoDB's semantics and CloudBase's errors. */

import { randomBytes } from 'node:crypto';
import type { CloudClock } from '../clock.ts';
import { openCollection, type Collection } from './collection.ts';
import { withServerDates, type Document } from './document.ts';
import { collectionExists, collectionMissing } from './errors.ts';
import type { Update } from './plans.ts';
import { openStore } from './store.ts';
import { createTransactions } from './transactions.ts';

export type { Collection } from './collection.ts';
export type { Document } from './document.ts';

export interface DatabaseOptions {
  /** Where the data lives; undefined keeps it for this process only. */
  folder: string | undefined;
  clock: CloudClock;
  /** Of all documents together. */
  maxBytes?: number;
  /** Makes the `_id` of a document that has none. */
  ids?: () => string;
}

export interface Database {
  /** All there are, by name. */
  collections(): string[];
  hasCollection(name: string): boolean;
  createCollection(name: string): void;
  /** Throws the SDK's "not exist" error if nobody created it: an insert doesn't. */
  collection(name: string): Collection;
  startTransaction(): string;
  commitTransaction(transactionId: string): void;
  abortTransaction(transactionId: string): void;
  /** Ends a transaction as a conflict does: the client may still abort it, and nothing else. */
  failTransaction(transactionId: string): void;
  close(): Promise<void>;
}

export function openDatabase({ folder, clock, maxBytes, ids = newId }: DatabaseOptions): Database {
  const store = openStore(folder, maxBytes);
  const transactions = createTransactions(store, clock);
  return {
    collections: () => store.collections(),
    hasCollection: (name) => store.hasCollection(name),
    createCollection(name) {
      if (store.hasCollection(name)) throw collectionExists(name);
      store.addCollection(name);
    },
    collection(name) {
      if (!store.hasCollection(name)) throw collectionMissing(name);
      return withCloudTime(openCollection(name, { store, transactions, newId: ids }), clock);
    },
    startTransaction: () => transactions.start(),
    commitTransaction: (transactionId) => transactions.commit(transactionId),
    abortTransaction: (transactionId) => transactions.abort(transactionId),
    failTransaction: (transactionId) => transactions.abortOnConflict(transactionId),
    async close() {
      transactions.close();
      await store.close();
    },
  };
}

/** The form that CloudBase gives to the ids it makes. */
function newId(): string {
  return randomBytes(16).toString('hex');
}

/** `db.serverDate()` is a mark on the wire: it becomes a date here, once per request. */
function withCloudTime(collection: Collection, clock: CloudClock): Collection {
  const dated = <T>(value: T): T => withServerDates(value, clock.now()) as T;
  return {
    insert: (documents, transactionId) => collection.insert(dated(documents), transactionId),
    find: (selection, transactionId) =>
      collection.find({ ...selection, query: dated(selection.query) }, transactionId),
    count: (query, transactionId) => collection.count(dated(query), transactionId),
    aggregate: (stages) => collection.aggregate(dated(stages)),
    update: (update, transactionId) => collection.update(datedUpdate(update), transactionId),
    updateAndReturn: (update, transactionId) =>
      collection.updateAndReturn(datedUpdate(update), transactionId),
    remove: (query, multi, transactionId) => collection.remove(dated(query), multi, transactionId),
  };

  function datedUpdate(update: Update): Update {
    const [query, content] = dated<[Document, Document]>([update.query, update.update]);
    return { ...update, query, update: content };
  }
}
