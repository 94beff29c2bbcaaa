/** The documents of a real environment, through the same SDK as the functions use, with the account's own keys. */

import tcb from '@cloudbase/node-sdk';
import { pick, type Text } from '../command/language.ts';
import { callOf } from '../command/call.ts';
import { AnswerError, documentIn, isOne, requireInserted } from '../../functions/_shared/store/answers.ts';
import { isDuplicate } from '../../functions/_shared/store/database-errors.ts';
import type { Credentials } from './credentials.ts';
import type { Documents, StoredDocument } from './environment.ts';
import { PlatformError } from './errors.ts';
import { DEFAULT_REGION, type PlatformSettings } from './settings.ts';

const TIMEOUT_MS = 10_000;
/** The most that the SDK fetches in one request. */
const PAGE = 100;
const MOST_DOCUMENTS = 1_000;

type Database = ReturnType<ReturnType<typeof tcb.init>['database']>;

/** Connects to nothing yet. */
export function openDocuments(
  settings: PlatformSettings,
  credentials: Credentials,
): (name: string) => Documents {
  let opened: Database | undefined;
  const connect = (): Database => (opened ??= openDatabase(settings, credentials));
  return (name) => {
    const guarded = <T>(verb: 'read' | 'written', run: () => Promise<T>): Promise<T> =>
      run().catch((error: unknown) => {
        throw translated(couldNot(verb, name), error);
      });
    const collection = () => connect().collection(name);
    return {
      get: (id) =>
        guarded('read', async () => {
          const answer: unknown = await collection().where({ _id: id }).limit(1).get();
          return documentIn(answer, id) as StoredDocument | null;
        }),
      list: (limit = MOST_DOCUMENTS) => guarded('read', () => readPages(collection, limit)),
      insert: (id, document) =>
        guarded('written', async () => {
          const inserted: Promise<unknown> = collection().add({ _id: id, ...document });
          return inserted
            .then((answer) => requireInserted(answer, id))
            .then(() => true)
            .catch(orFalse(isDuplicate));
        }),
      replaceIf: (id, version, changes) =>
        guarded('written', async () => {
          const { command } = connect();
          // `set` keeps a nested object whole: the SDK would flatten it and merge it into the stored one.
          const fields = Object.entries(changes).map(([field, value]) => [field, command.set(value)]);
          const query = collection().where({ _id: id, version: command.eq(version) });
          return isOne(await query.update(Object.fromEntries(fields) as object), 'updated');
        }),
      remove: (id) =>
        guarded('written', async () => {
          return isOne(await collection().doc(id).remove(), 'deleted');
        }),
    };
  };
}

/** `serviceUrl`: where the database answers, when that is not the environment's own address. */
export function openDatabase(
  { envId, region, serviceUrl }: Pick<PlatformSettings, 'envId' | 'region'> & { serviceUrl?: string },
  credentials: Credentials,
  timeoutMs = TIMEOUT_MS,
): Database {
  // Where it does not believe to be on the platform, the SDK asks metadata.tencentyun.com twice per request what
  // machine this is. The address below is spelled out, so nothing else depends on it.
  Object.assign(process.env, {
    TENCENTCLOUD_RUNENV: 'SCF',
    TENCENTCLOUD_REGION: region,
    SCF_NAMESPACE: envId,
  });
  const host = region === DEFAULT_REGION ? 'tcb-api' : `${region}.tcb-api`;
  return tcb
    .init({
      env: envId,
      secretId: credentials.secretId,
      secretKey: credentials.secretKey,
      ...(credentials.token === undefined ? {} : { sessionToken: credentials.token }),
      // Spelled out: from a variable of its own the SDK would take another address.
      serviceUrl: serviceUrl ?? `https://${envId}.${host}.tencentcloudapi.com/admin`,
      timeout: timeoutMs,
    })
    .database();
}

async function readPages(
  collection: () => ReturnType<Database['collection']>,
  limit: number,
): Promise<StoredDocument[]> {
  const found: StoredDocument[] = [];
  while (found.length < limit) {
    const size = Math.min(PAGE, limit - found.length);
    const query = collection().where({}).orderBy('_id', 'asc').skip(found.length).limit(size);
    const { data } = (await query.get()) as { data: StoredDocument[] };
    if (!Array.isArray(data)) throw new AnswerError('UNREADABLE_ANSWER');
    found.push(...data);
    if (data.length < size) break;
  }
  return found;
}

function orFalse(isExpected: (error: unknown) => boolean): (error: unknown) => false {
  return (error) => {
    if (isExpected(error)) return false;
    throw error;
  };
}

function couldNot(verb: 'read' | 'written', name: string): string {
  return pick({
    en: `the collection ${name} could not be ${verb}`,
    zh: `集合 ${name} ${verb === 'read' ? '无法读取' : '无法写入'}`,
  });
}

/** By the code alone: the message may quote the address or the document. */
function translated(what: string, error: unknown): PlatformError {
  if (error instanceof PlatformError) return error;
  const raw = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const code = /^[\w.-]{1,60}$/.test(raw) ? raw : 'UNKNOWN';
  return new PlatformError(`${what}${pick({ en: ` (${code})`, zh: `（${code}）` })}`, {
    code,
    cure: pick(CURES.get(code) ?? ANY_CURE),
  });
}

const ANY_CURE: Text = {
  en: 'check the network and the credentials, then run the command again',
  zh: '请检查网络和腾讯云凭证，然后重新执行',
};
const CURES = new Map<string, Text>([
  [
    'DATABASE_COLLECTION_NOT_EXIST',
    { en: `${callOf('deploy')} creates it`, zh: `请执行 ${callOf('deploy')} 创建` },
  ],
  [
    'SIGN_PARAM_INVALID',
    {
      en: 'check TENCENTCLOUD_SECRETID and TENCENTCLOUD_SECRETKEY, and the clock of this machine',
      zh: '请检查 TENCENTCLOUD_SECRETID、TENCENTCLOUD_SECRETKEY 和本机时钟',
    },
  ],
]);
