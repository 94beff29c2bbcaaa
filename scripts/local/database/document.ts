/** A document, its `_id`, and the extended JSON (EJSON) that it travels and is stored in. */

import { BSONRegExp, EJSON, ObjectId } from 'bson';
import { requestFailed } from './errors.ts';

export type Document = Record<string, unknown>;
export type DocumentId = string | number | ObjectId;
/** An `_id` as the store sorts and compares it. */
export type DocumentKey = string | number;

/** In every text with a regular expression, whose key may be written with escapes. */
const MAYBE_PATTERN = /\$reg|\\u/;

/** Reads EJSON from the wire or from disk. Numbers become JavaScript's, as the SDKs themselves read them. */
export function parseEjsonValue(text: string): unknown {
  const value = parse(text);
  // Few texts have a pattern: the others need no walk through all of their values.
  return MAYBE_PATTERN.test(text) ? toNative(value) : value;
}

export function parseEjson(text: string): Document {
  const value = parseEjsonValue(text);
  if (isDocument(value)) return value;
  throw requestFailed(
    'Find',
    `expected an object, found ${Array.isArray(value) ? 'an array' : typeof value}`,
  );
}

/** Canonical EJSON: types are spelled out and the order of keys is kept, so equal texts are equal BSON values. */
export function printEjson(value: unknown): string {
  return EJSON.stringify(value as Document, { relaxed: false });
}

/** As the SDKs get a document: CloudBase hands an ObjectId out as its 24 hex digits (node-sdk's own tests say so). */
export function printForSdk(value: unknown): string {
  return printEjson(mapDeep(value, (item) => (item instanceof ObjectId ? item.toHexString() : item)));
}

/** Puts the cloud's time wherever `db.serverDate({ offset })` stands, in data and in queries alike. */
export function withServerDates(value: unknown, nowMs: number): unknown {
  return mapDeep(value, (item) => {
    const mark = isDocument(item) ? item['$tcb_server_date'] : undefined;
    return isDocument(mark) ? new Date(nowMs + Number(mark['offset'] ?? 0)) : item;
  });
}

/** Is it a plain object, and no array, date, pattern or other value with a type of its own? */
export function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

export function isDocumentId(value: unknown): value is DocumentId {
  return typeof value === 'string' || typeof value === 'number' || value instanceof ObjectId;
}

/** An ObjectId is another value than the string of its digits. */
export function keyOf(id: DocumentId): DocumentKey {
  return id instanceof ObjectId ? `$oid:${id.toHexString()}` : id;
}

function parse(text: string): unknown {
  try {
    return EJSON.parse(text);
  } catch (error) {
    throw requestFailed(
      'Find',
      `the text is no extended JSON (${error instanceof Error ? error.name : 'unknown'})`,
    );
  }
}

/** The query engine knows JavaScript's regular expressions, not BSON's. */
function toNative(value: unknown): unknown {
  return mapDeep(value, (item) => (item instanceof BSONRegExp ? toRegExp(item) : item));
}

function toRegExp({ pattern, options }: BSONRegExp): RegExp {
  try {
    return new RegExp(pattern, options);
  } catch {
    throw requestFailed('Find', `Regular expression is invalid: ${pattern}`);
  }
}

/** `change` is asked for every value; what it leaves as it is, is entered if it is an array or an object. */
function mapDeep(value: unknown, change: (value: unknown) => unknown): unknown {
  const changed = change(value);
  if (changed !== value) return changed;
  if (Array.isArray(value)) return value.map((item) => mapDeep(item, change));
  if (!isDocument(value)) return value;
  // `fromEntries` defines keys instead of assigning them, so a key `__proto__` stays plain data.
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapDeep(item, change)]));
}
