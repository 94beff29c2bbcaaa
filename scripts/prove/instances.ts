/** What the rules ask of an instance: what it has, what it is given at once, and what is left of a call afterwards. */

import { pick } from '../command/language.ts';
import type { Assumption } from './assumption.ts';
import { sightIn, sightOf } from './functions.ts';
import { NotTried } from './not-tried.ts';
import { documentsOf } from './writes.ts';

/** Above the second that a Date header is rounded to, and the call's own way. */
const CLOCK_TOLERANCE_MS = 3_000;
export const INSTANCES: readonly Assumption[] = [
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
    observe: async (_, functions) => {
      const sight = await sightOf(functions.invoke({ line: 'environment-at-load', act: 'look' }));
      const { hasVariable, hadVariable } = sight;
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
    observe: async (database, functions) => {
      const id = database.newId();
      const call = functions.invoke({ line: 'automatic-keys', act: 'write-late', id });
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
    observe: async (_, functions) => {
      const event = { line: 'one-at-a-time', act: 'hold', waitMs: functions.holdMs } as const;
      const both = await Promise.all([sightOf(functions.invoke(event)), sightOf(functions.invoke(event))]);
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
    observe: async (_, functions) => {
      const { instance } = await sightOf(functions.invoke({ line: 'frozen', act: 'beat' }));
      await functions.sleep(functions.idleMs);
      const { longestPauseMs } = await sightIn(instance, 'frozen', functions);
      const told = pick({
        en: `${(longestPauseMs / 1000).toFixed(1)} of ${(functions.idleMs / 1000).toFixed(1)} s`,
        zh: `${(longestPauseMs / 1000).toFixed(1)} / ${(functions.idleMs / 1000).toFixed(1)} 秒`,
      });
      return {
        holds: longestPauseMs > functions.idleMs / 2,
        seen: pick({ en: `its timer stood still for ${told}`, zh: `它的定时器停了 ${told}` }),
      };
    },
  },
  {
    id: 'clock',
    assumption: {
      en: 'the functions’ clock and the server’s differ by less than three seconds',
      zh: '云函数的时钟与服务器相差不到三秒',
    },
    reliedOnFor: {
      en: 'R2 and R3: when an abandoned claim may be taken over, and when a token ends',
      zh: 'R2 和 R3：抢占何时可以由其他实例接管，token 何时到期',
    },
    ifNot: {
      en: 'tokens may be promised for too long: report it to Tencent',
      zh: '给出的 token 有效期可能偏长：请向腾讯云提工单',
    },
    observe: async (_, functions) => {
      const serverAtMs = await functions.serverTime();
      if (serverAtMs === null)
        throw new NotTried(pick({ en: 'the server told no time', zh: '服务器没有给出时间' }));
      const beganAtMs = performance.now();
      const { atMs } = await sightOf(functions.invoke({ line: 'clock', act: 'look' }));
      const tookMs = performance.now() - beganAtMs;
      // Somewhere within the call the function looked at its clock.
      const apartMs = Math.max(0, serverAtMs - atMs, atMs - serverAtMs - tookMs);
      return {
        holds: apartMs < CLOCK_TOLERANCE_MS,
        seen: pick({
          en: `${(apartMs / 1000).toFixed(1)} s apart`,
          zh: `相差 ${(apartMs / 1000).toFixed(1)} 秒`,
        }),
      };
    },
  },
  {
    id: 'time-limit',
    assumption: {
      en: 'a call that takes longer than its time limit is ended, and does nothing after that',
      zh: '超过超时时间的调用会被终止，之后什么也不做',
    },
    reliedOnFor: {
      en: 'R2: a claim outlives its holder’s time limit, so nobody writes after it was taken over',
      zh: 'R2：抢占的时间比持有者的超时时间长，所以接管之后不会再有人写入',
    },
    ifNot: {
      en: 'late writes are more frequent; they are caught by the version: report it',
      zh: '迟到的写入会更多；版本号能发现它们：请提 issue',
    },
    observe: async (database, functions) => {
      const id = database.newId();
      const waitMs = functions.timeLimitMs + functions.holdMs;
      const outcome = await functions.invoke({ line: 'time-limit', act: 'write-late', waitMs, id });
      await functions.sleep(functions.idleMs);
      const isWritten = documentsOf(await database.get(id)).length > 0;
      const isEnded = 'failure' in outcome && !isWritten;
      const told =
        'failure' in outcome
          ? pick({ en: 'ended with a failure', zh: '以失败结束' })
          : pick({ en: 'it was answered', zh: '得到了应答' });
      return {
        holds: isEnded,
        seen: pick({
          en: `${told}${isWritten ? ', and it wrote afterwards' : ''}`,
          zh: `${told}${isWritten ? '，之后还写入了' : ''}`,
        }),
      };
    },
  },
];
