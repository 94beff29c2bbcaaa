/** What the rules ask of an instance: how many calls it has at once, and what goes on in it between them. */

import { pick } from '../../command/language.ts';
import type { Assumption } from '../assumption.ts';
import { observeIn, observeCall } from '../scratch-function.ts';

export const INSTANCES: readonly Assumption[] = [
  {
    id: 'one-at-a-time',
    assumption: {
      en: 'of two calls at once, each has an instance of its own',
      zh: '同时进行的两次调用各有各的实例',
    },
    reliedOnFor: {
      en: 'nothing: no state of a call is kept outside of it; it is what tells functions V1 from V2',
      zh: '不依赖这一点：一次调用的状态不会留到调用之外；但可以据此区分 V1 和 V2 云函数',
    },
    ifNot: {
      en: 'nothing has to be done, but report it: this environment runs functions in another way',
      zh: '不用处理，但请提 issue：这个环境以另一种方式运行云函数',
    },
    observe: async (_, scratchFunction) => {
      const event = { line: 'one-at-a-time', act: 'hold', waitMs: scratchFunction.holdMs } as const;
      const both = await Promise.all([
        observeCall(scratchFunction.invoke(event)),
        observeCall(scratchFunction.invoke(event)),
      ]);
      const most = Math.max(...both.map(({ mostAtOnce }) => mostAtOnce));
      const instances = new Set(both.map(({ instance }) => instance)).size;
      return {
        holds: most === 1,
        seen: pick({
          en: `${instances} instances, at most ${most} calls at once in one`,
          zh: `${instances} 个实例，一个实例里最多同时 ${most} 次调用`,
        }),
      };
    },
  },
  {
    id: 'frozen',
    assumption: {
      en: 'an instance stands still between its calls, and keeps its memory',
      zh: '实例在两次调用之间被冻结，内存保留',
    },
    reliedOnFor: {
      en: 'nothing: what is left to do after an answer (an alert) may wait for the next call',
      zh: '不依赖这一点：应答之后要做的事（告警）可以等到下一次调用',
    },
    ifNot: {
      en: 'nothing has to be done: alerts come sooner, or the memory of an instance is of less use',
      zh: '不用处理：告警会更早发出，或者实例的内存用处更小',
    },
    observe: async (_, scratchFunction) => {
      const { instance } = await observeCall(scratchFunction.invoke({ line: 'frozen', act: 'beat' }));
      await scratchFunction.sleep(scratchFunction.idleMs);
      const { longestPauseMs } = await observeIn(instance, 'frozen', scratchFunction);
      const told = pick({
        en: `${(longestPauseMs / 1000).toFixed(1)} of ${(scratchFunction.idleMs / 1000).toFixed(1)} s`,
        zh: `${(longestPauseMs / 1000).toFixed(1)} / ${(scratchFunction.idleMs / 1000).toFixed(1)} 秒`,
      });
      return {
        holds: longestPauseMs > scratchFunction.idleMs / 2,
        seen: pick({ en: `its timer stood still for ${told}`, zh: `它的定时器停了 ${told}` }),
      };
    },
  },
];
