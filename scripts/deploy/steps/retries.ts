/** How the platform repeats a tick that failed. */

import { pick } from '../../command/language.ts';
import { isMissingFunction } from '../../platform/errors.ts';
import type { Site } from '../site.ts';
import type { Step } from '../step.ts';
import { RETRIES } from '../wanted.ts';

export function retriesStep({ environment }: Site): Step {
  const { retries, keptSeconds } = RETRIES;
  const { refresh } = environment.names;
  return {
    title: 'retries',
    // Without it the platform's own setting holds: as many repetitions, kept for longer.
    isOptional: true,
    goal: pick({
      en: `a failed tick is repeated ${retries} times, and dropped after ${keptSeconds} s`,
      zh: `触发失败时重试 ${retries} 次，超过 ${keptSeconds} 秒就放弃`,
    }),
    async differences() {
      const present = await environment.describeRetries(refresh).catch((error: unknown) => {
        if (isMissingFunction(error)) return null;
        throw error;
      });
      const isSet = present?.retries === retries && present.keptSeconds === keptSeconds;
      return isSet
        ? []
        : [
            pick({
              en: `set ${retries} repetitions and ${keptSeconds} s for ${refresh}`,
              zh: `把 ${refresh} 设为重试 ${retries} 次、保留 ${keptSeconds} 秒`,
            }),
          ];
    },
    async apply() {
      const { namespace } = await environment.describe();
      await environment.call('scf', 'UpdateFunctionEventInvokeConfig', {
        FunctionName: refresh,
        Namespace: namespace,
        AsyncTriggerConfig: { MsgTTL: keptSeconds, RetryConfig: [{ RetryNum: retries }] },
      });
    },
  };
}
