/** Before anything else: the names must be free, or ours. A function of somebody else is replaced on request only. */

import { pick } from '../../command/language.ts';
import { callOf } from '../../command/call.ts';
import type { FunctionState } from '../../platform/environment.ts';
import { backUp, backupFolder } from '../backup.ts';
import { describeFound, isFromHere, notFromHere, UNFINISHED } from '../from-here.ts';
import { readLiveServers } from '../outside/servers.ts';
import { changeFunction, type Site } from '../site.ts';
import type { Step } from '../step.ts';

export function namesStep(site: Site): Step {
  const { environment, takeOver } = site;
  return {
    title: 'names',
    goal: pick({
      en: 'no function of somebody else has the name of one of ours',
      zh: '没有其他来源的云函数与本项目的云函数同名',
    }),
    async differences() {
      const foreign = await findForeign(site);
      if (foreign.length === 0) return [];
      if (takeOver === undefined) throw notFromHere(foreign, environment.envId);
      return foreign.map((state) =>
        pick({
          en: `copy ${describeFound(state)} to ${backupFolder(takeOver, state.name)}, then replace it; ${callOf('destroy')} does not bring it back`,
          zh: `把 ${describeFound(state)} 备份到 ${backupFolder(takeOver, state.name)}，再替换它；${callOf('destroy')} 不会恢复它`,
        }),
      );
    },
    async apply() {
      if (takeOver === undefined) return;
      const foreign = await findForeign(site);
      // All copies first: where one fails, nothing is changed.
      for (const { name } of foreign) await backUp(environment, takeOver, name);
      for (const state of foreign) await makeOurs(site, state);
    },
  };
}

async function findForeign({ environment, wanted }: Site): Promise<FunctionState[]> {
  const { outside } = environment.names;
  const hasServers = (await readLiveServers(environment)).length > 0;
  const names = [...wanted.map(({ name }) => name), ...(hasServers ? [outside] : [])];
  const states = await Promise.all(names.map((name) => environment.describeFunction(name)));
  return states.flatMap((state) => (state === null || isFromHere(state) ? [] : [state]));
}

/** The mark of an unfinished upload makes the next step replace it; what can't be changed in place is created anew. */
async function makeOurs(site: Site, { name, runtime, status }: FunctionState): Promise<void> {
  const isOfOurRuntime = site.wanted.every((wanted) => wanted.runtime === runtime);
  if (isOfOurRuntime && status !== 'CreateFailed') {
    await changeFunction(site, name, { Description: UNFINISHED });
    return;
  }
  const { namespace } = await site.environment.describe();
  await site.environment.call('scf', 'DeleteFunction', { FunctionName: name, Namespace: namespace });
}
