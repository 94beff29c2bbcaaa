/** A document, its `_id`, and the extended JSON (EJSON) that it travels and is stored in. */

import { BSONRegExp, EJSON } from 'bson';
import { requestFailed } from './errors.ts';

export type Document = Record<string, unknown>;
export type DocumentId = string | number;

/** Reads EJSON from the wire or from disk. Numbers become JavaScript's, as the SDKs themselves read them. */
export function parseEjson(text: string): Document {
  const value = toNative(parse(text));
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

/** Puts the cloud's time wherever `db.serverDate({ offset })` stands, in data and in queries alike. */
export function withServerDates(value: unknown, nowMs: number): unknown {
  if (Array.isArray(value)) return value.map((item) => withServerDates(item, nowMs));
  if (!isDocument(value)) return value;
  const mark = value['$tcb_server_date'];
  if (isDocument(mark)) return new Date(nowMs + Number(mark['offset'] ?? 0));
  return mapValues(value, (item) => withServerDates(item, nowMs));
}

/** Is it a plain object, and no array, date, pattern or other value with a type of its own? */
export function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

export function isDocumentId(value: unknown): value is DocumentId {
  return typeof value === 'string' || typeof value === 'number';
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
  if (value instanceof BSONRegExp) return toRegExp(value);
  if (Array.isArray(value)) return value.map(toNative);
  return isDocument(value) ? mapValues(value, toNative) : value;
}

function toRegExp({ pattern, options }: BSONRegExp): RegExp {
  try {
    return new RegExp(pattern, options);
  } catch {
    throw requestFailed('Find', `Regular expression is invalid: ${pattern}`);
  }
}

/** `fromEntries` defines keys instead of assigning them, so a key `__proto__` stays plain data. */
function mapValues(document: Document, change: (value: unknown) => unknown): Document {
  return Object.fromEntries(Object.entries(document).map(([key, value]) => [key, change(value)]));
}
