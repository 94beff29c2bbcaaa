/** What the rules ask of the collection: nobody without a key reads it. */

import { pick } from '../../command/language.ts';
import type { Assumption } from '../assumption.ts';

export const ACCESS: readonly Assumption[] = [
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
