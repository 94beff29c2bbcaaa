/** What the database's failures mean: each becomes a TokenError that says what to do. */

import { TokenError } from '../token/ports.ts';

/** What a person has to put right; every other failure passes by itself. */
const CURES = new Map([
  ['DATABASE_COLLECTION_NOT_EXIST', 'does not exist: npm run deploy creates it'],
  ['DATABASE_PERMISSION_DENIED', 'is closed to this function: npm run deploy sets its access'],
]);

export function toTokenError(error: unknown, name: string, verb: 'read' | 'write'): TokenError {
  if (error instanceof TokenError) return error;
  const code = codeOf(error);
  const cure = CURES.get(code);
  if (cure !== undefined) return new TokenError('STORE_MISCONFIGURED', `the collection ${name} ${cure}`);
  const done = verb === 'read' ? 'read' : 'written';
  return new TokenError('STORE_UNAVAILABLE', `the database could not be ${done} (${code})`);
}

/**
 * E11000 is MongoDB's duplicate key, which CloudBase wraps in varying words; the HTTP API has a code of its own.
 * https://docs.cloudbase.net/http-api/nosql/nosql-restful-api (read 2026-11-28)
 */
export function isDuplicate(error: unknown): boolean {
  const { code, message } =
    typeof error === 'object' && error !== null ? (error as { code?: unknown; message?: unknown }) : {};
  return [code, message].some((said) => typeof said === 'string' && DUPLICATE.test(said));
}

const DUPLICATE = /E11000|DATABASE_DUPLICATE_WRITE/;

/** MongoDB's words for a push onto what is no list; the code around them is CloudBase's for everything. */
export function isAboutList(error: unknown): boolean {
  return (
    codeOf(error) === 'DATABASE_REQUEST_FAILED' && /array/i.test(error instanceof Error ? error.message : '')
  );
}

/** The SDK's or Node's code; never the message, which may quote a URL or a document. */
function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return /^[\w.-]{1,60}$/.test(code) ? code : 'UNKNOWN';
}
