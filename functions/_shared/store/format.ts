/** The format of a stored document: what newer functions have written, older ones neither read nor write. */

import { TokenError } from '../token/ports.ts';

/** In each document's `schema`. Raised when the meaning of a field changes, so that a later version knows what it reads. */
export const FORMAT = 1;

/** One whose format is missing or damaged is none. */
export function isNewer({ schema }: Readonly<Record<string, unknown>>): boolean {
  return typeof schema === 'number' && Number.isInteger(schema) && schema > FORMAT;
}

/** The document as it is. Throws a TokenError where a newer version has written it. */
export function requireKnown<T extends Readonly<Record<string, unknown>> | null>(document: T): T {
  if (document === null || !isNewer(document)) return document;
  throw new TokenError(
    'STORE_MISCONFIGURED',
    `the document of ${String(document['_id'])} has format ${String(document['schema'])}, and this version knows ${FORMAT}: a newer version has written it, so it is left as it is; deploy that version again, or a later one`,
  );
}

/** Those that are not of a newer version. */
export function knownOf<T extends Readonly<Record<string, unknown>>>(
  documents: ReadonlyMap<string, T>,
): Map<string, T> {
  return new Map([...documents].filter(([, document]) => !isNewer(document)));
}
