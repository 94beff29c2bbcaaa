/** What MongoDB stores: no key that starts with a dollar, and no document over 16 MB. */

import { calculateObjectSize } from 'bson';
import { printEjson, isDocument, type Document } from './document.ts';
import { requestFailed } from './errors.ts';

/** https://www.mongodb.com/docs/manual/reference/limits/#mongodb-limit-BSON-Document-Size (read 2026-11-28) */
const MOST_BYTES = 16 * 1024 * 1024;

/** The text that goes to disk, or MongoDB's refusal. */
export function toStored(document: Document, operation: 'Insert' | 'Update'): string {
  for (const [key, value] of Object.entries(document)) assertStorable(key, value, key, operation);
  const text = printEjson(document);
  // BSON is never four times as long as the canonical text, so most documents need no second look.
  if (text.length * 4 > MOST_BYTES && calculateObjectSize(document) > MOST_BYTES)
    throw requestFailed(operation, `object to insert too large. max size: ${MOST_BYTES}`);
  return text;
}

function assertStorable(key: string, value: unknown, path: string, operation: 'Insert' | 'Update'): void {
  if (key.startsWith('$') && !REFERENCE_KEYS.has(key))
    throw requestFailed(
      operation,
      `The dollar ($) prefixed field '${key}' in '${path}' is not valid for storage.`,
    );
  if (Array.isArray(value))
    value.forEach((item, i) => assertStorable(String(i), item, `${path}.${i}`, operation));
  if (!isDocument(value)) return;
  for (const [name, item] of Object.entries(value)) assertStorable(name, item, `${path}.${name}`, operation);
}

/** A DBRef is the one object whose keys start so. */
const REFERENCE_KEYS = new Set(['$ref', '$id', '$db']);
