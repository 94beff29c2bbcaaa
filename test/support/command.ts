/** Runs a command as a user does who has no terminal: the launcher, and the bundle that is built before all tests. */

import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './root.ts';

export interface Run {
  code: number | null;
  /** Of both streams. */
  output: string;
}

/** What Node.js is started with for a command, in a clone of the repository or in this one. */
export function argumentsFor(command: string, flags: readonly string[], folder = ROOT): string[] {
  return ['--', join(folder, 'scripts/run.cjs'), command, ...flags];
}

/** Without what `npm test` left: a flag of npm's is taken for one that it swallowed. */
export function commandEnv(env: Record<string, string> = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_config_'));
  return { ...Object.fromEntries(own), NO_COLOR: '1', LC_ALL: 'C', ...env };
}

/** A developer may have a .env.local here: no environment of his is touched, and no app of his is used. */
export function run(
  command: string,
  flags: readonly string[],
  env: Record<string, string> = {},
  stdin = '',
): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, argumentsFor(command, flags), {
      cwd: ROOT,
      env: commandEnv({ HOME: tmpdir(), TCB_ENV_ID: 'no such id!', ...env }),
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => void (output += chunk.toString()));
    child.once('close', (code) => resolve({ code, output }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
  });
}

/** Builds the bundle unless it is there, and gives back its folder. */
export function bundledCommands(): string {
  const launcher = createRequire(import.meta.url)(join(ROOT, 'scripts/command/bundle.cjs')) as {
    bundled(): string;
  };
  return launcher.bundled();
}
