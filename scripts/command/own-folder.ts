/** The folder that commands write into: in a user's project it keeps itself out of git. */

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IS_INSTALLED, OWN_FOLDER } from './folders.ts';

/** `root`: of the project. */
export function makeOwnFolder(root: string): string {
  const folder = join(root, OWN_FOLDER);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // In its own repository it is in the .gitignore at the top.
  if (IS_INSTALLED && !existsSync(join(folder, '.gitignore')))
    writeFileSync(join(folder, '.gitignore'), '*\n');
  return folder;
}
