/** The environment variables of both functions: the one place where secrets are sent, and they are never shown. */

import { changeFunction, type Site } from '../site.ts';
import type { Step } from '../step.ts';
import { CODE_MARK, type WantedFunction } from '../wanted.ts';

export function variablesStep(site: Site): Step {
  const { environment, wanted } = site;
  const compare = async ({ name, variables }: WantedFunction): Promise<string[]> => {
    const present = (await environment.describeFunction(name))?.variables ?? new Map<string, string>();
    const set = [...variables].filter(([key, value]) => present.get(key) !== value).map(([key]) => key);
    const removed = [...present.keys()].filter((key) => !variables.has(key));
    return [
      ...(set.length > 0 ? [`set ${set.map(called).join(', ')} of ${name}`] : []),
      ...(removed.length > 0 ? [`remove ${removed.join(', ')} from ${name}`] : []),
    ];
  };
  return {
    title: 'variables',
    goal: 'both functions have the same, and no others',
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

function called(name: string): string {
  return name === CODE_MARK ? 'the mark of the uploaded code' : name;
}
