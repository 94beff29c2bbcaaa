/** What the rules ask of a read: nothing where nothing is, and no more than was asked for. */

import { callOf } from '../../command/call.ts';
import { pick } from '../../command/language.ts';
import { codeOf, type Assumption } from '../assumption.ts';
import { documentsOf, stored } from '../trials.ts';

export const READS: readonly Assumption[] = [
  {
    id: 'missing-document',
    assumption: {
      en: 'a read of a document that is not there answers an empty list',
      zh: '读取不存在的记录，返回空列表',
    },
    reliedOnFor: {
      en: 'an app without a document gets its first token',
      zh: '没有记录的应用可以获取第一个 token',
    },
    ifNot: {
      en: 'no first token is fetched: do not deploy here, and report it',
      zh: '获取不到第一个 token：请不要在这里部署，并提 issue',
    },
    observe: async (database) => {
      const { data } = (await database.get(database.newId())) as { data?: unknown };
      const holds = Array.isArray(data) && data.length === 0;
      return {
        holds,
        seen: holds
          ? pick({ en: 'an empty list', zh: '空列表' })
          : pick({ en: 'something else', zh: '其他内容' }),
      };
    },
  },
  {
    id: 'missing-collection',
    assumption: {
      en: 'a read of a collection that is not there fails with DATABASE_COLLECTION_NOT_EXIST',
      zh: '读取不存在的集合，报错 DATABASE_COLLECTION_NOT_EXIST',
    },
    reliedOnFor: {
      en: `the answer that names ${callOf('deploy')}`,
      zh: `返回的错误会指明 ${callOf('deploy')}`,
    },
    ifNot: { en: 'the cause is told less well: nothing has to be done', zh: '原因说得不够清楚：不用处理' },
    observe: async (database) => {
      const code = await database.getMissing().then(
        () => pick({ en: 'no error', zh: '没有报错' }),
        (error: unknown) => codeOf(error),
      );
      return { holds: code === 'DATABASE_COLLECTION_NOT_EXIST', seen: code };
    },
  },
  {
    id: 'projection',
    assumption: {
      en: 'a field that is left out by its name is not sent, and all others are',
      zh: '按名称排除的字段不会传回，其他字段都会',
    },
    reliedOnFor: {
      en: 'a tick that has nothing to do reads a few hundred bytes, not the history',
      zh: '没有事可做的触发只读几百字节，不读历史',
    },
    ifNot: { en: 'reads cost more traffic: nothing has to be done', zh: '读取的流量更多：不用处理' },
    observe: async (database) => {
      const id = await stored(database, { version: 1, history: [1, 2], token: 'x' });
      const [found = {}] = documentsOf(await database.get(id, { history: false }));
      const names = Object.keys(found).filter((name) => name !== '_id');
      return {
        holds: names.toSorted().join() === 'token,version',
        seen: pick({ en: `fields: ${names.join(', ')}`, zh: `字段：${names.join('、')}` }),
      };
    },
  },
];
