/** Whose key this is, and whether it opens this app. Wrong, revoked and foreign keys are not told apart. */

import { timingSafeEqual } from 'node:crypto';
import type { Collection } from '../_shared/store/collection.ts';
import { hashOf, idOf, readClient } from './client-document.ts';

export interface Client {
  /** Its document's id: tells two clients of the same name apart. */
  id: string;
  name: string;
}

/** Read for every call, since a revoked key must open nothing from then on. Throws a TokenError. */
export async function findClient(
  clients: Pick<Collection, 'get'>,
  key: string,
  appid: string,
): Promise<Client | null> {
  const hash = hashOf(key);
  const client = readClient(await clients.get(idOf(hash)));
  if (client === null || client.revokedAtMs !== null || !client.appids.includes(appid)) return null;
  const { _id: id, name } = client;
  return isSame(client.hash, hash) ? { id, name } : null;
}

/** Takes equally long wherever the two differ. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'));
}
