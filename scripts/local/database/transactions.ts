/** Multi-document transactions: a snapshot as of the first operation, private writes, a lock per written document, an end after 30 s. */

import { randomUUID } from 'node:crypto';
import type { CloudClock } from '../clock.ts';
import { DatabaseError, transactionConflict, transactionMissing } from './errors.ts';
import type { DocumentStore } from './store.ts';
import {
  apply,
  nameOf,
  rememberBefore,
  snapshotView,
  storeView,
  type Change,
  type Entry,
  type OpenTransaction,
  type View,
} from './views.ts';

export interface Transactions {
  start(): string;
  commit(transactionId: string): void;
  /** What a client may do also after the server ended the transaction because of a conflict. */
  abort(transactionId: string): void;
  /** The server's own end of a transaction: what the client does in it from now on fails. */
  abortOnConflict(transactionId: string): void;
  /** The collection as the transaction sees it, or as it is without one. */
  view(collection: string, transactionId?: string): View;
  /** Takes the locks and keeps the changes to itself, or throws a conflict and ends the transaction. */
  writeInside(transactionId: string, collection: string, changes: Change[]): void;
  /** Writes at once, or returns false because another's transaction holds one of the documents. */
  writeOutside(collection: string, changes: Change[]): boolean;
  /** Resolves when trying again is worth it. */
  released(): Promise<void>;
  close(): void;
}

/** The platform's limit, as its error text gives it. */
const TRANSACTION_LIFE_MS = 30_000;

/** The cloud's clock can be moved without notice, so whoever waits for an end looks again this often. */
const RECHECK_MS = 25;

export function createTransactions(store: DocumentStore, clock: CloudClock): Transactions {
  const open = new Map<string, OpenTransaction>();
  const endedByServer = new Set<string>();
  let waiting: (() => void)[] = [];
  let isClosed = false;

  const end = (transactionId: string): void => {
    open.delete(transactionId);
    for (const wake of waiting) wake();
    waiting = [];
  };
  const endOverdue = (): void => {
    for (const [id, { endsAtMs }] of open) if (endsAtMs <= clock.now()) end(id);
  };
  const find = (transactionId: string): OpenTransaction => {
    endOverdue();
    const transaction = open.get(transactionId);
    if (!transaction) throw transactionMissing();
    return transaction;
  };
  const holderOf = (name: string): string | undefined => {
    endOverdue();
    return [...open].find(([, { writes }]) => writes.has(name))?.[0];
  };
  const abortOnConflict = (transactionId: string): void => {
    if (!open.has(transactionId)) return;
    endedByServer.add(transactionId);
    end(transactionId);
  };
  const publish = (entries: Entry[], by?: OpenTransaction): void => {
    for (const other of open.values())
      if (other !== by && other.hasBegun) rememberBefore(store, other, entries);
    store.atomically(() => {
      for (const entry of entries) apply(store, entry);
    });
  };

  return {
    start() {
      const id = randomUUID();
      const endsAtMs = clock.now() + TRANSACTION_LIFE_MS;
      open.set(id, { endsAtMs, hasBegun: false, before: new Map(), writes: new Map() });
      return id;
    },
    commit(transactionId) {
      const transaction = find(transactionId);
      publish([...transaction.writes.values()], transaction);
      end(transactionId);
    },
    abort(transactionId) {
      if (endedByServer.delete(transactionId)) return;
      find(transactionId);
      end(transactionId);
    },
    abortOnConflict,
    view(collection, transactionId) {
      if (transactionId === undefined) return storeView(store, collection);
      const transaction = find(transactionId);
      transaction.hasBegun = true;
      return snapshotView(store, collection, transaction);
    },
    writeInside(transactionId, collection, changes) {
      const transaction = find(transactionId);
      const entries = changes.map((change) => ({ ...change, collection }));
      const isTaken = (name: string): boolean => {
        const holder = holderOf(name);
        return transaction.before.has(name) || (holder !== undefined && holder !== transactionId);
      };
      if (entries.some((entry) => isTaken(nameOf(entry)))) {
        abortOnConflict(transactionId);
        throw transactionConflict();
      }
      for (const entry of entries) transaction.writes.set(nameOf(entry), entry);
    },
    writeOutside(collection, changes) {
      const entries = changes.map((change) => ({ ...change, collection }));
      if (entries.some((entry) => holderOf(nameOf(entry)) !== undefined)) return false;
      publish(entries);
      return true;
    },
    async released() {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        setTimeout(resolve, RECHECK_MS).unref();
      });
      if (isClosed) throw new DatabaseError('DATABASE_REQUEST_FAILED', 'The embedded database was closed.');
    },
    close() {
      isClosed = true;
      for (const id of open.keys()) end(id);
    },
  };
}
