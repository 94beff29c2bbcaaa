/** Whether this machine has the settings of a deployment. */

import { callOf } from '../../command/call.ts';
import { phrases, pick } from '../../command/language.ts';
import { translate } from '../../command/translate.ts';
import type { Settings } from '../../place/settings.ts';
import { ok, type Finding } from '../finding.ts';

export function checkSettings({ problems, apps }: Settings): Finding {
  const check = 'settings';
  if (problems.length === 0)
    return ok(
      check,
      pick({
        en: `complete, for ${apps.map(({ appid }) => appid).join(', ')}`,
        zh: `完整，应用：${apps.map(({ appid }) => appid).join('、')}`,
      }),
    );
  return {
    check,
    severity: 'hint',
    finding: pick({
      en: `incomplete on this machine: ${phrases(problems.map(translate))}`,
      zh: `本机的配置不完整：${phrases(problems.map(translate))}`,
    }),
    why: pick({
      en: `enough to look; ${callOf('deploy')} from here would refuse, and limits are shown with their defaults`,
      zh: `只查看已经够用；但在这里执行 ${callOf('deploy')} 会被拒绝，上限按默认值显示`,
    }),
    cure: callOf('setup'),
  };
}
