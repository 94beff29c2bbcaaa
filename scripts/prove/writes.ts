/** What the rules of a token's life ask of a write: one winner, told by a count, and a duplicate told by its error. */

import { pick } from '../command/language.ts';
import { callOf } from '../command/call.ts';
import { isDuplicate } from '../../functions/_shared/store/database-errors.ts';
import { codeOf, type Assumption } from './assumption.ts';
import type { ProveDatabase } from './database.ts';

/** As many as a busy moment has. */
const AT_ONCE = 20;

const TWO_MINTERS = {
  en: 'two instances may mint for one app and end each other’s tokens: do not deploy here, and report it',
  zh: '两个实例可能同时为一个应用获取 token，并互相使对方的 token 作废：请不要在这里部署，并提 issue',
};

export const WRITES: readonly Assumption[] = [
  {
    id: 'update-hit',
    assumption: {
      en: 'an update by _id and version that finds its document answers updated: 1',
      zh: '按 _id 和 version 更新，找到了记录，返回 updated: 1',
    },
    reliedOnFor: { en: 'R2: a claim is won', zh: 'R2：抢占成功' },
    ifNot: {
      en: 'no claim is ever won, so nothing is minted: do not deploy here, and report it',
      zh: '抢占永远不会成功，也就获取不到 token：请不要在这里部署，并提 issue',
    },
    observe: async (database) => {
      const id = await stored(database, { version: 1 });
      return counted(await database.update({ _id: id, version: 1 }, { version: 2 }), 1);
    },
  },
  {
    id: 'update-miss',
    assumption: {
      en: 'one whose version has moved on answers updated: 0',
      zh: 'version 已变时，返回 updated: 0',
    },
    reliedOnFor: { en: 'R2: a claim is lost', zh: 'R2：抢占失败' },
    ifNot: TWO_MINTERS,
    observe: async (database) => {
      const id = await stored(database, { version: 2 });
      return counted(await database.update({ _id: id, version: 1 }, { version: 2, note: 'stale' }), 0);
    },
  },
  {
    id: 'update-no-op',
    assumption: {
      en: 'one that changes nothing answers updated: 0',
      zh: '没有改变任何内容的更新，返回 updated: 0',
    },
    reliedOnFor: {
      en: 'every write changes the version, so that a count of 0 always means a lost race',
      zh: '每次写入都改变 version，因此 0 总是表示没有抢到',
    },
    ifNot: {
      en: 'nothing has to be done: no write of ours is a no-op',
      zh: '不用处理：本项目没有这样的写入',
    },
    observe: async (database) => {
      const id = await stored(database, { version: 3 });
      return counted(await database.update({ _id: id, version: 3 }, { version: 3 }), 0);
    },
  },
  {
    id: 'update-absent-document',
    assumption: {
      en: 'an update of a document that is not there answers updated: 0, and makes none',
      zh: '更新不存在的记录，返回 updated: 0，也不会创建',
    },
    reliedOnFor: { en: 'a removed document is written anew by an insert', zh: '被删除的记录用插入重新写入' },
    ifNot: {
      en: 'a token may be stored without its record: report it',
      zh: 'token 可能存下而没有记录：请提 issue',
    },
    observe: async (database) => {
      const id = database.newId();
      const { holds, seen } = counted(await database.update({ _id: id, version: 1 }, { version: 2 }), 0);
      const found = documentsOf(await database.get(id)).length;
      return {
        holds: holds && found === 0,
        seen: pick({ en: `${seen}, ${found} documents afterwards`, zh: `${seen}，之后有 ${found} 条记录` }),
      };
    },
  },
  {
    id: 'update-race',
    assumption: {
      en: `of ${AT_ONCE} updates at once with one version, exactly one answers updated: 1`,
      zh: `用同一个 version 同时更新 ${AT_ONCE} 次，恰好有一次返回 updated: 1`,
    },
    reliedOnFor: { en: 'R2: one minter', zh: 'R2：同一时间只有一个实例获取' },
    ifNot: TWO_MINTERS,
    observe: async (database) => {
      const id = await stored(database, { version: 1 });
      const tries = Array.from({ length: AT_ONCE }, (_, at) =>
        database.update({ _id: id, version: 1 }, { version: 2, winner: at }),
      );
      const wins = (await Promise.all(tries)).filter((answer) => countOf(answer, 'updated') === 1).length;
      return {
        holds: wins === 1,
        seen: pick({ en: `${wins} of ${AT_ONCE} won`, zh: `${AT_ONCE} 次中有 ${wins} 次成功` }),
      };
    },
  },
  {
    id: 'absent-field',
    assumption: {
      en: 'a condition that a field is absent finds the document, and no longer once it is there',
      zh: '以字段不存在为条件能找到记录，字段存在之后就找不到',
    },
    reliedOnFor: { en: 'R2: a document whose version is missing heals', zh: 'R2：缺少 version 的记录会修复' },
    ifNot: {
      en: 'a damaged document stays as it is until an operator removes it: report it',
      zh: '损坏的记录会一直保持原样，直到有人删除它：请提 issue',
    },
    observe: async (database) => {
      const id = await stored(database, { note: 1 });
      const query = { _id: id, version: database.command.exists(false) };
      const first = countOf(await database.update(query, { version: 1 }), 'updated');
      const second = countOf(await database.update(query, { version: 2 }), 'updated');
      return {
        holds: first === 1 && second === 0,
        seen: pick({ en: `updated: ${first}, then ${second}`, zh: `updated: ${first}，然后 ${second}` }),
      };
    },
  },
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
      const told = await database.add({ _id: id, version: 1 }).then(
        () => null,
        (error: unknown) => error,
      );
      if (told === null) return { holds: false, seen: pick({ en: 'it was not refused', zh: '没有被拒绝' }) };
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

/** A new document with these fields; its id. */
export async function stored(database: ProveDatabase, fields: object): Promise<string> {
  const id = database.newId();
  await database.add({ _id: id, ...fields });
  return id;
}

export function documentsOf(answer: unknown): Record<string, unknown>[] {
  const { data } = answer as { data?: unknown };
  return Array.isArray(data) ? (data as Record<string, unknown>[]) : [];
}

function counted(answer: unknown, expected: number): { holds: boolean; seen: string } {
  const count = countOf(answer, 'updated');
  return { holds: count === expected, seen: `updated: ${count}` };
}

function countOf(answer: unknown, name: 'updated' | 'deleted'): number | string {
  const count = (answer as Record<string, unknown> | null)?.[name];
  return typeof count === 'number' ? count : 'none';
}
