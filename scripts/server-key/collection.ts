/** The collection of the clients, closed to everybody but the administrator's side, wherever there are any. */

import { SERVERS_COLLECTION } from '../../functions/accessTokenHttp/server-document.ts';
import type { Place } from '../place/open.ts';
import { tableParams } from '../platform/collections.ts';
import type { Documents, Environment } from '../platform/environment.ts';

const CLOSED = 'ADMINONLY';

/** For reading: null where there is none yet, and so no client either. */
export async function findServers({ reach, environment }: Place): Promise<Documents | null> {
  const documents = reach.documents(SERVERS_COLLECTION);
  if (environment !== null)
    return (await environment.describeAccess(SERVERS_COLLECTION)) === null ? null : documents;
  return documents.list(1).then(
    () => documents,
    () => null,
  );
}

/** For the first client, too. */
export async function openServers(place: Place): Promise<Documents> {
  if (place.environment !== null) await ensureClosed(place.environment);
  const documents = await findServers(place);
  if (documents === null) {
    throw new Error(
      `the data is older than the outside door, it has no ${SERVERS_COLLECTION}: run npm start -- --once on it`,
    );
  }
  return documents;
}

/** As `npm run deploy` does it for the tokens: a new collection can be read by whoever writes to it. */
async function ensureClosed(environment: Environment): Promise<void> {
  const tag = await environment.describeAccess(SERVERS_COLLECTION);
  if (tag === CLOSED) return;
  const info = await environment.describe();
  if (tag === null) await environment.call('tcb', 'CreateTable', tableParams(info, SERVERS_COLLECTION));
  const params = { EnvId: info.envId, CollectionName: SERVERS_COLLECTION, AclTag: CLOSED };
  await environment.call('tcb', 'ModifyDatabaseACL', params);
}
