/** The environment variables of both functions: the one place where secrets are sent, and they are never shown. */

import { names, pick } from '../../command/language.ts';
import { changeFunction, type Site } from '../site.ts';
import type { Step } from '../step.ts';
import { CODE_MARK, type WantedFunction } from '../wanted.ts';

export function variablesStep(site: Site): Step {
  const { environment, wanted } = site;
  const compare = async (each: WantedFunction): Promise<string[]> => {
    const state = await environment.describeFunction(each.name);
    return differencesOf(each, state?.variables ?? new Map<string, string>());
  };
  return {
    title: 'variables',
    goal: pick({
      en: 'both functions have the same, and no others',
      zh: '两个云函数的环境变量一致，没有多余的',
    }),
    differences: async () => (await Promise.all(wanted.map(compare))).flat(),
    async apply() {
      for (const each of wanted) {
        if ((await compare(each)).length === 0) continue;
        const Variables = [...each.variables].map(([Key, Value]) => ({ Key, Value }));
        await changeFunction(site, each.name, { Environment: { Variables } });
      }
    },
  };
}

/** By their names: a value is shown nowhere. */
function differencesOf({ name, variables }: WantedFunction, present: ReadonlyMap<string, string>): string[] {
  const set = [...variables].filter(([key, value]) => present.get(key) !== value).map(([key]) => called(key));
  const removed = [...present.keys()].filter((key) => !variables.has(key));
  return [
    set.length > 0 ? pick({ en: `set ${names(set)} of ${name}`, zh: `设置 ${name} 的 ${names(set)}` }) : '',
    removed.length > 0
      ? pick({ en: `remove ${names(removed)} from ${name}`, zh: `从 ${name} 删除 ${names(removed)}` })
      : '',
  ].filter(Boolean);
}

function called(name: string): string {
  return name === CODE_MARK ? pick({ en: 'the mark of the uploaded code', zh: '所上传代码的标记' }) : name;
}
