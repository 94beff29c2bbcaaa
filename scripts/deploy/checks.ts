/** What can be known to be wrong before anything is sent. */

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
  throw new PlatformError((read.ok ? read.config.warnings : read.problems).join('; '), {
    code: 'MISCONFIGURED',
    cure: `correct that in .env.local or the environment, or run ${callOf('setup')}`,
  });
}

export function checkSize(wanted: readonly WantedFunction[]): void {
  for (const { name, variables } of wanted) {
    const bytes = [...variables].reduce((sum, [key, value]) => sum + Buffer.byteLength(key + value), 0);
    if (bytes <= MOST_VARIABLE_BYTES) continue;
    throw new PlatformError(`the variables of ${name} are ${bytes} bytes, more than the platform's 4 KB`, {
      code: 'VARIABLES_TOO_LARGE',
      cure: 'configure fewer apps here (WX_APPS) and the others in a second environment',
    });
  }
}
