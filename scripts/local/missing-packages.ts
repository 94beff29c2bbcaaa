/** Which packages of a user’s function are not installed. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FunctionDeclaration } from '../build/declarations.ts';
import { readJsonFile } from '../command/json-file.ts';
import { pick } from '../command/language.ts';
import { asWord } from '../command/words.ts';

export function missingPackages({ name, directory = '' }: FunctionDeclaration, modules: string): string[] {
  const dependencies = Object.keys(readJsonFile(join(directory, 'package.json'))?.['dependencies'] ?? {});
  const isThere = (dependency: string): boolean => {
    if (modules !== '' && dependency === CLIENT_PACKAGE) return true;
    for (let folder = directory; ; folder = dirname(folder)) {
      if (existsSync(join(folder, 'node_modules', dependency))) return true;
      if (folder === dirname(folder)) return false;
    }
  };
  if (dependencies.every(isThere)) return [];
  return [
    pick({
      en: `${name}: its packages are not installed; run npm install --prefix ${asWord(directory)}`,
      zh: `${name}：它的依赖没有安装；请执行 npm install --prefix ${asWord(directory)}`,
    }),
  ];
}

/** Not on npm yet: an install would fail. */
const CLIENT_PACKAGE = 'cloudbase-access-token';
