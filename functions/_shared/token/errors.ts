/** The errors of the core: one union of codes, each saying who acts. */

/**
 * - `STORE_UNAVAILABLE`: the database can't be reached just now; it passes.
 * - `STORE_MISCONFIGURED`: the collection is missing or closed to us; `npm run deploy` cures it.
 */
export type TokenErrorCode = 'STORE_UNAVAILABLE' | 'STORE_MISCONFIGURED';

export class TokenError extends Error {
  override readonly name = 'TokenError';
  readonly code: TokenErrorCode;

  constructor(code: TokenErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
