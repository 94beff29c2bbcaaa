/** Whether a function that is there can be brought up to date by an upload. */

import { callOf } from '../../command/call.ts';
import { pick } from '../../command/language.ts';
import type { FunctionState } from '../../platform/environment.ts';
import { PlatformError } from '../../platform/errors.ts';
import type { WantedFunction } from '../wanted.ts';

/** What an upload can't cure. */
export function requireUsable(state: FunctionState, wanted: WantedFunction, envId: string): void {
  const again = pick({
    en: `delete it at a quiet moment (npx tcb fn delete ${state.name} -e ${envId}) and run ${callOf('deploy')} at once; the stored tokens stay`,
    zh: `请在业务低峰时删除它（npx tcb fn delete ${state.name} -e ${envId}），并立即执行 ${callOf('deploy')}；已存的 token 会保留`,
  });
  if (state.runtime !== wanted.runtime) throw otherRuntime(state, wanted.runtime, again);
  if (state.status === 'CreateFailed') throw createFailed(state, again);
}

function otherRuntime({ name, runtime }: FunctionState, wanted: string, again: string): PlatformError {
  return new PlatformError(
    pick({
      en: `${name} runs on ${runtime}, not ${wanted}, and the platform can't change the runtime of a function`,
      zh: `${name} 的运行环境是 ${runtime}，不是 ${wanted}，而平台不能更改云函数的运行环境`,
    }),
    {
      code: 'OTHER_RUNTIME',
      cure: pick({
        en: `${again}; or write ${runtime} into cloudbaserc.json`,
        zh: `${again}；或者在 cloudbaserc.json 里写 ${runtime}`,
      }),
    },
  );
}

function createFailed({ name, statusReason }: FunctionState, cure: string): PlatformError {
  const message = pick({
    en: `${name} could not be created (${statusReason ?? 'no reason given'})`,
    zh: `${name} 创建失败（${statusReason ?? '没有说明原因'}）`,
  });
  return new PlatformError(message, { code: 'CREATE_FAILED', cure });
}
