/**
 * A server of the outside door as it is stored: who it is, for which apps, and the SHA-256 of its key.
 *
 * A key is 32 random bytes, so a plain hash is enough: there is nothing to guess that salt or slowness would protect.
 * The first half of the hash is the document's id and finds it; the whole is compared in constant time.
 */

import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { instant } from '../_shared/store/document-fields.ts';

/** Beside the tokens, so that a collection of tokens holds tokens and nothing else. Access: ADMINONLY. */
export const SERVERS_COLLECTION = 'wx_access_clients';

const text = z.string().check(z.minLength(1), z.maxLength(128));

const serverDocument = z.object({
  _id: text,
  version: z.number().check(z.int(), z.gte(1)),
  kind: z.literal('server'),
  name: text,
  hash: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  appids: z.array(text).check(z.maxLength(100)),
  /** It may tick, and nothing else: its list of apps is empty. */
  mayTick: z.optional(z.boolean()),
  createdAtMs: instant,
  revokedAtMs: z.nullable(instant),
});

/** The documents of servers whose key is valid. */
export const LIVE = { kind: 'server', revokedAtMs: null };

export type ServerDocument = z.infer<typeof serverDocument>;

/** Null for a document of another kind, and for a damaged one: its key opens nothing. */
export function readServer(stored: unknown): ServerDocument | null {
  const result = serverDocument.safeParse(stored);
  return result.success ? result.data : null;
}

/** The key itself is shown once, when it is made, and is kept nowhere. */
export function newServer(
  name: string,
  appids: readonly string[],
  nowMs: number,
  mayTick = false,
): { key: string; document: ServerDocument } {
  const key = randomBytes(32).toString('base64url');
  const hash = hashOf(key);
  const document: ServerDocument = {
    _id: idOf(hash),
    version: 1,
    kind: 'server',
    name,
    hash,
    appids: [...appids],
    ...(mayTick ? { mayTick } : {}),
    createdAtMs: nowMs,
    revokedAtMs: null,
  };
  return { key, document };
}

export function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

export function idOf(hash: string): string {
  return `server:${hash.slice(0, 32)}`;
}
