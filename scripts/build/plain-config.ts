/**
 * A copy of cloudbaserc.json for `tcb fn deploy` by hand, which names only the variables that are set: the CLI makes
 * an empty variable of an unset placeholder, and the platform refuses one.
 * https://cloud.tencent.com/document/api/583/17244 (read 2026-11-28)
 */

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { readEnvFile } from '../command/env-file.ts';
import { readTextFile } from '../command/text-file.ts';

/** Relative to the repository. */
export const PLAIN_CONFIG = 'dist/cloudbaserc.json';

const Config = z.looseObject({
  functions: z.array(z.looseObject({ envVariables: z.record(z.string(), z.string()).default({}) })),
});

/** Holds no value: the placeholders stay, and the CLI fills them in from the environment and `.env.local`. */
export async function writePlainConfig(
  root: string,
  files: readonly string[],
  isSet: (name: string) => boolean,
  hasTimer = true,
): Promise<void> {
  const configs = files.map((file) => Config.parse(JSON.parse(readTextFile(join(root, file)))));
  const functions = configs.flatMap((config) => config.functions);
  const filled = functions.map((declared) => {
    const entries = Object.entries(declared.envVariables);
    const kept = entries.filter(([, value]) => placeholdersOf(value).every(isSet));
    const triggers = hasTimer ? {} : { triggers: [] };
    return Object.assign(declared, { envVariables: Object.fromEntries(kept), ...triggers });
  });
  const file = join(root, PLAIN_CONFIG);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify({ ...configs[0], functions: filled }, null, 2)}\n`);
}

/** Where the CLI will look for them, too; an empty variable is an unset one. */
export function readSet(
  root: string,
  env: Readonly<Record<string, string | undefined>>,
): Map<string, string> {
  const all = [...Object.entries(readEnvFile(join(root, '.env.local'))), ...Object.entries(env)];
  return new Map(all.flatMap(([name, value]) => (value?.trim() ? [[name, value] as const] : [])));
}

function placeholdersOf(value: string): string[] {
  return [...value.matchAll(/{{env\.(\w+)}}/g)].map(([, name = '']) => name);
}
