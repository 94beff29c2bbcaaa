/** Which documents a query means, in which order, and which of their fields: MongoDB's rules. */

import { Context } from 'mingo/core';
import { Query } from 'mingo/query';
import * as expressionOperators from 'mingo/operators/expression';
import * as projectionOperators from 'mingo/operators/projection';
import * as queryOperators from 'mingo/operators/query';
import { resolve } from 'mingo/util';
import { isDocument, isDocumentId, printEjson, type Document, type DocumentId } from './document.ts';
import { requestFailed } from './errors.ts';

export interface Selection {
  query: Document;
  order?: Document | undefined;
  offset?: number | undefined;
  limit?: number | undefined;
  projection?: Document | undefined;
}

export function select(
  documents: Document[],
  { query, order, offset = 0, limit, projection }: Selection,
): Document[] {
  return asFailedFind(() => {
    let cursor = compile(query).find<Document>(documents, projection);
    // oxlint-disable-next-line unicorn/no-array-sort -- a cursor, not an array
    if (order && Object.keys(order).length > 0) cursor = cursor.sort(order);
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

type Operator = typeof queryOperators.$eq;
type OperatorOptions = Parameters<Operator>[2];

function compile(query: Document): Query {
  return new Query(query, { context: CONTEXT, scriptEnabled: false });
}

/** mingo holds objects for equal whatever the order of their keys; to MongoDB the order is part of the value. */
const $eq: Operator = (selector, value, options) => {
  const isEqual = queryOperators.$eq(selector, value, options);
  if (!isStructured(value)) return isEqual;
  const wanted = printEjson(value);
  return (document: Document) =>
    isEqual(document) && candidates(resolve(document, selector)).some((item) => printEjson(item) === wanted);
};

const $in: Operator = (selector, values, options) => {
  if (!Array.isArray(values) || !values.some(isStructured))
    return queryOperators.$in(selector, values, options);
  const predicates = values.map((value) => $eq(selector, value, options));
  return (document: Document) => predicates.some((matches) => matches(document));
};

/** MongoDB reads `$gte`/`$lte` null as "equals null"; mingo finds nothing. */
const orNull =
  (operator: Operator): Operator =>
  (selector, value, options) =>
    (value === null ? $eq : operator)(selector, value, options);

const not =
  (operator: Operator): Operator =>
  (selector: string, value: unknown, options: OperatorOptions) => {
    const matches = operator(selector, value, options);
    return (document: Document) => !matches(document);
  };

const isStructured = (value: unknown): boolean => Array.isArray(value) || isDocument(value);

/** A condition on an array is met by the array itself or by one of its items. */
const candidates = (value: unknown): unknown[] =>
  Array.isArray(value) ? [value, ...value, ...value.flat()] : [value];

const CONTEXT = Context.init({
  expression: expressionOperators,
  projection: projectionOperators,
  query: {
    ...queryOperators,
    $eq,
    $in,
    $ne: not($eq),
    $nin: not($in),
    $gte: orNull(queryOperators.$gte),
    $lte: orNull(queryOperators.$lte),
  },
});

function asFailedFind<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw requestFailed('Find', error instanceof Error ? error.message : 'unknown reason');
  }
}
