/** The code and the settings of the functions, uploaded where they differ. */

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
    if (state === null) return [`create ${each.name}`];
    if (!isFromHere(state)) {
      if (site.takeOver === undefined) throw notFromHere([state], environment.envId);
      // A dry run: the step before this one has replaced nothing.
      return [`upload ${each.name} (in place of what is there)`];
    }
    requireUsable(state, each, environment.envId);
    const changes = differences(state, each, uploaded.has(each.name));
    return changes.length === 0 ? [] : [`upload ${each.name} (${changes.join(', ')})`];
  };
  return {
    title: 'functions',
    goal: `${wanted.map(({ name }) => name).join(' and ')} run this code with these settings`,
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
    throw new PlatformError(reasons.join('; '), { code: error.code, cure: error.message });
  }
}

function describeStatus({ status, statusReason }: FunctionState): string {
  return `is ${status}${statusReason === undefined ? '' : ` (${statusReason})`}`;
}

function differences(state: FunctionState, wanted: WantedFunction, isUploaded: boolean): string[] {
  const { status, timeout, memorySize, handler, description, variables } = state;
  const isMarked = variables.get(CODE_MARK) === wanted.variables.get(CODE_MARK);
  return [
    status === 'Active' || !isSettled(state) ? '' : describeStatus(state),
    isUploaded || isMarked ? '' : 'other code or settings, or uploaded by other means',
    description === UNFINISHED ? 'an upload was interrupted' : '',
    timeout === wanted.timeout ? '' : `timeout ${timeout} s instead of ${wanted.timeout} s`,
    memorySize === wanted.memorySize ? '' : `memory ${memorySize} MB instead of ${wanted.memorySize} MB`,
    handler === wanted.handler ? '' : `handler ${handler} instead of ${wanted.handler}`,
  ].filter(Boolean);
}

/** What an upload can't cure. */
function requireUsable(
  { name, runtime, status, statusReason }: FunctionState,
  wanted: WantedFunction,
  envId: string,
) {
  const again = `delete it at a quiet moment (npx tcb fn delete ${name} -e ${envId}) and run ${callOf('deploy')} at once; the stored tokens stay`;
  if (runtime !== wanted.runtime) {
    throw new PlatformError(
      `${name} runs on ${runtime}, not ${wanted.runtime}, and the platform can't change the runtime of a function`,
      { code: 'OTHER_RUNTIME', cure: `${again}; or write ${runtime} into cloudbaserc.json` },
    );
  }
  if (status === 'CreateFailed') {
    throw new PlatformError(`${name} could not be created (${statusReason ?? 'no reason given'})`, {
      code: 'CREATE_FAILED',
      cure: again,
    });
  }
}
