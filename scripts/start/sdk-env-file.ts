/** `--env-file`: what an SDK in a script outside needs to reach this embedded cloud, in one file while it runs. */

import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { pick } from '../command/language.ts';
import type { Cloud } from '../local/cloud.ts';
import { sdkEnvironment } from '../local/functions/environment.ts';
import { writePrivateFile } from '../local/private-files.ts';

const TITLE =
  '# The embedded cloud that is running, for SDKs in scripts outside: node --env-file=THIS-FILE script.js';

/** Before anything is opened: somebody's own variables are never written over. */
export function refuseForeign(file: string): void {
  if (existsSync(file) && !readFileSync(file, 'utf8').startsWith(TITLE))
    throw new Error(
      pick({
        en: `--env-file: ${file} is there already, and not from an earlier start: choose another name`,
        zh: `--env-file：${file} 已存在，而且不是之前启动时写的：请换一个文件名`,
      }),
    );
}

/** Returns what takes it back. */
export function publishSdkEnvironment(file: string, { identity, gateway }: Cloud): () => void {
  const variables = sdkEnvironment(identity, gateway.url);
  const lines = Object.entries(variables).map(([name, value]) => `${name}='${value}'`);
  const text = [TITLE, ...lines, ''].join('\n');
  mkdirSync(dirname(file), { recursive: true });
  writePrivateFile(file, text);
  return () => {
    // Of this start only: the next one may be there already.
    if (existsSync(file) && readFileSync(file, 'utf8') === text) rmSync(file);
  };
}
