/** Whether the functions call WeChat from an address that stays. */

import { pick } from '../../command/language.ts';
import type { Environment } from '../../platform/environment.ts';
import { ok, unseen, type Finding } from '../finding.ts';

export async function checkEgress(environment: Environment): Promise<Finding> {
  const check = 'egress IP';
  try {
    const ips = (await environment.describeFunction(environment.names.refresh))?.egressIps ?? [];
    if (ips.length > 0)
      return ok(
        check,
        pick({
          en: `fixed: ${ips.join(', ')}; belongs on the whitelist of every app that has one`,
          zh: `已固定：${ips.join('、')}；请加进每个应用的 IP 白名单（如果设了）`,
        }),
      );
    return {
      check,
      severity: 'hint',
      finding: pick({
        en: 'not fixed: the functions call WeChat from changing addresses',
        zh: '没有固定：云函数请求微信的地址会变化',
      }),
      why: pick({
        en: 'an app with an IP whitelist refuses them (40164); without a whitelist nothing has to be done',
        zh: '应用设了 IP 白名单时，微信会拒绝白名单之外的地址（40164）；没有白名单就不用处理',
      }),
      cure: pick({
        en: 'only with a whitelist: switch the fixed egress IP of both functions on in the console, and add it there',
        zh: '只在有白名单时处理：在控制台为两个云函数开启固定出口 IP，并加进白名单',
      }),
    };
  } catch (error) {
    return unseen(check, error);
  }
}
