/** What can be done with the documents of one collection, inside a transaction or on its own. */

import { aggregate } from './aggregate.ts';
import { parseEjson, type Document, type DocumentId } from './document.ts';
import { DatabaseError, TRANSACTION_CONFLICT } from './errors.ts';
import {
  candidates,
  planInsert,
  planRemove,
  planUpdate,
  type Plan,
  type Update,
  type UpdateCounts,
} from './plans.ts';
import { matching, select, type Selection } from './query.ts';
import type { DocumentStore } from './store.ts';
import type { Transactions } from './transactions.ts';
import type { View } from './views.ts';

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
