/** Token values that look like WeChat's: `<n>_` and base64url characters, 142 in all. Nobody should parse them. */

import { randomBytes } from 'node:crypto';

/** Seen in 2025 and 2026; documentation only asks for room for 512. */
const VALUE_LENGTH = 142;

/** A source of unguessable values. The number grew by about one a month: 50 in 2021-10, 89 in 2025-02. */
export function createTokenValues(generation = 110): () => string {
  const prefix = `${generation}_`;
  return () => (prefix + randomBytes(VALUE_LENGTH).toString('base64url')).slice(0, VALUE_LENGTH);
}
