/** Notices a flag that npm took for itself: `npm run refresh --leaked` hands no flag on, and leaves a trace of it. */

import leven from 'leven';
import { pick } from './language.ts';
import { callOf } from './call.ts';
import type { Environment } from './definition.ts';
import type { Flags } from './flags.ts';
import { bare } from './nearest.ts';

/** npm sets one for each of its own settings, too. */
const PREFIX = 'npm_config_';
/** Settings that people keep for npm, in an .npmrc or in the environment of CI: they mean nothing here. */
const NPMS_OWN = new Set(['json', 'yes']);

/** Throws one line that says how to write it. A misspelt flag is swallowed as well. */
export function requireNothingSwallowed(
  name: string,
  flags: Flags,
  args: readonly string[],
  env: Environment,
): void {
  for (const variable of Object.keys(env).filter((key) => key.startsWith(PREFIX))) {
    const kept = variable.slice(PREFIX.length);
    const flag = Object.keys(flags).find((one) => leven(bare(one), bare(kept), { maxDistance: 2 }) < 2);
    if (flag === undefined || NPMS_OWN.has(kept)) continue;
    if (args.some((word) => word === `--${flag}` || word.startsWith(`--${flag}=`))) continue;
    const call = callOf(name, `--${flag}`);
    const taken = `--${kept.replaceAll('_', '-')}`;
    throw new Error(
      pick({
        en: `npm kept ${taken} for itself: write ${call} (with -- in between)`,
        zh: `npm 把 ${taken} 当成了自己的参数：请写成 ${call}（中间加 --）`,
      }),
    );
  }
}
