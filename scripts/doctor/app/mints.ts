/** How many tokens were fetched today, against the limits. */

import { NEAR_LIMIT } from '../../../functions/_shared/token/policy.ts';
import { callOf } from '../../command/call.ts';
import { pick } from '../../command/language.ts';
import type { AppReport } from '../../place/report.ts';
import { describeMints } from '../../place/verdict.ts';
import type { Found } from '../finding.ts';

export function checkMints(report: AppReport): Found {
  const { count, limit, effectiveLimit } = report.mintsToday;
  const finding = describeMints(report);
  const [why, cure] = [pick(WHY), pick(CURE)];
  if (count >= limit)
    return {
      severity: 'problem',
      finding: pick({ en: `${finding}: nothing is minted any more today`, zh: `${finding}：今天不再获取` }),
      why,
      cure: pick({
        en: `${cure}; raise MINT_LIMIT_PER_DAY and ${callOf('deploy')} if it is right so`,
        zh: `${cure}；确实需要这么多，就调大 MINT_LIMIT_PER_DAY 并执行 ${callOf('deploy')}`,
      }),
    };
  const soonRefused = pick({
    en: `${finding}: soon WeChat refuses more today`,
    zh: `${finding}：继续获取会被微信拒绝`,
  });
  if (count >= effectiveLimit * NEAR_LIMIT && effectiveLimit < limit)
    return { severity: 'problem', finding: soonRefused, why, cure };
  const unusual = pick({ en: `${finding}, more than usual`, zh: `${finding}，比平时多` });
  if (count > usualMints(report.api) || count >= limit * NEAR_LIMIT)
    return { severity: 'hint', finding: unusual, why, cure };
  return { severity: 'ok', finding };
}

const WHY = {
  en: 'every mint ends the token before it, and WeChat grants a limited number a day',
  zh: '每获取一次，之前的 token 就会作废；微信每天允许的次数有限',
};
const CURE = {
  en: `look at who reports or mints: ${callOf('status')} shows each refresh's cause`,
  zh: `请看是谁在上报或获取：${callOf('status')} 会显示每次刷新的原因`,
};

/** One every 110 minutes are 14; a few reports and manual refreshes come on top. In `stable` mode nearly as many. */
function usualMints(api: AppReport['api']): number {
  return api === 'token' ? 40 : 100;
}
