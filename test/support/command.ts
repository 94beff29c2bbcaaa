/** Runs a command of scripts/ as a user does who has no terminal. */

import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { ROOT } from './cloud.ts';

export interface Run {
  code: number | null;
  /** Of both streams. */
  output: string;
}

/** A port that nobody listens at: another `npm start` of this machine must not be asked. */
export const NOBODY = ['--port', '1'];

export function run(
  command: string,
  flags: string[],
  env: Record<string, string> = {},
  stdin = '',
): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', 'tsx', `scripts/${command}/command.ts`, ...flags], {
      cwd: ROOT,
      // A developer may have a .env.local here: no environment of his is touched, and no app of his is used.
      env: { ...process.env, NO_COLOR: '1', HOME: tmpdir(), TCB_ENV_ID: 'no such id!', ...env },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => void (output += chunk.toString()));
    child.once('close', (code) => resolve({ code, output }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
  });
}
