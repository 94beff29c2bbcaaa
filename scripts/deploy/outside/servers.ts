/** The servers of the outside door as an operator sees them: added, listed, revoked. */

import { pick } from '../../command/language.ts';
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
      pick({
        en: `"${name}" can't be a server's name: letters, digits, dots, dashes and underscores, at most 64, a letter or digit first`,
        zh: `"${name}" 不能作为服务器的名字：只能有字母、数字、点、- 和 _，最多 64 个字符，以字母或数字开头`,
      }),
    );
  }
  if ((await liveServers(documents)).some((server) => server.name === name)) {
    throw new Error(
      pick({
        en: `there is a server ${name} already: choose another name, or revoke that one first`,
        zh: `已有服务器 ${name}：请换一个名字，或者先撤销那一个`,
      }),
    );
  }
  const { key, document } = newServer(name, appids, nowMs, mayTick);
  const { _id: id, ...fields } = document;
  if (!(await documents.insert(id, fields)))
    throw new Error(
      pick({ en: 'the server could not be stored: run it again', zh: '服务器记录没能保存：请重新执行' }),
    );
  return key;
}

/** More can't be looked through, and a live one among the rest must not be taken for none. */
const MOST_DOCUMENTS = 1_000;

/** Oldest first, the revoked ones included. */
export async function listServers(documents: Documents): Promise<ServerDocument[]> {
  const stored = await documents.list(MOST_DOCUMENTS);
  if (stored.length === MOST_DOCUMENTS)
    throw new Error(
      pick({
        en: `there are ${MOST_DOCUMENTS} servers or more: remove old, revoked ones from ${SERVERS_COLLECTION} in the console`,
        zh: `服务器已有 ${MOST_DOCUMENTS} 台或更多：请在控制台的集合 ${SERVERS_COLLECTION} 中删除早已撤销的`,
      }),
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
      pick({
        en: `there is no server ${name} with a key in force: ${callOf('server-key', 'list')} shows all`,
        zh: `没有名为 ${name} 且密钥有效的服务器：${callOf('server-key', 'list')} 列出全部`,
      }),
    );
  }
  const { _id: id, version } = server;
  if (!(await documents.replaceIf(id, version, { version: version + 1, revokedAtMs: nowMs })))
    throw new Error(
      pick({
        en: `${name} has been changed by somebody else just now: run it again`,
        zh: `${name} 刚刚被别人改动：请重新执行`,
      }),
    );
}

/** The same, of an environment: while there is one, the door has to be deployed. */
export async function readLiveServers(
  environment: Pick<Environment, 'describeAccess' | 'documents'>,
): Promise<ServerDocument[]> {
  // Read by its name alone, a collection that was never made would look like a failed call.
  if ((await environment.describeAccess(SERVERS_COLLECTION)) === null) return [];
  return liveServers(environment.documents(SERVERS_COLLECTION));
}
