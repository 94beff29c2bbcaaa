/** Whether WeChat refuses refreshes, and what cures each refusal. */

import { callOf } from '../../command/call.ts';
import { pick, type Text } from '../../command/language.ts';
import { clockTime } from '../../command/words.ts';
import type { AppReport } from '../../place/report.ts';
import { describeBreaker } from '../../place/verdict.ts';
import type { Found } from '../finding.ts';

export function checkBreaker(report: AppReport, nowMs: number): Found {
  const { breaker } = report;
  const finding = describeBreaker(report, nowMs);
  if (breaker === null) return { severity: 'ok', finding };
  const why = breaker.isOpen
    ? pick({
        en: `nothing is fetched before ${clockTime(breaker.retryAtMs, nowMs)}; the stored token is served to its end, and then none`,
        zh: `${clockTime(breaker.retryAtMs, nowMs)} 之前不再获取；库里的 token 可以用到到期，之后就没有可用的了`,
      })
    : pick({ en: 'the token is not renewed while this goes on', zh: '在此期间 token 不会更换' });
  const cure = pick(CURES.get(breaker.errcode) ?? ANY_CURE);
  const isPassing = breaker.owner === 'transient' && report.lifeLeftMs > 0;
  return { severity: isPassing ? 'hint' : 'problem', finding, why, cure };
}

const DEPLOYED_WRONG = {
  en: `${callOf('setup')}, then ${callOf('deploy')}`,
  zh: `请先执行 ${callOf('setup')}，再执行 ${callOf('deploy')}`,
};

const WHITELIST = {
  en: 'add that address at https://mp.weixin.qq.com (开发管理 → 开发设置 → IP白名单), and give the functions a fixed egress IP so that it stays',
  zh: '请在 https://mp.weixin.qq.com（开发管理 → 开发设置 → IP白名单）添加该地址，并为云函数开启固定出口 IP，使它不再变化',
};

/** What cures a refusal of WeChat, where a command or a place does; https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-access-token/api_getaccesstoken.html (read 2026-11-22) */
const CURES = new Map<number, Text>([
  [40001, DEPLOYED_WRONG],
  [40125, DEPLOYED_WRONG],
  [40013, DEPLOYED_WRONG],
  [41002, DEPLOYED_WRONG],
  [41004, DEPLOYED_WRONG],
  [40164, WHITELIST],
  [61004, WHITELIST],
  [
    45009,
    {
      en: 'find who else fetches tokens for this AppID; the quota comes back at 00:00 UTC+8',
      zh: '请查出还有谁在获取这个 AppID 的 token；额度在 UTC+8 的 00:00 恢复',
    },
  ],
]);

const ANY_CURE = {
  en: `do what the finding says, then ${callOf('refresh')}`,
  zh: `请按上面所说的处理，再执行 ${callOf('refresh')}`,
};
