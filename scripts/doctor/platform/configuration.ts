/** The variables as deployed, judged by the functions’ own reading; their names are shown, their values never. */

import { readConfig, type Config } from '../../../functions/_shared/runtime/config.ts';
import { callOf } from '../../command/call.ts';
import { phrases, pick } from '../../command/language.ts';
import { translate } from '../../command/translate.ts';
import type { Environment } from '../../platform/environment.ts';
import { unseen, type Finding, type Found } from '../finding.ts';

export async function checkConfiguration(environment: Environment): Promise<Finding> {
  const check = 'configuration';
  try {
    const { refresh } = environment.names;
    const state = await environment.describeFunction(refresh);
    if (state === null)
      return {
        check,
        severity: 'unseen',
        finding: pick({ en: `${refresh} is not deployed`, zh: `${refresh} 没有部署` }),
        cure: callOf('deploy'),
      };
    const config = readConfig(Object.fromEntries(state.variables));
    if (config.ok) return { check, ...judgeConfiguration(config.config) };
    return {
      check,
      severity: 'problem',
      finding: pick({
        en: `the deployed variables are of no use: ${phrases(config.problems.map(translate))}`,
        zh: `云端的环境变量无法使用：${phrases(config.problems.map(translate))}`,
      }),
      why: pick({ en: 'every call is answered with 500', zh: '每次调用都会返回 500' }),
      cure: pick({
        en: `${callOf('setup')}, then ${callOf('deploy')}`,
        zh: `请先执行 ${callOf('setup')}，再执行 ${callOf('deploy')}`,
      }),
    };
  } catch (error) {
    return unseen(check, error);
  }
}

function judgeConfiguration({ apps, ticks, alertWebhookUrl, warnings }: Config): Found {
  if (warnings.length > 0)
    return {
      severity: 'problem',
      finding: phrases(warnings.map(translate)),
      why: pick({
        en: 'tokens are refreshed and served, but without what the variable asks for',
        zh: 'token 照常刷新和提供，但没有该变量所要的功能',
      }),
      cure: pick({
        en: `correct it in .env.local or the environment, then ${callOf('deploy')}`,
        zh: `请在 .env.local 或环境变量里改正，再执行 ${callOf('deploy')}`,
      }),
    };
  if (ticks === 'readers' && alertWebhookUrl !== null) return alertsWithoutTicks();
  return {
    severity: 'ok',
    finding: pick({
      en: `deployed for ${apps.map(({ appid }) => appid).join(', ')}`,
      zh: `已部署，应用：${apps.map(({ appid }) => appid).join('、')}`,
    }),
  };
}

function alertsWithoutTicks(): Found {
  return {
    severity: 'hint',
    finding: pick({
      en: 'ALERT_WEBHOOK_URL is set, and no ticks are meant to come (TICKS=readers)',
      zh: '设置了 ALERT_WEBHOOK_URL，但没有设置触发（TICKS=readers）',
    }),
    why: pick({
      en: 'ticks send the alerts: nobody is told when something goes wrong',
      zh: '告警由触发发出：出了问题不会有人收到',
    }),
    cure: pick({
      en: `${callOf('doctor')} every hour in a crontab says it by its exit code; or TICKS=timer or outside, then ${callOf('deploy')}`,
      zh: `请用 crontab 每小时执行 ${callOf('doctor')}，并按退出码告警；或者设为 TICKS=timer 或 outside，再执行 ${callOf('deploy')}`,
    }),
  };
}
