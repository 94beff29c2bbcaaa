/** The code and the settings of the functions, uploaded where they differ. */

import { pick, names, phrases } from '../../command/language.ts';
import { callOf } from '../../command/call.ts';
import type { FunctionState } from '../../platform/environment.ts';
import { PlatformError } from '../../platform/errors.ts';
import { isFromHere, notFromHere, UNFINISHED } from '../from-here.ts';
import { changeFunction, isSettled, whenActive, type Site } from '../site.ts';
import type { Step } from '../step.ts';
import { CODE_MARK, type WantedFunction } from '../wanted.ts';

export function codeStep(site: Site): Step {
  const { environment, wanted } = site;
  /** Their mark is written later, with the variables. */
  const uploaded = new Set<string>();
  const compare = async (each: WantedFunction): Promise<string[]> => {
    const state = await environment.describeFunction(each.name);
    if (state === null) return [pick({ en: `create ${each.name}`, zh: `创建 ${each.name}` })];
    if (!isFromHere(state)) {
      if (site.takeOver === undefined) throw notFromHere([state], environment.envId);
      // A dry run: the step before this one has replaced nothing.
      return [
        pick({
          en: `upload ${each.name} (in place of what is there)`,
          zh: `上传 ${each.name}（替换已有的）`,
        }),
      ];
    }
    requireUsable(state, each, environment.envId);
    const changes = differences(state, each, uploaded.has(each.name));
    return changes.length === 0
      ? []
      : [
          pick({
            en: `upload ${each.name} (${names(changes)})`,
            zh: `上传 ${each.name}（${names(changes)}）`,
          }),
        ];
  };
  return {
    title: 'functions',
    goal: pick({
      en: `${wanted.map(({ name }) => name).join(' and ')} run this code with these settings`,
      zh: `${wanted.map(({ name }) => name).join(' 和 ')} 运行的是本项目的代码和配置`,
    }),
    differences: async () => (await Promise.all(wanted.map(compare))).flat(),
    async apply() {
      const comparisons = await Promise.all(
        wanted.map(async (each) => ({ each, changes: await compare(each) })),
      );
      const stale = comparisons.filter(({ changes }) => changes.length > 0).map(({ each }) => each);
      for (const { name } of stale) {
        const exists = (await environment.describeFunction(name)) !== null;
        if (exists) await changeFunction(site, name, { Description: UNFINISHED });
      }
      await upload(site, stale);
      for (const { name } of stale) {
        await whenActive(site, name);
        uploaded.add(name);
      }
    },
  };
}

/** Where it fails, the platform may have written the reason into the function itself. */
async function upload(
  { environment, upload: send }: Site,
  functions: readonly WantedFunction[],
): Promise<void> {
  try {
    await send(functions);
  } catch (error) {
    const states = await Promise.all(functions.map(({ name }) => environment.describeFunction(name))).catch(
      () => [],
    );
    const reasons = states.flatMap((state) =>
      state?.status.endsWith('Failed') ? `${state.name} ${describeStatus(state)}` : [],
    );
    if (!(error instanceof PlatformError) || reasons.length === 0) throw error;
    throw new PlatformError(phrases(reasons), { code: error.code, cure: error.message });
  }
}

function describeStatus({ status, statusReason }: FunctionState): string {
  return pick({
    en: `is ${status}${statusReason === undefined ? '' : ` (${statusReason})`}`,
    zh: `的状态是 ${status}${statusReason === undefined ? '' : `（${statusReason}）`}`,
  });
}

function differences(state: FunctionState, wanted: WantedFunction, isUploaded: boolean): string[] {
  const { status, timeout, memorySize, handler, description, variables } = state;
  const isMarked = variables.get(CODE_MARK) === wanted.variables.get(CODE_MARK);
  return [
    status === 'Active' || !isSettled(state) ? '' : describeStatus(state),
    isUploaded || isMarked
      ? ''
      : pick({
          en: 'other code or settings, or uploaded by other means',
          zh: '代码或配置不同，或者是用其他方式上传的',
        }),
    description === UNFINISHED ? pick({ en: 'an upload was interrupted', zh: '上一次上传中断了' }) : '',
    timeout === wanted.timeout
      ? ''
      : pick({
          en: `timeout ${timeout} s instead of ${wanted.timeout} s`,
          zh: `超时时间是 ${timeout} 秒，应为 ${wanted.timeout} 秒`,
        }),
    memorySize === wanted.memorySize
      ? ''
      : pick({
          en: `memory ${memorySize} MB instead of ${wanted.memorySize} MB`,
          zh: `内存是 ${memorySize} MB，应为 ${wanted.memorySize} MB`,
        }),
    handler === wanted.handler
      ? ''
      : pick({
          en: `handler ${handler} instead of ${wanted.handler}`,
          zh: `执行方法是 ${handler}，应为 ${wanted.handler}`,
        }),
  ].filter(Boolean);
}

/** What an upload can't cure. */
function requireUsable(
  { name, runtime, status, statusReason }: FunctionState,
  wanted: WantedFunction,
  envId: string,
) {
  const again = pick({
    en: `delete it at a quiet moment (npx tcb fn delete ${name} -e ${envId}) and run ${callOf('deploy')} at once; the stored tokens stay`,
    zh: `请在业务低峰时删除它（npx tcb fn delete ${name} -e ${envId}），并立即执行 ${callOf('deploy')}；已存的 token 会保留`,
  });
  if (runtime !== wanted.runtime) {
    throw new PlatformError(
      pick({
        en: `${name} runs on ${runtime}, not ${wanted.runtime}, and the platform can't change the runtime of a function`,
        zh: `${name} 的运行环境是 ${runtime}，不是 ${wanted.runtime}，而平台不能更改云函数的运行环境`,
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
  if (status === 'CreateFailed') {
    throw new PlatformError(
      pick({
        en: `${name} could not be created (${statusReason ?? 'no reason given'})`,
        zh: `${name} 创建失败（${statusReason ?? '没有说明原因'}）`,
      }),
      {
        code: 'CREATE_FAILED',
        cure: again,
      },
    );
  }
}
