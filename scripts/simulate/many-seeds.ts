/** Several seeds, two at a time, each in a process of its own: the simulation itself keeps one core busy. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { PACKAGE_FOLDER } from '../command/folders.ts';
import type { RunResult } from './run.ts';

const AT_ONCE = 2;
const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;

/** `flags` are those of the command line except `--seed` and `--seeds`. */
export async function runSeeds(
  seeds: readonly number[],
  flags: readonly string[],
  onDone: (result: RunResult) => void,
): Promise<void> {
  const waiting = [...seeds];
  const work = async (): Promise<void> => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      onDone(await runApart(['--seed', String(seed), ...flags, '--json']));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

function runApart(flags: readonly string[]): Promise<RunResult> {
  const command = [join(PACKAGE_FOLDER, 'scripts/run.cjs'), 'simulate', ...flags];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, command, { maxBuffer: MOST_OUTPUT_BYTES }, (error, stdout, stderr) => {
      // Exit code 1 says that a rule broke, which is a result like any other.
      if (error !== null && error.code !== 1)
        return reject(new Error(`a simulation failed: ${stderr || error.message}`));
      try {
        resolve(JSON.parse(stdout) as RunResult);
      } catch {
        reject(new Error(`a simulation gave no result: ${stderr}`));
      }
    });
  });
}
