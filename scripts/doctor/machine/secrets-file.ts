/** Whether anybody else can read the file that has the secrets. */

import { existsSync, statSync } from 'node:fs';
import { pick } from '../../command/language.ts';
import { asWord } from '../../command/words.ts';
import { whyTracked } from '../../setup/env-file.ts';
import { ok, skipped, type Finding } from '../finding.ts';

export function checkSecretsFile(file: string): Finding {
  const check = 'secrets file';
  if (!existsSync(file))
    return skipped(
      check,
      pick({
        en: 'there is none: all settings come from the environment',
        zh: '没有这个文件：配置都来自环境变量',
      }),
    );
  const tracked = whyTracked(file);
  const why = pick({
    en: 'it holds the AppSecret, with which anybody can act as this app',
    zh: '里面有 AppSecret，拿到它的人可以冒充这个应用',
  });
  if (tracked !== null)
    return {
      check,
      severity: 'problem',
      finding: tracked,
      why,
      cure: pick({
        en: 'the line above says it; then reset the AppSecret',
        zh: '按上面的提示处理；然后重置 AppSecret',
      }),
    };
  // Windows has no such bits.
  const others = process.platform === 'win32' ? 0 : statSync(file).mode & 0o077;
  if (others === 0)
    return ok(check, pick({ en: 'readable by you only, ignored by git', zh: '只有你能读，git 不会跟踪' }));
  return {
    check,
    severity: 'problem',
    finding: pick({ en: `others on this machine can read ${file}`, zh: `本机的其他用户能读 ${file}` }),
    why,
    cure: `chmod 600 ${asWord(file)}`,
  };
}
