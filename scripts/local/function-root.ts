/** Where a mini program keeps its cloud functions: DevTools and the `tcb` CLI look in this order. */

import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readJsonFile } from '../command/json-file.ts';

/** In the package.json of a function that `npm run add` has written, where DevTools and the CLI pass it over. */
export const ADDED_MARK = 'cloudbase-access-token';

export const CONFIG_FILE = 'cloudbaserc.json';

/** Undefined where neither file says it. Throws one line when a file can't be read. */
export function configuredRoot(project: string): string | undefined {
  for (const [file, key] of [
    ['project.config.json', 'cloudfunctionRoot'],
    [CONFIG_FILE, 'functionRoot'],
  ] as const) {
    const root = readJsonFile(join(project, file))?.[key];
    if (typeof root === 'string' && root !== '') return resolve(project, root);
  }
  return undefined;
}

/** Of the cloudbaserc.json that speaks of the functions in `root`: the CLI is called there, or one folder above. */
export function configFolderOf(root: string): string {
  return existsSync(join(root, CONFIG_FILE)) ? root : dirname(root);
}
