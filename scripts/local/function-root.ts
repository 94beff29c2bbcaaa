/** Where a mini program keeps its cloud functions: DevTools and the `tcb` CLI look in this order. */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'jsonc-parser';
import { pick } from '../command/language.ts';
import { readTextFile } from '../command/text-file.ts';

/** In the package.json of a function that `npm run add` has written, where DevTools and the CLI pass it over. */
export const ADDED_MARK = 'cloudbase-access-token';

/** Undefined where neither file says it. Throws one line when a file can't be read. */
export function configuredRoot(project: string): string | undefined {
  for (const [file, key] of [
    ['project.config.json', 'cloudfunctionRoot'],
    ['cloudbaserc.json', 'functionRoot'],
  ] as const) {
    const root = readObject(join(project, file))?.[key];
    if (typeof root === 'string' && root !== '') return resolve(project, root);
  }
  return undefined;
}

function readObject(file: string): Record<string, unknown> | undefined {
  if (!existsSync(file)) return undefined;
  const value: unknown = parse(readTextFile(file));
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw new Error(pick({ en: `${file} is no JSON object`, zh: `${file} 不是 JSON 对象` }));
}
