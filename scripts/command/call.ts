/** How a user calls a command: by npm in the repository, by npx where the package is installed. */

import { IS_INSTALLED } from './folders.ts';

/** `callOf('deploy', '--dry-run')` is `npm run deploy -- --dry-run`; `name` may have a second word, as `server-key add`. */
export function callOf(name: string, ...rest: readonly string[]): string {
  const [command = '', ...more] = name.split(' ');
  const words = [...more, ...rest].filter((word) => word !== '');
  if (IS_INSTALLED) return ['npx cloudbase-access-token', command, ...words].join(' ');
  const script = command === 'start' ? 'npm start' : `npm run ${command}`;
  return words.length === 0 ? script : `${script} -- ${words.join(' ')}`;
}

export function helpHint(name: string): string {
  return `${callOf(name, '--help')} lists the flags`;
}
