/** What the rules ask of the timer: that it comes, what it looks like, and that a failed run is repeated. */

import { pick } from '../../command/language.ts';
import type { Assumption } from '../assumption.ts';
import { describeSource, type ScratchFunction, type Tick } from '../scratch-function.ts';
import { NotTried } from '../not-tried.ts';

export const TICKS: readonly Assumption[] = [
  {
    id: 'timer-fires',
    assumption: {
      en: 'a timer trigger calls its function within two of its periods',
      zh: '定时触发器在两个周期之内调用云函数',
    },
    reliedOnFor: { en: 'R1: a token is replaced before it ends', zh: 'R1：token 到期之前更换' },
    ifNot: {
      en: 'readers alone refresh the token, from five minutes past due: look at the trigger in the console',
      zh: '只在有调用时刷新 token，而且要过了应刷新的时间五分钟才开始：请在控制台查看触发器',
    },
    observe: async (_, scratchFunction) => {
      const tick = await scratchFunction.firstTick();
      return {
        holds: tick !== null,
        seen:
          tick === null
            ? pick({ en: 'no tick came', zh: '没有触发' })
            : pick({ en: 'a tick came', zh: '有触发' }),
      };
    },
  },
  {
    id: 'timer-event',
    assumption: {
      en: 'its event has the texts Type (Timer), TriggerName and Time',
      zh: '触发事件含有字符串字段 Type（Timer）、TriggerName 和 Time',
    },
    reliedOnFor: {
      en: 'alerts: a manual refresh is not taken for a tick',
      zh: '告警：手动刷新不会被当成触发',
    },
    ifNot: {
      en: 'the alert about a silent timer never ends by itself: report the fields',
      zh: '定时器没有触发的告警不会自动结束：请在 issue 里写明看到的字段',
    },
    observe: async (_, scratchFunction) => {
      const { kinds, type, time } = await requireTick(scratchFunction);
      const isDate = typeof time === 'string' && !Number.isNaN(Date.parse(time));
      const holds = type === 'Timer' && kinds['TriggerName'] === 'string' && isDate;
      return {
        holds,
        seen: pick({
          en: `fields: ${Object.keys(kinds).join(', ')}${isDate ? '' : '; Time is no instant'}`,
          zh: `字段：${Object.keys(kinds).join('、')}${isDate ? '' : '；Time 不是时间'}`,
        }),
      };
    },
  },
  {
    id: 'caller-timer',
    assumption: {
      en: 'a call of the timer may refresh, and may not read the token',
      zh: '定时器的调用可以刷新，不能读 token',
    },
    reliedOnFor: { en: 'R9: the timer is let in', zh: 'R9：允许定时器调用' },
    ifNot: {
      en: 'refreshAccessToken refuses its own timer: report the source that was seen',
      zh: 'refreshAccessToken 会拒绝自己的定时器：请在 issue 里写明看到的来源',
    },
    observe: async (_, scratchFunction) => {
      const { observed } = await requireTick(scratchFunction);
      return { holds: observed.mayRefresh && !observed.mayRead, seen: describeSource(observed) };
    },
  },
  {
    id: 'timer-retry',
    assumption: {
      en: 'a run of the timer that fails is repeated, with the same Time',
      zh: '定时器的一次执行失败后会重试，Time 相同',
    },
    reliedOnFor: {
      en: 'R7: a transient failure is tried again a minute later, not five',
      zh: 'R7：暂时故障在一分钟后重试，不用等五分钟',
    },
    ifNot: {
      en: 'a failed refresh waits for the next tick or a reader: nothing has to be done',
      zh: '刷新失败后要等下一次触发或调用：不用处理',
    },
    observe: async (_, scratchFunction) => {
      await requireTick(scratchFunction);
      const isRepeated = await scratchFunction.isRepeated();
      return {
        holds: isRepeated,
        seen: isRepeated
          ? pick({ en: 'it was', zh: '有' })
          : pick({ en: 'it was not, in two minutes', zh: '没有，等了两分钟' }),
      };
    },
  },
];

async function requireTick(scratchFunction: ScratchFunction): Promise<Tick> {
  const tick = await scratchFunction.firstTick();
  if (tick === null) throw new NotTried(pick({ en: 'no tick came', zh: '没有触发' }));
  return tick;
}
