/** What the rules ask of a stored document: every field as it was written, and no more read than asked for. */

import { pick } from '../command/language.ts';
import { callOf } from '../command/call.ts';
import { codeOf, type Assumption } from './assumption.ts';
import { documentsOf, stored } from './writes.ts';

/** Ten times what a document with its history and every field takes. */
const LARGE_BYTES = 262_144;
/** https://www.mongodb.com/docs/manual/reference/limits/#mongodb-limit-BSON-Document-Size (read 2026-11-28) */
const TOO_LARGE_BYTES = 16 * 1024 * 1024;

export const DOCUMENTS: readonly Assumption[] = [
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
  {
    id: 'push-slice',
    assumption: {
      en: 'a push with slice -3 leaves the last three, the new one at the end',
      zh: 'push 时 slice 为 -3，留下最后三项，新的在末尾',
    },
    reliedOnFor: { en: 'the history of refreshes is bounded', zh: '刷新历史的长度有限' },
    ifNot: {
      en: 'the history grows without end, or is lost: report it',
      zh: '历史会不断增长，或者丢失：请提 issue',
    },
    observe: async (database) => {
      const id = await stored(database, { version: 1, history: [1, 2, 3] });
      await database.update(
        { _id: id },
        { version: 2, history: database.command.push({ each: [4], slice: -3 }) },
      );
      const history = JSON.stringify(documentsOf(await database.get(id))[0]?.['history']);
      return { holds: history === '[2,3,4]', seen: history ?? pick({ en: 'nothing', zh: '没有' }) };
    },
  },
  {
    id: 'push-no-list',
    assumption: {
      en: 'a push onto what is no list is refused, and the error says array',
      zh: '向不是列表的字段 push 会被拒绝，报错中有 array',
    },
    reliedOnFor: {
      en: 'a damaged history starts anew and stops no refresh',
      zh: '损坏的历史重新开始，不影响刷新',
    },
    ifNot: {
      en: 'a damaged history stops every refresh until its field is removed in the console: report the wording',
      zh: '损坏的历史会使刷新停止，直到在控制台删除该字段：请在 issue 里写明报错的原文',
    },
    observe: async (database) => {
      const id = await stored(database, { version: 1, history: 'gone' });
      const changes = { version: 2, history: database.command.push({ each: [1], slice: -3 }) };
      const error = await database.update({ _id: id }, changes).then(
        () => null,
        (told: unknown) => told,
      );
      if (error === null) return { holds: false, seen: pick({ en: 'it was not refused', zh: '没有被拒绝' }) };
      const isTold = error instanceof Error && /array/i.test(error.message);
      return {
        holds: isTold,
        seen: pick({
          en: `refused (${codeOf(error)}), ${isTold ? 'naming' : 'not naming'} the array`,
          zh: `被拒绝（${codeOf(error)}），${isTold ? '提到了' : '没有提到'} array`,
        }),
      };
    },
  },
  {
    id: 'set-whole',
    assumption: {
      en: 'a nested object that is set replaces the stored one, and is not merged into it',
      zh: '用 set 写入的嵌套对象会替换原有的，不会合并',
    },
    reliedOnFor: {
      en: 'a token, a claim or a backoff is stored as a whole',
      zh: 'token、抢占标记和退避记录总是整体写入',
    },
    ifNot: {
      en: 'fields of an old record survive in a new one: do not deploy here, and report it',
      zh: '旧记录的字段会留在新记录里：请不要在这里部署，并提 issue',
    },
    observe: async (database) => {
      const id = await stored(database, { version: 1, claim: { by: 'a', old: 1 } });
      await database.update({ _id: id }, { claim: database.command.set({ by: 'b' }) });
      const claim = JSON.stringify(documentsOf(await database.get(id))[0]?.['claim']);
      return { holds: claim === '{"by":"b"}', seen: claim ?? pick({ en: 'nothing', zh: '没有' }) };
    },
  },
  {
    id: 'numbers',
    assumption: {
      en: 'whole numbers up to 2^53 and null are read back as they were written',
      zh: '不超过 2^53 的整数和 null 读回时与写入时相同',
    },
    reliedOnFor: {
      en: 'instants in milliseconds, versions, and fields that are empty',
      zh: '毫秒时间、版本号和空字段',
    },
    ifNot: {
      en: 'expiry times are wrong: do not deploy here, and report it',
      zh: '到期时间会出错：请不要在这里部署，并提 issue',
    },
    observe: async (database) => {
      const fields = { largest: Number.MAX_SAFE_INTEGER, instant: 1_795_356_931_399, nothing: null };
      const id = await stored(database, fields);
      const [found = {}] = documentsOf(await database.get(id));
      const { _id: _, ...read } = found;
      const wrong = Object.entries(fields).filter(([name, value]) => read[name] !== value);
      return allBut(wrong.map(([name]) => name));
    },
  },
  {
    id: 'large-numbers',
    assumption: {
      en: 'a whole number beyond 2^53 and a null in a list or an object are read back as they were written',
      zh: '超过 2^53 的整数，以及列表或对象里的 null，读回时与写入时相同',
    },
    reliedOnFor: { en: 'a damaged number is read as one, and heals', zh: '损坏的数字能读成数字，并得到修复' },
    ifNot: {
      en: 'nothing has to be done: no number of ours is as large, and no null of ours lies as deep',
      zh: '不用处理：本项目没有这么大的数字，也没有这么深的 null',
    },
    observe: async (database) => {
      const fields = { beyond: 2 ** 53 + 2, below: -(2 ** 60), list: [null, 1], nested: { nothing: null } };
      const id = await stored(database, fields);
      const [found = {}] = documentsOf(await database.get(id));
      const wrong = Object.entries(fields).filter(
        ([name, value]) => JSON.stringify(found[name]) !== JSON.stringify(value),
      );
      return allBut(wrong.map(([name]) => name));
    },
  },
  {
    id: 'large-document',
    assumption: {
      en: 'a document of 256 KB is stored and read back whole',
      zh: '256 KB 的记录可以写入，并完整读回',
    },
    reliedOnFor: {
      en: 'a document with its history and every field is a tenth of that',
      zh: '带有历史和全部字段的记录只有它的十分之一',
    },
    ifNot: {
      en: 'refreshes fail once the history is full: report the size that goes',
      zh: '历史写满之后刷新会失败：请在 issue 里写明能写入的大小',
    },
    observe: (database) => roundTrip(database, LARGE_BYTES),
  },
  {
    id: 'too-large-document',
    assumption: {
      en: 'a document of more than 16 MB is refused, and nothing of it is stored',
      zh: '超过 16 MB 的记录会被拒绝，一点也不会写入',
    },
    reliedOnFor: {
      en: 'a write that does not fit is an error, and never half a record',
      zh: '写不下时报错，不会留下半条记录',
    },
    ifNot: {
      en: 'nothing has to be done for a healthy document, which has a few KB: report what was seen',
      zh: '正常的记录只有几 KB，不用处理：请在 issue 里写明看到的内容',
    },
    observe: async (database) => {
      const id = database.newId();
      const write = (): Promise<unknown> =>
        database.add({ _id: id, text: 'x'.repeat(TOO_LARGE_BYTES) }).then(
          () => null,
          (error: unknown) => error,
        );
      let told = await write();
      // So much takes a while to be sent, and a connection that was kept open may be closed meanwhile.
      if (codeOf(told) === 'ECONNRESET') told = await write();
      if (told === null) return { holds: false, seen: pick({ en: 'it was not refused', zh: '没有被拒绝' }) };
      // What is no refusal, a timeout above all, says nothing.
      if (!/^(DATABASE_|4\d\d$)/.test(codeOf(told))) throw told;
      const found = documentsOf(await database.get(id)).length;
      return {
        holds: found === 0,
        seen: pick({
          en: `refused (${codeOf(told)}), ${found} documents afterwards`,
          zh: `被拒绝（${codeOf(told)}），之后有 ${found} 条记录`,
        }),
      };
    },
  },
  {
    id: 'unprivileged-reader',
    assumption: {
      en: 'a reader without a key gets nothing of an ADMINONLY collection',
      zh: '没有密钥时，读不到 ADMINONLY 集合的任何内容',
    },
    reliedOnFor: { en: 'no client can read a token', zh: '客户端读不到 token' },
    ifNot: {
      en: 'everybody may read the token: do not deploy here, and report it',
      zh: '所有人都可能读到 token：请不要在这里部署，并提 issue',
    },
    observe: async (database) => {
      const outcome = await database.readUnsigned();
      const isRefused = 'refused' in outcome;
      return {
        holds: isRefused,
        seen: isRefused
          ? pick({ en: `refused (${outcome.refused})`, zh: `被拒绝（${outcome.refused}）` })
          : pick({ en: 'it was answered', zh: '得到了应答' }),
      };
    },
  },
  {
    id: 'closed',
    assumption: {
      en: 'a collection that is made ADMINONLY reads back as ADMINONLY',
      zh: '设为 ADMINONLY 的集合，读回也是 ADMINONLY',
    },
    reliedOnFor: { en: 'no client can read a token', zh: '客户端读不到 token' },
    ifNot: {
      en: 'everybody who runs the mini program may read the token: do not deploy here, and report it',
      zh: '任何打开小程序的人都可能读到 token：请不要在这里部署，并提 issue',
    },
    observe: async (database) => {
      const tag = await database.access();
      return { holds: tag === 'ADMINONLY', seen: tag ?? pick({ en: 'nothing', zh: '没有' }) };
    },
  },
];

/** Of fields that were written and read again. */
function allBut(wrong: readonly string[]): { holds: boolean; seen: string } {
  const holds = wrong.length === 0;
  const seen = holds
    ? pick({ en: 'all of them', zh: '全部' })
    : pick({ en: `not ${wrong.join(', ')}`, zh: `${wrong.join('、')} 不同` });
  return { holds, seen };
}

async function roundTrip(database: Parameters<Assumption['observe']>[0], bytes: number) {
  const id = await stored(database, { text: 'x'.repeat(bytes) });
  const [found] = documentsOf(await database.get(id));
  const length = typeof found?.['text'] === 'string' ? found['text'].length : 0;
  await database.remove(id);
  return {
    holds: length === bytes,
    seen: pick({ en: `${length} of ${bytes} bytes came back`, zh: `读回 ${length} / ${bytes} 字节` }),
  };
}
