/** What a write would change, worked out on what is there now. */

import {
  isDocumentId,
  keyOf,
  parseEjson,
  type Document,
  type DocumentId,
  type DocumentKey,
} from './document.ts';
import { duplicateKey, requestFailed } from './errors.ts';
import { matching, soleId } from './query.ts';
import { toStored } from './storable.ts';
import type { Change, View } from './views.ts';
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

export interface UpdateCounts {
  matched: number;
  /** Of those, how many are different now. */
  modified: number;
  upsertedId: DocumentId | undefined;
}

export interface Plan<T> {
  changes: Change[];
  result: T;
}

export function planInsert(
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

export function planUpdate(
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

export function planRemove(view: View, query: Document, multi: boolean): Plan<number> {
  const all = matching(candidates(view, query), query);
  const found = multi ? all : all.slice(0, 1);
  return {
    changes: found.map(({ _id }) => ({ key: keyOf(_id as DocumentId), text: undefined })),
    result: found.length,
  };
}

export function candidates(view: View, query: Document): Document[] {
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
