/** The servers of the outside door as an operator sees them: added, listed, revoked. */

import { callOf } from '../../command/call.ts';
import {
  SERVERS_COLLECTION,
  newServer,
  readServer,
  type ServerDocument,
} from '../../../functions/accessTokenHttp/server-document.ts';
import type { Documents, Environment } from '../../platform/environment.ts';

/** The key is in no database and in no log: whoever gets this has the only copy. */
export async function addServer(
  documents: Documents,
  { name, appids, mayTick = false }: { name: string; appids: readonly string[]; mayTick?: boolean },
  nowMs: number,
): Promise<string> {
  if (!/^[A-Za-z0-9][\w.-]{0,63}$/.test(name)) {
    throw new Error(
      `"${name}" can't be a server's name: letters, digits, dots, dashes and underscores, at most 64, a letter or digit first`,
    );
  }
  if ((await liveServers(documents)).some((server) => server.name === name)) {
    throw new Error(`there is a server ${name} already: choose another name, or revoke that one first`);
  }
  const { key, document } = newServer(name, appids, nowMs, mayTick);
  const { _id: id, ...fields } = document;
  if (!(await documents.insert(id, fields))) throw new Error('the server could not be stored: run it again');
  return key;
}

/** More can't be looked through, and a live one among the rest must not be taken for none. */
const MOST_DOCUMENTS = 1_000;

/** Oldest first, the revoked ones included. */
export async function listServers(documents: Documents): Promise<ServerDocument[]> {
  const stored = await documents.list(MOST_DOCUMENTS);
  if (stored.length === MOST_DOCUMENTS)
    throw new Error(
      `there are ${MOST_DOCUMENTS} servers or more: remove old, revoked ones from ${SERVERS_COLLECTION} in the console`,
    );
  const servers = stored.map(readServer).filter((server) => server !== null);
  return servers.toSorted((a, b) => a.createdAtMs - b.createdAtMs);
}

/** Those whose keys open the door: while there is one, the door has to be there. */
export async function liveServers(documents: Documents): Promise<ServerDocument[]> {
  return (await listServers(documents)).filter(({ revokedAtMs }) => revokedAtMs === null);
}

/** Holds from the next call on: the door reads the document for each. */
export async function revokeServer(documents: Documents, name: string, nowMs: number): Promise<void> {
  const server = (await liveServers(documents)).find((one) => one.name === name);
  if (server === undefined) {
    throw new Error(
      `there is no server ${name} with a key in force: ${callOf('server-key', 'list')} shows all`,
    );
  }
  const { _id: id, version } = server;
  if (!(await documents.replaceIf(id, version, { version: version + 1, revokedAtMs: nowMs })))
    throw new Error(`${name} has been changed by somebody else just now: run it again`);
}

/** The same, of an environment: while there is one, the door has to be deployed. */
export async function readLiveServers(
  environment: Pick<Environment, 'describeAccess' | 'documents'>,
): Promise<ServerDocument[]> {
  // Read by its name alone, a collection that was never made would look like a failed call.
  if ((await environment.describeAccess(SERVERS_COLLECTION)) === null) return [];
  return liveServers(environment.documents(SERVERS_COLLECTION));
}
