/** What `npm run deploy` asks of the management API: that what it sets is read back, and when a function may be changed. */

import { callOf } from '../../command/call.ts';
import { pick } from '../../command/language.ts';
import { isSettled } from '../../deploy/site.ts';
import { DESCRIPTION } from '../../deploy/wanted.ts';
import type { Environment } from '../../platform/environment.ts';
import type { Assumption } from '../assumption.ts';
import type { ScratchFunction } from '../scratch-function.ts';
import { NotTried } from '../not-tried.ts';
import { SCRATCH_FUNCTION, TRIGGER, VARIABLE, VARIABLE_BYTES } from '../scratch.ts';

export const DEPLOYMENT: readonly Assumption[] = [
  {
    id: 'rule-read-back',
    assumption: {
      en: 'an entry in the function security rule is read back, and * is beside it',
      zh: '写入云函数安全规则的条目可以读回，并且有 * 条目',
    },
    reliedOnFor: { en: 'no client can call the functions', zh: '客户端不能调用这些云函数' },
    ifNot: {
      en: 'only the code of the functions keeps clients out: do not deploy here, and report it',
      zh: '只有云函数自己的代码拒绝客户端：请不要在这里部署，并提 issue',
    },
    observe: async (_, scratchFunction) => {
      if (!scratchFunction.hasRule)
        throw new NotTried(
          pick({
            en: `no rule is in force yet: ${callOf('deploy')} sets one`,
            zh: `还没有启用规则：${callOf('deploy')} 会设置`,
          }),
        );
      const { tag, entries } = await environmentOf(scratchFunction).describeFunctionRule();
      const isClosed = entries?.[SCRATCH_FUNCTION]?.invoke === false;
      const holds = tag === 'CUSTOM' && isClosed && entries['*'] !== undefined;
      return {
        holds,
        seen: pick({
          en: `tag ${tag ?? 'none'}, the entry is ${isClosed ? 'there' : 'missing'}`,
          zh: `标签 ${tag ?? '没有'}，条目${isClosed ? '在' : '不在'}`,
        }),
      };
    },
  },
  {
    id: 'variables-size',
    assumption: {
      en: `a variable of ${VARIABLE_BYTES} bytes is read back whole`,
      zh: `${VARIABLE_BYTES} 字节的环境变量可以完整读回`,
    },
    reliedOnFor: { en: 'the settings of some thirty apps', zh: '约三十个应用的配置' },
    ifNot: {
      en: 'configure fewer apps in one environment, and report it',
      zh: '请在一个环境里少配置几个应用，并提 issue',
    },
    observe: async (_, scratchFunction) => {
      const bytes = (await stateOf(scratchFunction)).variables.get(VARIABLE)?.length ?? 0;
      return { holds: bytes === VARIABLE_BYTES, seen: pick({ en: `${bytes} bytes`, zh: `${bytes} 字节` }) };
    },
  },
  {
    id: 'trigger-read-back',
    assumption: {
      en: 'a timer trigger is read back with its name and cron, and is on',
      zh: '定时触发器可以读回名称和 cron，并且已启用',
    },
    reliedOnFor: {
      en: `${callOf('deploy')} leaves exactly one timer`,
      zh: `${callOf('deploy')} 之后只留一个定时触发器`,
    },
    ifNot: {
      en: `${callOf('deploy')} stops at the trigger: report what was seen`,
      zh: `${callOf('deploy')} 会停在触发器这一步：请在 issue 里写明看到的内容`,
    },
    observe: async (_, scratchFunction) => {
      const { triggers } = await stateOf(scratchFunction);
      const [only] = triggers;
      const isOne = triggers.length === 1 && only?.type === 'timer';
      const holds = isOne && only.config === TRIGGER.config && only.name === TRIGGER.name && only.isEnabled;
      return {
        holds,
        seen: isOne
          ? pick({
              en: `cron ${only.config}, ${only.isEnabled ? 'on' : 'off'}`,
              zh: `cron ${only.config}，${only.isEnabled ? '已启用' : '已停用'}`,
            })
          : pick({ en: 'none, or several', zh: '没有，或者不止一个' }),
      };
    },
  },
  {
    id: 'state-after-update',
    assumption: {
      en: 'a function that was changed is Active again after a while, and says until then that it is not',
      zh: '云函数改动之后过一会儿恢复为 Active，在此之前会显示尚未恢复',
    },
    reliedOnFor: {
      en: `${callOf('deploy')} changes a function only when it may be changed`,
      zh: `${callOf('deploy')} 只在可以改动时改动云函数`,
    },
    ifNot: {
      en: `${callOf('deploy')} may stop in the middle: run it again, and report the states`,
      zh: `${callOf('deploy')} 可能中途停止：请重新执行，并在 issue 里写明看到的状态`,
    },
    observe: async (_, scratchFunction) => {
      const { describe, call } = environmentOf(scratchFunction);
      const { namespace } = await describe();
      const params = { FunctionName: SCRATCH_FUNCTION, Namespace: namespace, Description: DESCRIPTION };
      await call('scf', 'UpdateFunctionConfiguration', params);
      let state = await stateOf(scratchFunction);
      const seen = new Set([state.status]);
      for (let poll = 1; !isSettled(state) && poll < MOST_POLLS; poll++) {
        await scratchFunction.sleep(BETWEEN_POLLS_MS);
        state = await stateOf(scratchFunction);
        seen.add(state.status);
      }
      return {
        holds: state.status === 'Active',
        seen: [...seen].join(pick({ en: ', then ', zh: '，然后 ' })),
      };
    },
  },
];

const MOST_POLLS = 60;

const BETWEEN_POLLS_MS = 1_000;

function environmentOf({ environment }: ScratchFunction): Environment {
  if (environment === null)
    throw new NotTried(pick({ en: 'there is nothing to deploy to', zh: '没有可以部署的地方' }));
  return environment;
}

async function stateOf(scratchFunction: ScratchFunction) {
  const state = await environmentOf(scratchFunction).describeFunction(SCRATCH_FUNCTION);
  if (state === null)
    throw new NotTried(pick({ en: 'the scratch function is gone', zh: '临时云函数已不存在' }));
  return state;
}
