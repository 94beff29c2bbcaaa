/**
 * How a user calls a command: by npm in the repository, by npx where the package is installed.
 * The rule for every text of `scripts/`: it names a command by `callOf`. The functions and the dashboard's page can't
 * know where the operator stands: they write `npm run NAME`, and whoever shows their text passes it through `respell`.
 */

import { pick } from './language.ts';
import { IS_INSTALLED } from './folders.ts';
import { respellFor } from './respell.ts';
import { translate } from './translate.ts';

/** `callOf('deploy', '--dry-run')` is `npm run deploy -- --dry-run`; `name` may have a second word, as `server-key add`. */
export function callOf(name: string, ...rest: readonly string[]): string {
  const [command = '', ...more] = name.split(' ');
  const words = [...more, ...rest].filter((word) => word !== '');
  if (IS_INSTALLED) return ['npx cloudbase-access-token', command, ...words].join(' ');
  // npm's own lines would come before what a program is to read.
  const run = words.includes('--json') ? 'npm run -s' : 'npm run';
  const script = command === 'start' ? 'npm start' : `${run} ${command}`;
  return words.length === 0 ? script : `${script} -- ${words.join(' ')}`;
}

/** A text of the functions in the reader's language, with the commands it names as they are called here; `localFlags` go to those that need them for the embedded cloud. */
export function respell(text: string, localFlags = ''): string {
  return respellFor(IS_INSTALLED, translate(text), localFlags);
}

export function helpHint(name: string): string {
  return pick({
    en: `${callOf(name, '--help')} lists the flags`,
    zh: `${callOf(name, '--help')} 列出所有参数`,
  });
}
