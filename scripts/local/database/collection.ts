/** What can be done with the documents of one collection, inside a transaction or on its own. */

import { aggregate } from './aggregate.ts';
import {
  isDocumentId,
  keyOf,
  parseEjson,
  type Document,
  type DocumentId,
  type DocumentKey,
} from './document.ts';
import { duplicateKey, requestFailed, TRANSACTION_CONFLICT, DatabaseError } from './errors.ts';
import { matching, select, soleId, type Selection } from './query.ts';
import type { DocumentStore } from './store.ts';
import type { Change, Transactions, View } from './transactions.ts';
import { toStored } from './storable.ts';
import { applyOperators, applyReplacement, newFromUpsert } from './update.ts';

export interface Update {
  query: Document;
  /** MongoDB operators, or the whole new content with `replace`. */
  update: Document;
  /** All that match, or the first only. */
  multi?: boolean;
  /** Inserts when nothing matches. */
  upsert?: boolean;
  replace?: boolean;
}

interface UpdateCounts {
  matched: number;
  /** Of those, how many are different now. */
  modified: number;
  upsertedId: DocumentId | undefined;
}

/** Writes outside a transaction wait for the documents that a transaction holds. */
export interface Collection {
  insert(documents: Document[], transactionId?: string): Promise<DocumentId[]>;
  find(selection: Selection, transactionId?: string): Document[];
  count(query: Document, transactionId?: string): number;
  aggregate(stages: Document[]): Document[];
  update(update: Update, transactionId?: string): Promise<UpdateCounts>;
  /** Updates the first match and returns it as it is afterwards. */
  updateAndReturn(update: Update, transactionId?: string): Promise<Document | undefined>;
  remove(query: Document, multi: boolean, transactionId?: string): Promise<number>;
}

export interface CollectionParts {
  store: DocumentStore;
  transactions: Transactions;
  newId(): string;
}

export function openCollection(name: string, parts: CollectionParts): Collection {
  const write = <T>(plan: (view: View) => Plan<T>, transactionId?: string): Promise<T> =>
    writePlanned(parts, name, plan, transactionId);
  return {
    insert: (documents, transactionId) =>
      write((view) => planInsert(name, view, documents, parts.newId), transactionId),
    find(selection, transactionId) {
      return select(candidates(parts.transactions.view(name, transactionId), selection.query), selection);
    },
    count(query, transactionId) {
      return matching(candidates(parts.transactions.view(name, transactionId), query), query).length;
    },
    aggregate: (stages) => aggregate(read(parts, name), stages, (other) => read(parts, other)),
    async update(update, transactionId) {
      const { counts } = await write((view) => planUpdate(name, view, update, parts.newId), transactionId);
      return counts;
    },
    async updateAndReturn(update, transactionId) {
      const { first } = await write((view) => planUpdate(name, view, update, parts.newId), transactionId);
      return first;
    },
    remove: (query, multi, transactionId) => write((view) => planRemove(view, query, multi), transactionId),
  };
}

function read({ transactions }: CollectionParts, name: string): Document[] {
  return transactions
    .view(name)
    .list()
    .map(({ text }) => parseEjson(text));
}

interface Plan<T> {
  changes: Change[];
  result: T;
}

/** Plans on what is there now and writes at once: nobody else's write comes between the two. */
async function writePlanned<T>(
  { store, transactions }: CollectionParts,
  name: string,
  plan: (view: View) => Plan<T>,
  transactionId: string | undefined,
): Promise<T> {
  if (transactionId !== undefined) return writeInside(transactions, name, plan, transactionId);
  for (;;) {
    const outcome = store.atomically(() => {
      const { changes, result } = plan(transactions.view(name));
      return transactions.writeOutside(name, changes) ? { result } : undefined;
    });
    if (outcome) return outcome.result;
    await transactions.released();
  }
}

/** As in MongoDB, a write that fails ends the transaction around it. */
function writeInside<T>(
  transactions: Transactions,
  name: string,
  plan: (view: View) => Plan<T>,
  transactionId: string,
): T {
  try {
    const { changes, result } = plan(transactions.view(name, transactionId));
    transactions.writeInside(transactionId, name, changes);
    return result;
  } catch (error) {
    const isConflict = error instanceof DatabaseError && error.code === TRANSACTION_CONFLICT;
    if (!isConflict) transactions.abortOnConflict(transactionId);
    throw error;
  }
}

function planInsert(
  name: string,
  view: View,
  documents: Document[],
  newId: () => string,
): Plan<DocumentId[]> {
  const changes = new Map<DocumentKey, Change>();
  const ids = documents.map((document) => {
    const id = idOf(document, newId);
    const change = changeTo(withId(document, id), 'Insert');
    if (changes.has(change.key) || view.get(change.key) !== undefined) throw duplicateKey(name, id);
    changes.set(change.key, change);
    return id;
  });
  return { changes: [...changes.values()], result: ids };
}

function planUpdate(
  name: string,
  view: View,
  { query, update, multi = false, upsert = false, replace = false }: Update,
  newId: () => string,
): Plan<{ counts: UpdateCounts; first: Document | undefined }> {
  if (multi && replace)
    throw requestFailed('Update', 'multi update is not supported for replacement-style update');
  const all = matching(candidates(view, query), query);
  const found = multi ? all : all.slice(0, 1);
  if (found.length === 0 && upsert)
    return planUpsert(name, view, newFromUpsert(query, update, replace), newId);
  const after = found.map((document) => ({
    changed: replace ? applyReplacement(document, update) : applyOperators(document, update),
    document,
  }));
  const changes = after.flatMap(({ changed }) => (changed ? [changeTo(changed, 'Update')] : []));
  const counts = { matched: found.length, modified: changes.length, upsertedId: undefined };
  return { changes, result: { counts, first: after[0]?.changed ?? after[0]?.document } };
}

function planUpsert(
  name: string,
  view: View,
  document: Document,
  newId: () => string,
): Plan<{ counts: UpdateCounts; first: Document | undefined }> {
  const id = idOf(document, newId);
  // A document with this id is there, and the rest of the query doesn't match it.
  if (view.get(keyOf(id)) !== undefined) throw duplicateKey(name, id);
  const inserted = withId(document, id);
  return {
    changes: [changeTo(inserted, 'Update')],
    result: { counts: { matched: 0, modified: 0, upsertedId: id }, first: inserted },
  };
}

function planRemove(view: View, query: Document, multi: boolean): Plan<number> {
  const all = matching(candidates(view, query), query);
  const found = multi ? all : all.slice(0, 1);
  return {
    changes: found.map(({ _id }) => ({ key: keyOf(_id as DocumentId), text: undefined })),
    result: found.length,
  };
}

function candidates(view: View, query: Document): Document[] {
  const id = soleId(query);
  const texts = id === undefined ? view.list().map(({ text }) => text) : [view.get(keyOf(checkId(id)))];
  return texts.flatMap((text) => (text === undefined ? [] : [parseEjson(text)]));
}

function idOf(document: Document, newId: () => string): DocumentId {
  return checkId(document['_id'] ?? newId());
}

/** MongoDB stores `_id` as the first field. */
function withId(document: Document, id: DocumentId): Document {
  return Object.assign({ _id: id }, document, { _id: id });
}

/** The SDKs let strings and numbers through; the length is the store's limit for a key. */
function checkId(id: unknown): DocumentId {
  if (!isDocumentId(id)) throw requestFailed('Insert', `can't use ${typeof id} as _id`);
  if (Buffer.byteLength(String(keyOf(id))) > 1024)
    throw requestFailed('Insert', '_id is longer than 1024 bytes');
  return id;
}

function changeTo(document: Document, operation: 'Insert' | 'Update'): Change {
  return { key: keyOf(document['_id'] as DocumentId), text: toStored(document, operation) };
}
