/**
 * Runs another guest once in a process of its own, with this instance's environment: for timings in nanoseconds, which
 * the embedded platform's movable clock would spoil, as each look at it costs some 100 of them.
 */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

interface Task {
  directory: string;
  variables: Record<string, string>;
  event: object;
}

const PROGRAM = `
const [directory, event, context] = process.argv.slice(1);
const { main } = require(directory);
main(JSON.parse(event), JSON.parse(context)).then((result) => {
  process.stdout.write(JSON.stringify(result), () => process.exit());
});
`;

export async function main({ directory, variables, event }: Task, context: unknown): Promise<unknown> {
  const told = [directory, JSON.stringify(event), JSON.stringify(context)];
  const args = ['--input-type=commonjs', '-e', PROGRAM, '--', ...told];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { ...process.env, ...variables },
  });
  // What the function logs comes before.
  return JSON.parse(stdout.slice(stdout.lastIndexOf('\n') + 1)) as unknown;
}
