/** The folder that commands write into: in a user's project it keeps itself out of git. */

import { lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IS_INSTALLED, OWN_FOLDER } from './folders.ts';
import { pick } from './language.ts';
import { writeWhole } from './whole-file.ts';

/** What git reads as: all of it. */
const ALL = '*\n';

/** `root`: of the project. */
export function makeOwnFolder(root: string, isInstalled = IS_INSTALLED): string {
  const folder = join(root, OWN_FOLDER);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // In its own repository it is in the .gitignore at the top.
  if (!isInstalled) return folder;
  if (lstatSync(folder).isSymbolicLink())
    throw new Error(
      pick({
        en: `${folder} is a link: keys would be written where it leads; remove it`,
        zh: `${folder} 是一个链接：密钥会写到它指向的地方；请把它删掉`,
      }),
    );
  const file = join(folder, '.gitignore');
  // A project may bring along another one, and keys and secrets are kept beside it.
  if (!isWritten(file)) writeWhole(file, ALL);
  return folder;
}

function isWritten(file: string): boolean {
  try {
    return lstatSync(file).isFile() && readFileSync(file, 'utf8') === ALL;
  } catch {
    return false;
  }
}
