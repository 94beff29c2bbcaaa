/** What the rules of a token’s life ask of an update: one winner, told by a count. */

import { pick } from '../../command/language.ts';
import type { Assumption } from '../assumption.ts';
import { AT_ONCE, countOf, documentsOf, stored, TWO_MINTERS } from '../trials.ts';

export const UPDATES: readonly Assumption[] = [
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
];

function counted(answer: unknown, expected: number): { holds: boolean; seen: string } {
  const count = countOf(answer, 'updated');
  return { holds: count === expected, seen: `updated: ${count}` };
}
