/**
 * A client of the outside door as it is stored: who it is, for which apps, and the SHA-256 of its key.
 *
 * A key is 32 random bytes, so a plain hash is enough: there is nothing to guess that salt or slowness would protect.
 * The first half of the hash is the document's id and finds it; the whole is compared in constant time.
 */

import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod/mini';

/** Beside the tokens, so that a collection of tokens holds tokens and nothing else. Access: ADMINONLY. */
export const CLIENTS_COLLECTION = 'wx_access_clients';

const text = z.string().check(z.minLength(1), z.maxLength(128));
const instant = z.number().check(z.int(), z.gte(0), z.lte(8_640_000_000_000_000));

const clientDocument = z.object({
  _id: text,
  version: z.number().check(z.int(), z.gte(1)),
  kind: z.literal('client'),
  name: text,
  hash: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  appids: z.array(text).check(z.maxLength(100)),
  createdAtMs: instant,
  revokedAtMs: z.nullable(instant),
});

export type ClientDocument = z.infer<typeof clientDocument>;

/** Null for a document of another kind, and for a damaged one: its key opens nothing. */
export function readClient(stored: unknown): ClientDocument | null {
  const result = clientDocument.safeParse(stored);
  return result.success ? result.data : null;
}

/** The key itself is shown once, to whoever asked for it, and is kept nowhere. */
export function newClient(
  name: string,
  appids: readonly string[],
  nowMs: number,
): { key: string; document: ClientDocument } {
  const key = randomBytes(32).toString('base64url');
  const hash = hashOf(key);
  const document: ClientDocument = {
    _id: idOf(hash),
    version: 1,
    kind: 'client',
    name,
    hash,
    appids: [...appids],
    createdAtMs: nowMs,
    revokedAtMs: null,
  };
  return { key, document };
}

export function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

export function idOf(hash: string): string {
  return `client:${hash.slice(0, 32)}`;
}
