/** The collection of the servers, closed to everybody but the administrator's side, wherever there are any. */

import { pick } from '../command/language.ts';
import { callOf } from '../command/call.ts';
import { SERVERS_COLLECTION } from '../../functions/accessTokenHttp/server-document.ts';
import type { Place } from '../place/open.ts';
import { requireSupported } from '../place/supported.ts';
import { closeCollection } from '../platform/collections.ts';
import type { Documents } from '../platform/environment.ts';

/** For reading: null where there is none yet, and so no server either. */
export async function findServers({ reach, environment }: Place): Promise<Documents | null> {
  const documents = reach.documents(SERVERS_COLLECTION);
  if (environment !== null)
    return (await environment.describeAccess(SERVERS_COLLECTION)) === null ? null : documents;
  return documents.list(1).then(
    () => documents,
    () => null,
  );
}

/** For the first server, too: makes the collection where there is none. */
export async function openServers(place: Place): Promise<Documents> {
  await requireSupported(place);
  if (place.environment !== null) await closeCollection(place.environment, SERVERS_COLLECTION);
  const documents = await findServers(place);
  if (documents === null) {
    throw new Error(
      pick({
        en: `the data is older than the outside door, it has no ${SERVERS_COLLECTION}: run ${callOf('start', '--once')} on it`,
        zh: `这份数据建立时还没有外部入口，缺少集合 ${SERVERS_COLLECTION}：请先用它执行一次 ${callOf('start', '--once')}`,
      }),
    );
  }
  return documents;
}
