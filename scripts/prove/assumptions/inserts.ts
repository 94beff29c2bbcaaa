/** What the rules of a token’s life ask of an insert and a removal: one winner, and a duplicate told by its error. */

import { isDuplicate } from '../../../functions/_shared/store/database-errors.ts';
import { callOf } from '../../command/call.ts';
import { pick } from '../../command/language.ts';
import { codeOf, type Assumption } from '../assumption.ts';
import { AT_ONCE, countOf, errorOf, notRefused, stored, TWO_MINTERS } from '../trials.ts';

export const INSERTS: readonly Assumption[] = [
  {
    id: 'duplicate-insert',
    assumption: {
      en: 'an insert of an _id that exists is refused, and the error says that it is a duplicate',
      zh: '插入已存在的 _id 会被拒绝，报错说明是重复',
    },
    reliedOnFor: { en: 'the first write of an app’s document', zh: '应用记录的第一次写入' },
    ifNot: {
      en: 'the first refresh may fail for minutes, or mint twice: report the wording',
      zh: '第一次刷新可能失败几分钟，或者获取两次：请在 issue 里写明报错的原文',
    },
    observe: async (database) => {
      const id = await stored(database, { version: 1 });
      const told = await errorOf(database.add({ _id: id, version: 1 }));
      if (told === null) return notRefused();
      return {
        holds: isDuplicate(told),
        seen: pick({ en: `refused (${codeOf(told)})`, zh: `被拒绝（${codeOf(told)}）` }),
      };
    },
  },
  {
    id: 'insert-race',
    assumption: {
      en: `of ${AT_ONCE} inserts of one _id at once, exactly one succeeds`,
      zh: `同时插入同一个 _id ${AT_ONCE} 次，恰好成功一次`,
    },
    reliedOnFor: {
      en: 'R2: one minter, also for an app that has no document yet',
      zh: 'R2：还没有记录的应用，同一时间也只有一个实例获取',
    },
    ifNot: TWO_MINTERS,
    observe: async (database) => {
      const id = database.newId();
      const tries = Array.from({ length: AT_ONCE }, (_, at) =>
        database.add({ _id: id, version: 1, winner: at }),
      );
      const settled = await Promise.allSettled(tries);
      const refused = settled.filter((one) => one.status === 'rejected');
      const wins = AT_ONCE - refused.length;
      // Where none succeeds, it was no race that they lost.
      if (wins === 0) throw refused[0]?.reason;
      return {
        holds: wins === 1,
        seen: pick({ en: `${wins} of ${AT_ONCE} succeeded`, zh: `${AT_ONCE} 次中有 ${wins} 次成功` }),
      };
    },
  },
  {
    id: 'insert-id',
    assumption: { en: 'an insert that succeeds answers the _id', zh: '插入成功时返回 _id' },
    reliedOnFor: {
      en: 'an answer without it is an error, never a success',
      zh: '没有 _id 的应答按错误处理，不当成功',
    },
    ifNot: {
      en: 'every first write is read again before it counts, which costs a read: nothing has to be done',
      zh: '每次第一次写入都要再读一遍才算数，多读一次：不用处理',
    },
    observe: async (database) => {
      const id = database.newId();
      const answer = (await database.add({ _id: id, version: 1 })) as { id?: unknown };
      return {
        holds: answer.id === id,
        seen:
          answer.id === id
            ? pick({ en: 'it did', zh: '返回了' })
            : pick({ en: 'another id, or none', zh: '是其他 _id，或者没有' }),
      };
    },
  },
  {
    id: 'remove',
    assumption: {
      en: 'a removal answers deleted: 1, and deleted: 0 where there was nothing',
      zh: '删除返回 deleted: 1，本来就没有时返回 deleted: 0',
    },
    reliedOnFor: { en: callOf('destroy'), zh: callOf('destroy') },
    ifNot: {
      en: `${callOf('destroy')} may say that it failed: look in the console`,
      zh: `${callOf('destroy')} 可能显示失败：请到控制台查看`,
    },
    observe: async (database) => {
      const id = await stored(database, { version: 1 });
      const first = countOf(await database.remove(id), 'deleted');
      const second = countOf(await database.remove(id), 'deleted');
      return {
        holds: first === 1 && second === 0,
        seen: pick({ en: `deleted: ${first}, then ${second}`, zh: `deleted: ${first}，然后 ${second}` }),
      };
    },
  },
];
