/** Multi-document transactions: a snapshot to read, private writes, a lock per written document, an end after 30 s. */

import { randomUUID } from 'node:crypto';
import type { CloudClock } from '../clock.ts';
import type { DocumentId } from './document.ts';
import { DatabaseError, transactionConflict, transactionMissing } from './errors.ts';
import type { DocumentStore, StoredDocument } from './store.ts';

/** One document's new text; undefined removes it. */
export interface Change {
  id: DocumentId;
  text: string | undefined;
}

/** What one reader sees of a collection. */
export interface View {
  get(id: DocumentId): string | undefined;
  list(): StoredDocument[];
}

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

interface Entry extends Change {
  collection: string;
}

interface OpenTransaction {
  endsAtMs: number;
  /** Documents as they were at the start, for those that others changed since. */
  before: Map<string, Entry>;
  writes: Map<string, Entry>;
}

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
  const holderOf = (key: string): string | undefined => {
    endOverdue();
    return [...open].find(([, { writes }]) => writes.has(key))?.[0];
  };
  const abortOnConflict = (transactionId: string): void => {
    if (!open.has(transactionId)) return;
    endedByServer.add(transactionId);
    end(transactionId);
  };
  const publish = (entries: Entry[], by?: OpenTransaction): void => {
    for (const other of open.values()) if (other !== by) rememberBefore(store, other, entries);
    store.atomically(() => {
      for (const entry of entries) apply(store, entry);
    });
  };

  return {
    start() {
      const id = randomUUID();
      open.set(id, { endsAtMs: clock.now() + TRANSACTION_LIFE_MS, before: new Map(), writes: new Map() });
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
    view: (collection, transactionId) =>
      transactionId === undefined
        ? storeView(store, collection)
        : snapshotView(store, collection, find(transactionId)),
    writeInside(transactionId, collection, changes) {
      const transaction = find(transactionId);
      const entries = changes.map((change) => ({ ...change, collection }));
      const isTaken = (key: string): boolean => {
        const holder = holderOf(key);
        return transaction.before.has(key) || (holder !== undefined && holder !== transactionId);
      };
      if (entries.some((entry) => isTaken(keyOf(entry)))) {
        abortOnConflict(transactionId);
        throw transactionConflict();
      }
      for (const entry of entries) transaction.writes.set(keyOf(entry), entry);
    },
    writeOutside(collection, changes) {
      const entries = changes.map((change) => ({ ...change, collection }));
      if (entries.some((entry) => holderOf(keyOf(entry)) !== undefined)) return false;
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

const keyOf = ({ collection, id }: Entry): string => JSON.stringify([collection, id]);

function apply(store: DocumentStore, { collection, id, text }: Entry): void {
  if (text === undefined) store.remove(collection, id);
  else store.put(collection, id, text);
}

function rememberBefore(store: DocumentStore, transaction: OpenTransaction, entries: Entry[]): void {
  for (const entry of entries) {
    const key = keyOf(entry);
    if (transaction.before.has(key)) continue;
    transaction.before.set(key, { ...entry, text: store.get(entry.collection, entry.id) });
  }
}

function storeView(store: DocumentStore, collection: string): View {
  return { get: (id) => store.get(collection, id), list: () => store.list(collection) };
}

function snapshotView(store: DocumentStore, collection: string, { before, writes }: OpenTransaction): View {
  return {
    get(id) {
      const key = keyOf({ collection, id, text: undefined });
      const own = writes.get(key) ?? before.get(key);
      return own ? own.text : store.get(collection, id);
    },
    list() {
      const seen = new Map(store.list(collection).map((stored) => [stored.id, stored.text]));
      for (const entry of [...before.values(), ...writes.values()]) {
        if (entry.collection !== collection) continue;
        if (entry.text === undefined) seen.delete(entry.id);
        else seen.set(entry.id, entry.text);
      }
      return [...seen].map(([id, text]) => ({ id, text }));
    },
  };
}
