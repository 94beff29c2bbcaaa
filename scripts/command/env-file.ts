/** The variables of an env file, such as .env.local; none where there is no such file. */

import { existsSync } from 'node:fs';
import { parse } from 'dotenv';
import { readTextFile } from './text-file.ts';

/** Throws one line that names the file and its encoding, where that can't be read. */
export function readEnvFile(file: string): Record<string, string> {
  return existsSync(file) ? parse(readTextFile(file)) : {};
}
