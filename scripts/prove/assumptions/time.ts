/** What the rules ask of time: clocks agree, and a call that takes too long is ended. */

import { pick } from '../../command/language.ts';
import type { Assumption } from '../assumption.ts';
import { observeCall } from '../scratch-function.ts';
import { NotTried } from '../not-tried.ts';
import { documentsOf } from '../trials.ts';

/** Above the second that a Date header is rounded to, and the call's own way. */
const CLOCK_TOLERANCE_MS = 3_000;

export const TIME: readonly Assumption[] = [
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
    observe: async (_, scratchFunction) => {
      const serverAtMs = await scratchFunction.serverTime();
      if (serverAtMs === null)
        throw new NotTried(pick({ en: 'the server told no time', zh: '服务器没有给出时间' }));
      const beganAtMs = performance.now();
      const { atMs } = await observeCall(scratchFunction.invoke({ line: 'clock', act: 'report' }));
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
    observe: async (database, scratchFunction) => {
      const id = database.newId();
      const waitMs = scratchFunction.timeLimitMs + scratchFunction.holdMs;
      const outcome = await scratchFunction.invoke({ line: 'time-limit', act: 'write-late', waitMs, id });
      await scratchFunction.sleep(scratchFunction.idleMs);
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
