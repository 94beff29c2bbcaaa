/** What the rules ask of what a function finds in an instance: its variables, and keys to the database. */

import { pick } from '../../command/language.ts';
import type { Assumption } from '../assumption.ts';
import { observeCall } from '../scratch-function.ts';
import { documentsOf } from '../trials.ts';

export const SURROUNDINGS: readonly Assumption[] = [
  {
    id: 'environment-at-load',
    assumption: {
      en: 'the function’s own variables are there when its code is loaded, and in each call',
      zh: '云函数自己的环境变量在加载代码时和每次调用时都在',
    },
    reliedOnFor: { en: 'the configuration is read once in an instance', zh: '每个实例只读一次配置' },
    ifNot: {
      en: 'the functions answer that they are misconfigured: do not deploy here, and report it',
      zh: '云函数会返回配置有误：请不要在这里部署，并提 issue',
    },
    observe: async (_, scratchFunction) => {
      const observed = await observeCall(
        scratchFunction.invoke({ line: 'environment-at-load', act: 'report' }),
      );
      const { hasVariable, hadVariable } = observed;
      const told = (isThere: boolean): string =>
        pick(isThere ? { en: 'there', zh: '有' } : { en: 'missing', zh: '没有' });
      return {
        holds: hadVariable && hasVariable,
        seen: pick({
          en: `${told(hadVariable)} at load, ${told(hasVariable)} in the call`,
          zh: `加载时${told(hadVariable)}，调用时${told(hasVariable)}`,
        }),
      };
    },
  },
  {
    id: 'automatic-keys',
    assumption: {
      en: 'a function reaches the database with the keys that the platform gives it',
      zh: '云函数用平台提供的密钥可以访问数据库',
    },
    reliedOnFor: { en: 'every read and write of the functions', zh: '云函数的所有读写' },
    ifNot: {
      en: 'no function of this project works here: do not deploy, and report it',
      zh: '本项目的云函数在这里都不能运行：请不要部署，并提 issue',
    },
    observe: async (database, scratchFunction) => {
      const id = database.newId();
      const call = scratchFunction.invoke({ line: 'automatic-keys', act: 'write-late', id });
      const isAnswered = 'result' in (await call);
      const isStored = documentsOf(await database.get(id)).length === 1;
      return {
        holds: isAnswered && isStored,
        seen: isStored
          ? pick({ en: 'its document is there', zh: '它的记录在' })
          : pick({ en: 'no document of it', zh: '没有它的记录' }),
      };
    },
  },
];
