/** A checkout that can't be written, and data elsewhere: one sentence says why that isn't enough, and what is. */

import { execFile } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { argumentsFor, bundledCommands, commandEnv } from '../support/command.ts';
import { ROOT } from '../support/root.ts';

const IS_ROOT = process.getuid?.() === 0;
/** Root may write everywhere: then the command is run by the user nobody. */
const READER: { uid?: number; gid?: number } = IS_ROOT ? { uid: 65_534, gid: 65_534 } : {};

function checkout(): string {
  const folder = mkdtempSync(join(tmpdir(), 'read-only-'));
  for (const part of [
    'functions',
    'scripts',
    'examples',
    'cloudbaserc.json',
    'cloudbaserc.outside.json',
    'package.json',
  ])
    cpSync(join(ROOT, part), join(folder, part), { recursive: true, preserveTimestamps: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

function lock(folder: string): void {
  for (const part of ['', 'dist', 'dist/commands']) {
    mkdirSync(join(folder, part), { recursive: true });
    chmodSync(join(folder, part), 0o555);
  }
}

function start(folder: string, lang: string): Promise<{ code: number; err: string }> {
  const data = mkdtempSync(join(tmpdir(), 'elsewhere-'));
  if (IS_ROOT) chownSync(data, READER.uid!, READER.gid!);
  const line = argumentsFor('start', ['--once', '--sandbox', '--data', data, '--lang', lang], folder);
  const env = commandEnv({ HOME: data, LC_ALL: lang === 'zh' ? 'zh_CN.UTF-8' : 'C' });
  return new Promise((resolve) => {
    execFile(process.execPath, line, { cwd: data, env, ...READER }, (error, _, err) =>
      resolve({ code: Number(error?.code ?? 0), err }),
    );
  });
}

it.skipIf(process.platform === 'win32')(
  'is told by the first command, which builds the commands, and by one that builds the functions (not on Windows, which has no such modes)',
  async () => {
    const fresh = checkout();
    lock(fresh);
    const sentence = /^✗ this checkout can't be written \(EACCES\): .*--data.*copy the folder/;
    const first = await start(fresh, 'en');
    expect(first).toEqual({ code: 1, err: expect.stringMatching(sentence) });
    expect((await start(fresh, 'zh')).err).toMatch(/^✗ 本项目的目录不可写（EACCES）：.*--data/);
    const built = checkout();
    const bundle = join('dist/commands', basename(bundledCommands()));
    cpSync(join(ROOT, bundle), join(built, bundle), { recursive: true, preserveTimestamps: true });
    // It was built for its user alone.
    chmodSync(join(built, bundle), 0o755);
    lock(built);
    const second = await start(built, 'en');
    expect(second).toEqual({ code: 1, err: expect.stringMatching(sentence) });
    expect((await start(built, 'zh')).err).toMatch(/^✗ 本项目的目录不可写（EACCES）：.*--data/);
  },
  120_000,
);
