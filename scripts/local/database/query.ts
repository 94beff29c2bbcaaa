/** Which documents a query means, in which order, and which of their fields: MongoDB's rules. */

import { resolve } from 'mingo/util';
import { isDocument, isDocumentId, type Document, type DocumentId } from './document.ts';
import { compile } from './engine.ts';
import { requestFailed } from './errors.ts';
import { nearOf } from './geo-query.ts';
import { distanceMeters } from './geometry.ts';

export interface Selection {
  query: Document;
  order?: Document | undefined;
  offset?: number | undefined;
  limit?: number | undefined;
  projection?: Document | undefined;
}

export function select(
  documents: Document[],
  { query, order = {}, offset = 0, limit, projection }: Selection,
): Document[] {
  return asFailedFind(() => {
    const isOrdered = Object.keys(order).length > 0;
    let cursor = compile(query).find<Document>(
      isOrdered ? documents : nearestFirst(documents, query),
      projection,
    );
    // oxlint-disable-next-line unicorn/no-array-sort -- a cursor, not an array
    if (isOrdered) cursor = cursor.sort(order);
    if (offset > 0) cursor = cursor.skip(offset);
    if (limit !== undefined) cursor = cursor.limit(limit);
    return cursor.all();
  });
}

/** Those of the documents that match, in their order. */
export function matching(documents: Document[], query: Document): Document[] {
  return asFailedFind(() => {
    const compiled = compile(query);
    return documents.filter((document) => compiled.test(document));
  });
}

/** The only `_id` that the query can match, if it names one: then nothing else needs to be read. */
export function soleId(query: Document): DocumentId | undefined {
  const condition = query['_id'];
  const id = isDocument(condition) ? condition['$eq'] : condition;
  return isDocumentId(id) ? id : undefined;
}

/** `$nearSphere` sorts, unless the query names another order. */
function nearestFirst(documents: Document[], query: Document): Document[] {
  const found = nearIn(query);
  if (found === undefined) return documents;
  const { field, center } = found;
  const meters = (document: Document): number =>
    distanceMeters(center, resolve(document, field)) ?? Number.POSITIVE_INFINITY;
  return documents.toSorted((a, b) => meters(a) - meters(b));
}

/** MongoDB allows one, at the top or under `$and`. */
function nearIn(query: Document): { field: string; center: [number, number] } | undefined {
  for (const [field, condition] of Object.entries(query)) {
    if (field === '$and' && Array.isArray(condition))
      for (const part of condition) if (isDocument(part) && nearIn(part)) return nearIn(part);
    if (isDocument(condition) && '$nearSphere' in condition)
      return { field, center: nearOf(condition['$nearSphere']).center };
  }
  return undefined;
}

export function asFailedFind<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw requestFailed('Find', error instanceof Error ? error.message : 'unknown reason');
  }
}
