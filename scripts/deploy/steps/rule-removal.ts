/** Takes the entries of this project out of the function security rule. */

import { pick } from '../../command/language.ts';
import type { Environment, FunctionRule } from '../../platform/environment.ts';
import type { Step } from '../step.ts';
import { sortOut } from './function-removal.ts';
import { writeRule } from './rule.ts';

/** Entries of functions that are not from here are not ours either. */
export function ruleRemovalStep(environment: Environment, names: readonly string[]): Step {
  const read = async () => {
    const { entries } = await environment.describeFunctionRule();
    return entries ?? {};
  };
  const ours = async (): Promise<string[]> => {
    const entries = await read();
    const present = names.filter((name) => Object.hasOwn(entries, name));
    const { foreign } = await sortOut(environment, present);
    return present.filter((name) => !foreign.includes(name));
  };
  return {
    title: 'security rule',
    goal: pick({
      en: 'it holds no entry of this project; the others are as they were',
      zh: '其中没有本项目的条目；其他条目保持不变',
    }),
    differences: async () =>
      (await ours()).map((name) => pick({ en: `take out ${name}`, zh: `去掉 ${name}` })),
    apply: async () => writeRule(environment, without(await read(), await ours())),
  };
}

function without(
  entries: NonNullable<FunctionRule['entries']>,
  names: readonly string[],
): NonNullable<FunctionRule['entries']> {
  return Object.fromEntries(Object.entries(entries).filter(([name]) => !names.includes(name)));
}
