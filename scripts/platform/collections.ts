/** Collections of the environment's database, and who may read them. */

import type { Call } from './api.ts';
import type { EnvironmentInfo } from './environment.ts';
import { PlatformError } from './errors.ts';

const PAGE = 100;
/** A flexible database holds far fewer; without a bound a confused answer would be asked for forever. */
const MOST_PAGES = 50;

/** Null: there is no such collection. */
export async function describeAccess(
  call: Call,
  info: EnvironmentInfo,
  collection: string,
): Promise<string | null> {
  if (!(await hasCollection(call, info, collection))) return null;
  const params = { EnvId: info.envId, CollectionName: collection };
  const { AclTag } = await call('tcb', 'DescribeDatabaseACL', params);
  return typeof AclTag === 'string' ? AclTag : '';
}

/** What table calls need to find the database. */
export function tableParams({ envId, databaseId }: EnvironmentInfo, collection?: string): object {
  if (databaseId === null) {
    throw new PlatformError(`the environment ${envId} has no document database`, {
      code: 'NO_DATABASE',
      cure: 'open it once in the console (https://tcb.cloud.tencent.com/ → 数据库), then run the command again',
    });
  }
  const named = collection === undefined ? {} : { TableName: collection };
  return { EnvId: envId, MongoConnector: { DatabaseName: databaseId, InstanceId: 'flexdb' }, ...named };
}

/** By the list of all: asking for the one by name can't tell a missing collection from a failed call. */
async function hasCollection(call: Call, info: EnvironmentInfo, collection: string): Promise<boolean> {
  for (let page = 0; page < MOST_PAGES; page++) {
    const bounds = { MgoLimit: PAGE, MgoOffset: page * PAGE };
    const { Tables } = await call('tcb', 'ListTables', { ...tableParams(info), ...bounds });
    const names = (Array.isArray(Tables) ? Tables : []).map(
      (table) => (table as { TableName?: unknown }).TableName,
    );
    if (names.includes(collection)) return true;
    if (names.length < PAGE) return false;
  }
  return false;
}
