/** Whose key this is, and whether it opens this app. Wrong, revoked and foreign keys are treated alike. */

import { timingSafeEqual } from 'node:crypto';
import type { Collection } from '../_shared/store/collection.ts';
import { hashOf, idOf, readServer } from './server-document.ts';

export interface Server {
  /** Its document's id: two servers may have the same name. */
  id: string;
  name: string;
}

/** Read for every call, since a revoked key must open nothing from then on. Throws a TokenError. */
export async function findServer(
  servers: Pick<Collection, 'get'>,
  key: string,
  appid: string,
): Promise<Server | null> {
  const hash = hashOf(key);
  const server = readServer(await servers.get(idOf(hash)));
  if (server === null || server.revokedAtMs !== null || !server.appids.includes(appid)) return null;
  const { _id: id, name } = server;
  return isSame(server.hash, hash) ? { id, name } : null;
}

/** Takes equally long wherever the two differ. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'));
}
