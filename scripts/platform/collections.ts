/** Collections of the environment's database, and who may read them. */

import { pick } from '../command/language.ts';
import type { Environment, EnvironmentInfo } from './environment.ts';
import { PlatformError } from './errors.ts';
import { ANOTHER_WAY } from './kind.ts';
import type { Call } from './models.ts';
import { list, text } from './values.ts';

/** Nobody but the administrator's side can read it. */
export const CLOSED = 'ADMINONLY';

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
  return text(AclTag);
}

/** Creates it closed where it is missing: made with its creator's rules it would be open until the next call. */
export async function closeCollection(
  { describe, describeAccess: read, call }: Pick<Environment, 'describe' | 'describeAccess' | 'call'>,
  collection: string,
): Promise<void> {
  const info = await describe();
  if ((await read(collection)) === null) {
    const PermissionInfo = { AclTag: CLOSED, EnvId: info.envId };
    await call('tcb', 'CreateTable', { ...tableParams(info), TableName: collection, PermissionInfo });
  }
  if ((await read(collection)) === CLOSED) return;
  const params = { EnvId: info.envId, CollectionName: collection, AclTag: CLOSED };
  await call('tcb', 'ModifyDatabaseACL', params);
}

/** What table calls need to find the database. */
export function tableParams({ envId, databaseId }: EnvironmentInfo) {
  if (databaseId === null) {
    throw new PlatformError(
      pick({ en: `the environment ${envId} has no document database`, zh: `环境 ${envId} 没有文档型数据库` }),
      {
        code: 'NO_DATABASE',
        cure: pick(ANOTHER_WAY),
      },
    );
  }
  return { EnvId: envId, MongoConnector: { DatabaseName: databaseId, InstanceId: 'flexdb' } };
}

/** By the list of all: asking for the one by name can't tell a missing collection from a failed call. */
async function hasCollection(call: Call, info: EnvironmentInfo, collection: string): Promise<boolean> {
  for (let page = 0; page < MOST_PAGES; page++) {
    const bounds = { MgoLimit: PAGE, MgoOffset: page * PAGE };
    const { Tables } = await call('tcb', 'ListTables', { ...tableParams(info), ...bounds });
    const names = list(Tables).map((table) => table?.TableName);
    if (names.includes(collection)) return true;
    if (names.length < PAGE) return false;
  }
  return false;
}
