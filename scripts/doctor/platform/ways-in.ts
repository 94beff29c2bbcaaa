/** Ways to the token that nobody should have. */

import { callOf } from '../../command/call.ts';
import { phrases, pick } from '../../command/language.ts';
import { routesTo } from '../../deploy/outside/path.ts';
import type { Environment } from '../../platform/environment.ts';
import { ok, unseen, type Finding } from '../finding.ts';

/** HTTP paths, and triggers other than timers (`npm run deploy` sees to those), that lead to the two functions. */
export async function checkWaysIn(environment: Environment): Promise<Finding> {
  const check = 'ways in';
  const { refresh, get, outside } = environment.names;
  try {
    const ways = [...(await pathsIn(environment)), ...(await triggersIn(environment))];
    if (ways.length === 0)
      return ok(
        check,
        pick({
          en: `no HTTP path and no foreign trigger leads to ${refresh} or ${get}`,
          zh: `没有 HTTP 路径指向 ${refresh} 或 ${get}，也没有其他触发器调用它们`,
        }),
      );
    const cures = phrases(ways.map(({ cure }) => cure));
    return {
      check,
      severity: 'problem',
      finding: phrases(ways.map(({ way }) => way)),
      why: pick({
        en: 'nobody but functions may reach the token; the functions refuse such callers, but are the last wall then',
        zh: '只有云函数可以获取 token；云函数自己会拒绝这样的调用，但那样就只剩这一道防线',
      }),
      cure: pick({
        en: `${cures}; servers outside come by ${outside} (${callOf('server-key')})`,
        zh: `${cures}；外部服务器请走 ${outside}（${callOf('server-key')}）`,
      }),
    };
  } catch (error) {
    return unseen(check, error);
  }
}

/** Where getTicket is not deployed, nothing leads to it. */
const insideOf = ({ refresh, get, ticket }: Environment['names']): string[] => [refresh, get, ticket];

interface WayIn {
  way: string;
  cure: string;
}

async function pathsIn({ envId, names, describeHttpDomains }: Environment): Promise<WayIn[]> {
  return routesTo(await describeHttpDomains(), insideOf(names)).map(({ address, domain, route }) => ({
    way: pick({
      en: `${address} leads to ${route.functionName}`,
      zh: `${address} 指向 ${route.functionName}`,
    }),
    // https://docs.cloudbase.net/cli-v1/http-gateway/routes/delete (read 2026-11-28)
    cure: pick({
      en: `take that path away in the console (https://tcb.cloud.tencent.com/ → HTTP 访问服务), or with CLI 3: tcb routes delete '${domain.name}' -p ${route.path} -e ${envId}`,
      zh: `请在控制台（https://tcb.cloud.tencent.com/ → HTTP 访问服务）删除该路径，或者用 CLI 3：tcb routes delete '${domain.name}' -p ${route.path} -e ${envId}`,
    }),
  }));
}

async function triggersIn({ envId, names, describeFunction }: Environment): Promise<WayIn[]> {
  const states = await Promise.all(insideOf(names).map((name) => describeFunction(name)));
  return states.flatMap((state) =>
    (state?.triggers ?? [])
      .filter(({ type }) => type !== 'timer')
      .map(({ name, type }) => ({
        way: pick({
          en: `the ${type} trigger ${name} starts ${state?.name}`,
          zh: `${type} 触发器 ${name} 会调用 ${state?.name}`,
        }),
        cure: `npx tcb fn trigger delete ${state?.name} ${name} -e ${envId}`,
      })),
  );
}
