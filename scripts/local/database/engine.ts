/** The query engine with MongoDB's meaning where mingo's own differs, and with what mingo leaves to its user. */

import { Context } from 'mingo/core';
import { Query } from 'mingo/query';
import * as accumulators from 'mingo/operators/accumulator';

import * as stages from 'mingo/operators/pipeline';
import * as projections from 'mingo/operators/projection';
import * as queryOperators from 'mingo/operators/query';
import * as windows from 'mingo/operators/window';
import { resolve } from 'mingo/util';
import { isDocument, printEjson, type Document } from './document.ts';
import { expressions } from './expressions.ts';
import { $geoIntersects, $geoWithin, $nearSphere } from './geo-query.ts';
import { compileSchema } from './json-schema.ts';

export function compile(query: Document): Query {
  return new Query(query, ENGINE);
}

type Operator = typeof queryOperators.$eq;
type OperatorOptions = Parameters<Operator>[2];

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

/** Conditions on fields are met by objects only; mingo takes the number 7 for an object whose every field is 7. */
const $elemMatch: Operator = (selector, criteria, options) => {
  if (!asksForFields(criteria)) return queryOperators.$elemMatch(selector, criteria as Document, options);
  const query = compile(criteria);
  return (document: Document) =>
    candidateArrays(resolve(document, selector)).some((items) =>
      items.some((item) => isDocument(item) && query.test(item)),
    );
};

const $all: Operator = (selector, values, options) => {
  if (!Array.isArray(values) || values.length === 0) return () => false;
  const predicates = values.map((value: unknown) =>
    isDocument(value) && '$elemMatch' in value
      ? $elemMatch(selector, value['$elemMatch'], options)
      : queryOperators.$all(selector, [value], options),
  );
  return (document: Document) => predicates.every((matches) => matches(document));
};

type Projection = typeof projections.$elemMatch;

const projectElemMatch: Projection = (document, criteria, field, options) => {
  const items: unknown = resolve(document, field);
  if (!asksForFields(criteria) || !Array.isArray(items))
    return projections.$elemMatch(document, criteria, field, options);
  const query = compile(criteria);
  const found = items.find((item) => isDocument(item) && query.test(item)) as unknown;
  return found === undefined ? undefined : [found];
};

export function asksForFields(criteria: unknown): criteria is Document {
  return (
    isDocument(criteria) && Object.keys(criteria).some((key) => !key.startsWith('$') || LOGICAL.has(key))
  );
}

const LOGICAL = new Set(['$and', '$or', '$nor']);

const isStructured = (value: unknown): boolean => Array.isArray(value) || isDocument(value);

/** A condition on an array is met by the array itself or by one of its items. */
const candidates = (value: unknown): unknown[] =>
  Array.isArray(value) ? [value, ...value, ...value.flat()] : [value];

/** The array at a path; the arrays, where the path leads through another one. */
const candidateArrays = (value: unknown): unknown[][] =>
  Array.isArray(value) ? [value, ...value.filter((item) => Array.isArray(item))] : [];

/** An aggregation reads: CloudBase has no stage that writes. */
const { $merge: _merge, $out: _out, ...STAGES } = stages;

export const hasStage = (name: string): boolean => Object.hasOwn(STAGES, name);

const CONTEXT = Context.init({
  accumulator: accumulators,
  expression: expressions,
  pipeline: STAGES,
  projection: { ...projections, $elemMatch: projectElemMatch },
  window: windows,
  query: {
    ...queryOperators,
    $all,
    $elemMatch,
    $eq,
    $in,
    $ne: not($eq),
    $nin: not($in),
    $gte: orNull(queryOperators.$gte),
    $lte: orNull(queryOperators.$lte),
    $geoIntersects,
    $geoWithin,
    $nearSphere,
  },
});

/** `$where` and `$function` would run code. */
export const ENGINE = { context: CONTEXT, scriptEnabled: false, jsonSchemaValidator: compileSchema };
