/** Asks the registry what a version of a package is, through npm, which knows where it is and who may read there. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as z from 'zod';
import type { Distribution } from './complete.ts';

const Answer = z.object({ integrity: z.string().startsWith('sha512-'), tarball: z.url() });

const PATIENCE_MS = 60_000;

/** Rejects with one line that names the package. */
export async function askRegistry(name: string, version: string): Promise<Distribution> {
  const args = ['view', `${name}@${version}`, 'dist', '--json'];
  try {
    const { stdout } = await promisify(execFile)('npm', args, { timeout: PATIENCE_MS });
    return Answer.parse(JSON.parse(stdout));
  } catch (error) {
    throw new Error(
      `the registry tells no sha512 of ${name}@${version}: run the command again, or look with npm view ${name}@${version}`,
      { cause: error },
    );
  }
}
