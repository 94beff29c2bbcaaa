/** What can be known to be wrong before anything is sent. */

import { translate } from '../command/translate.ts';
import { phrases, pick } from '../command/language.ts';
import { callOf } from '../command/call.ts';
import { readConfig, type Config } from '../../functions/_shared/runtime/config.ts';
import { PlatformError } from '../platform/errors.ts';
import type { Values } from '../platform/settings.ts';
import type { WantedFunction } from './wanted.ts';

/** CloudBase's 系统限制, in the repository tencentyun/qcloud-documents (read 2026-11-22). */
const MOST_VARIABLE_BYTES = 4_096;

/** The functions' own reading of their variables: what they would refuse, or ignore, is not deployed. */
export function checkValues(values: Values): Config {
  const read = readConfig(values);
  if (read.ok && read.config.warnings.length === 0) return read.config;
  throw new PlatformError(phrases((read.ok ? read.config.warnings : read.problems).map(translate)), {
    code: 'MISCONFIGURED',
    cure: pick({
      en: `correct that in .env.local or the environment, or run ${callOf('setup')}`,
      zh: `请在 .env.local 或环境变量里改正，或者执行 ${callOf('setup')}`,
    }),
  });
}

export function checkSize(wanted: readonly WantedFunction[]): void {
  for (const { name, variables } of wanted) {
    const bytes = [...variables].reduce((sum, [key, value]) => sum + Buffer.byteLength(key + value), 0);
    if (bytes <= MOST_VARIABLE_BYTES) continue;
    throw new PlatformError(
      pick({
        en: `the variables of ${name} are ${bytes} bytes, more than the platform's 4 KB`,
        zh: `${name} 的环境变量共 ${bytes} 字节，超过了平台的 4 KB`,
      }),
      {
        code: 'VARIABLES_TOO_LARGE',
        cure: pick({
          en: 'configure fewer apps here (WX_APPS) and the others in a second environment',
          zh: '请在这里少配置几个应用（WX_APPS），其余的放到另一个环境',
        }),
      },
    );
  }
}
