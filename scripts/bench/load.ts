/** One cold `require` in a process of its own: how long it took, what memory it left, which files it read. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface Loaded {
  ms: number;
  rssMB: number;
  files: string[];
}

/** `modules` are handed to `require`, one after the other. */
export async function load(modules: readonly string[]): Promise<Loaded> {
  const args = ['--input-type=commonjs', '-e', PROGRAM, '--', ...modules];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: ENVIRONMENT });
  return JSON.parse(stdout) as Loaded;
}

/** Where it is not said that this is the platform, the SDK looks for it on the network. */
export const ENVIRONMENT = {
  PATH: process.env['PATH'],
  TENCENTCLOUD_RUNENV: 'SCF',
  TENCENTCLOUD_REGION: 'ap-shanghai',
};

const PROGRAM = `
const began = process.hrtime.bigint();
for (const module of process.argv.slice(1)) require(module);
const ms = Number(process.hrtime.bigint() - began) / 1e6;
const rssMB = process.memoryUsage().rss / 1e6;
process.stdout.write(JSON.stringify({ ms, rssMB, files: Object.keys(require.cache) }));
`;
