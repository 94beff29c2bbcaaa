/** Whose key this is. */

import { timingSafeEqual } from 'node:crypto';
import type { Collection } from '../_shared/store/collection.ts';
import { idOf, readServer } from './server-document.ts';

export interface Server {
  /** Its document's id: two servers may have the same name. */
  id: string;
  name: string;
  /** The apps that its key opens. */
  appids: readonly string[];
  mayTick: boolean;
}

/** Null for a key that is unknown or revoked. Read for every call: a revoked one must open nothing from then on. */
export async function findServer(servers: Pick<Collection, 'get'>, keyHash: string): Promise<Server | null> {
  const server = readServer(await servers.get(idOf(keyHash)));
  if (server === null || server.revokedAtMs !== null || !isSame(server.hash, keyHash)) return null;
  const { _id: id, name, appids, mayTick = false } = server;
  return { id, name, appids, mayTick };
}

/** Takes equally long wherever the two differ. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'));
}
