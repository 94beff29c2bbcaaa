/** Runs a command of this repository as a user does, with nothing of this machine in its surroundings but the fake. */

import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ROOT } from '../../support/root.ts';
import { argumentsFor, bundledCommands } from '../../support/command.ts';
import { shareProcess } from '../../support/shared-process.ts';
import type { FakeTencent } from './tencent.ts';

export interface CommandRun {
  code: number | null;
  output: string;
}

export interface RunningCommand {
  child: ChildProcess;
  done: Promise<CommandRun>;
}

/** `variables` win over those that point at the fake's environment and account. */
export function startCommand(
  fake: FakeTencent,
  script: string,
  flags: string[] = [],
  variables: Record<string, string> = {},
): RunningCommand {
  const cwd = cloneFolder();
  const child = spawn(process.execPath, argumentsFor(script, flags, cwd), {
    cwd,
    env: { ...surroundingsOf(fake), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const done = new Promise<CommandRun>((resolve) => {
    child.once('close', (code) => resolve({ code, output }));
  });
  return { child, done };
}

export function runCommand(...args: Parameters<typeof startCommand>): Promise<CommandRun> {
  return startCommand(...args).done;
}

/**
 * As `runCommand`, but all commands of a file run in one process: see shared-process.ts. What the file before has left
 * in the clone is gone, but for the bundles that are remembered there: no .env.local that its `setup` has written.
 */
export function shareCommands(): typeof runCommand {
  const folder = cloneFolder();
  for (const left of ['.env.local', '.local', 'dist/functions', 'dist/outside', 'dist/packages'])
    rmSync(join(folder, left), { recursive: true, force: true });
  const run = shareProcess({ folder, env: {} });
  return (fake, script, flags = [], variables = {}) =>
    run(script, flags, { ...surroundingsOf(fake), ...variables });
}

export function surroundingsOf(fake: FakeTencent): Record<string, string> {
  const home = mkdtempSync(join(tmpdir(), 'fake-home-'));
  mkdirSync(join(home, '.config'));
  writeFileSync(join(home, 'certificate.pem'), fake.certificate);
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    NO_COLOR: '1',
    NODE_EXTRA_CA_CERTS: join(home, 'certificate.pem'),
    https_proxy: fake.proxyUrl,
    // The functions' SDK looks up metadata.tencentyun.com unless it believes to be on the platform.
    TENCENTCLOUD_RUNENV: 'SCF',
    TCB_ENV_ID: fake.state.envId,
    TENCENTCLOUD_SECRETID: fake.state.secretId,
    TENCENTCLOUD_SECRETKEY: fake.state.secretKey,
  };
}

let clone: string | undefined;

/** Where commands run. */
export function cloneFolder(): string {
  return (clone ??= freshClone());
}

/** As after `git clone` and `npm ci`: no .env.local of a developer, no source that is edited while a test runs. */
function freshClone(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fresh-clone-'));
  const configs = ['cloudbaserc.json', 'cloudbaserc.outside.json', 'package.json', 'tsconfig.json'];
  const parts = ['functions', 'scripts', ...configs];
  for (const part of parts)
    cpSync(join(ROOT, part), join(folder, part), { recursive: true, preserveTimestamps: true });
  const bundle = join('dist/commands', basename(bundledCommands()));
  cpSync(join(ROOT, bundle), join(folder, bundle), { recursive: true, preserveTimestamps: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}
