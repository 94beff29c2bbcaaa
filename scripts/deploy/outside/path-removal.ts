/** The HTTP access paths that lead to the outside door, taken away; the domains and all other paths stay. */

import { pick } from '../../command/language.ts';
import { routesTo } from './path.ts';
import type { Step } from '../step.ts';
import { isFromHere } from '../from-here.ts';
import type { Environment } from '../../platform/environment.ts';

type Part = Pick<
  Environment,
  'envId' | 'names' | 'call' | 'describeFunction' | 'describeFunctionRule' | 'describeHttpDomains'
>;

export function pathsStep(environment: Part): Step {
  const { envId, names, call } = environment;
  const find = async () => {
    // Most environments have never had a door, and many have no HTTP access: they are not asked for their paths.
    const state = await environment.describeFunction(names.outside);
    const isOurs = state === null ? await isInRule(environment) : isFromHere(state);
    return isOurs ? routesTo(await environment.describeHttpDomains(), [names.outside]) : [];
  };
  return {
    title: 'outside path',
    goal: pick({ en: 'none leads to an outside door from here', zh: '没有路径指向本项目的外部入口' }),
    differences: async () =>
      (await find()).map(({ address }) => pick({ en: `remove ${address}`, zh: `删除 ${address}` })),
    async apply() {
      for (const { domain, route } of await find()) {
        // Without its paths this would delete the whole domain.
        const params = { EnvId: envId, Domain: domain.name, Paths: [route.path] };
        await call('tcb', 'DeleteHTTPServiceRoute', params);
      }
    },
  };
}

async function isInRule({ names, describeFunctionRule }: Part): Promise<boolean> {
  const { entries } = await describeFunctionRule();
  return Object.hasOwn(entries ?? {}, names.outside);
}
