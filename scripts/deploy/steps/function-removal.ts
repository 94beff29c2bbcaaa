/** Deletes the functions that `npm run deploy` has made; the first step, for they would write and mint on. */

import { phrases, pick } from '../../command/language.ts';
import type { Environment } from '../../platform/environment.ts';
import { isFromHere } from '../from-here.ts';
import type { Step } from '../step.ts';

/**
 * With a function go its code, its variables, its triggers and its retry settings. One of the same name that was not
 * deployed from here stays as it is.
 */
export function functionRemovalStep(environment: Environment, names: readonly string[]): Step {
  let kept: readonly string[] = [];
  const present = async (): Promise<string[]> => {
    const { ours, foreign } = await sortOut(environment, names);
    kept = foreign;
    return ours;
  };
  return {
    title: 'functions',
    get goal() {
      const gone = names.filter((name) => !kept.includes(name));
      return phrases([told(gone), keeps(kept)].filter(Boolean));
    },
    differences: async () =>
      (await present()).map((name) => pick({ en: `delete ${name}`, zh: `删除 ${name}` })),
    async apply() {
      const { namespace } = await environment.describe();
      for (const name of await present()) {
        await environment.call('scf', 'DeleteFunction', { FunctionName: name, Namespace: namespace });
      }
    },
  };
}

function told(gone: readonly string[]): string {
  if (gone.length === 0) return '';
  return pick({
    en: `${listed(gone)} ${gone.length === 1 ? 'is' : 'are'} gone, with triggers and variables`,
    zh: `${listed(gone)} 已删除，包括触发器和环境变量`,
  });
}

function keeps(kept: readonly string[]): string {
  if (kept.length === 0) return '';
  return pick({
    en: `${listed(kept)} stay${kept.length === 1 ? 's' : ''}: not deployed from here`,
    zh: `${listed(kept)} 保留：不是由本项目部署的`,
  });
}

/** `foreign`: functions that only have the same name. */
export async function sortOut(
  { describeFunction }: Pick<Environment, 'describeFunction'>,
  names: readonly string[],
): Promise<{ ours: string[]; foreign: string[] }> {
  const states = (await Promise.all(names.map((name) => describeFunction(name)))).filter(
    (state) => state !== null,
  );
  const namesOf = (isOurs: boolean): string[] =>
    states.filter((state) => isFromHere(state) === isOurs).map(({ name }) => name);
  return { ours: namesOf(true), foreign: namesOf(false) };
}

/** `a`, `a and b`, `a, b and c`. */
function listed(names: readonly string[]): string {
  return pick({
    en: [names.slice(0, -1).join(', '), ...names.slice(-1)].filter(Boolean).join(' and '),
    zh: names.join('、'),
  });
}
