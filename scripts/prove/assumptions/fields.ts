/** What the rules ask of a stored field: it is read back as it was written. */

import { pick } from '../../command/language.ts';
import { codeOf, type Assumption, type Seen } from '../assumption.ts';
import { documentsOf, errorOf, notRefused, stored } from '../trials.ts';

export const FIELDS: readonly Assumption[] = [
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
      const error = await errorOf(database.update({ _id: id }, changes));
      if (error === null) return notRefused();
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
];

/** Of fields that were written and read again. */
function allBut(wrong: readonly string[]): Seen {
  const holds = wrong.length === 0;
  const seen = holds
    ? pick({ en: 'all of them', zh: '全部' })
    : pick({ en: `not ${wrong.join(', ')}`, zh: `${wrong.join('、')} 不同` });
  return { holds, seen };
}
