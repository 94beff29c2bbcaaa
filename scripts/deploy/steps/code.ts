/** The code and the settings of the functions, uploaded where they differ. */

import { callOf } from '../../command/call.ts';
import type { FunctionState } from '../../platform/environment.ts';
import { PlatformError } from '../../platform/errors.ts';
import { changeFunction, isSettled, whenActive, type Site } from '../site.ts';
import type { Step } from '../step.ts';
import { CODE_MARK, DESCRIPTION, type WantedFunction } from '../wanted.ts';

/**
 * Stands in the description while code is uploaded over a function. If that is interrupted, the mark of the code,
 * written last, may tell of code that is no longer there; this line then tells that it does. The CLI writes the
 * ordinary description after the code.
 */
const UNFINISHED = 'upload of the code not finished, deploy again';

/** `mayTakeOver`: the names of the two functions are this project's, whoever used them before; no other name is. */
export function codeStep(site: Site, { mayTakeOver } = { mayTakeOver: true }): Step {
  const { environment, wanted } = site;
  /** Their mark is written later, with the variables. */
  const uploaded = new Set<string>();
  const compare = async (each: WantedFunction): Promise<string[]> => {
    const state = await environment.describeFunction(each.name);
    if (state === null) return [`create ${each.name}`];
    requireUsable(state, each, environment.envId);
    if (!mayTakeOver && !isFromHere(state)) throw notFromHere(each.name);
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
      await site.upload(stale);
      for (const { name } of stale) {
        await whenActive(site, name);
        uploaded.add(name);
      }
    },
  };
}

/** By what only an upload of this project leaves: another function may happen to have the same name. */
export function isFromHere({ variables, description }: FunctionState): boolean {
  return variables.has(CODE_MARK) || description === DESCRIPTION || description === UNFINISHED;
}

function differences(state: FunctionState, wanted: WantedFunction, isUploaded: boolean): string[] {
  const { status, timeout, memorySize, handler, description, variables } = state;
  const isMarked = variables.get(CODE_MARK) === wanted.variables.get(CODE_MARK);
  return [
    status === 'Active' || !isSettled(state) ? '' : `it is ${status}`,
    isUploaded || isMarked ? '' : whatCodeIsThere(state),
    description === UNFINISHED ? 'an upload was interrupted' : '',
    timeout === wanted.timeout ? '' : `timeout ${timeout} s instead of ${wanted.timeout} s`,
    memorySize === wanted.memorySize ? '' : `memory ${memorySize} MB instead of ${wanted.memorySize} MB`,
    handler === wanted.handler ? '' : `handler ${handler} instead of ${wanted.handler}`,
  ].filter(Boolean);
}

function whatCodeIsThere(state: FunctionState): string {
  if (isFromHere(state)) return 'other code or settings, or uploaded by other means';
  return `taken over: ${callOf('deploy')} did not put it there, and its code, variables and triggers are replaced`;
}

function notFromHere(name: string): PlatformError {
  return new PlatformError(`there is a function ${name} that ${callOf('deploy')} did not put there`, {
    code: 'NOT_OURS',
    cure: `give that function another name, or delete it if nobody needs it, and run ${callOf('deploy')} again`,
  });
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
