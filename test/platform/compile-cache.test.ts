/** What is kept of a large file is used at the next start, never for another file, and never needed. */

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../support/root.ts';

const folder = mkdtempSync(join(tmpdir(), 'compile-cache-'));
const hook = join(folder, 'compile-cache.cjs');
const cli = join(folder, 'node_modules/@cloudbase/cli');
const kept = join(folder, 'node_modules/.cache/cloudbase-cli');
cpSync(join(ROOT, 'scripts/platform/compile-cache.cjs'), hook);
mkdirSync(cli, { recursive: true });
install('1.0.0', 'first');

function install(version: string, word: string): void {
  writeFileSync(join(cli, 'package.json'), JSON.stringify({ version }));
  writeFileSync(join(cli, 'tcb.cjs'), "require('./large.cjs');");
  const large = `
    const { basename } = require('node:path');
    console.log(['${word}', require.main === module, basename(__filename), typeof this].join(' '));
    process.exit(0);`;
  writeFileSync(join(cli, 'large.cjs'), large + '//'.padEnd(6_000_000, 'x'));
}

function start(): string {
  return execFileSync(process.execPath, ['--require', hook, join(cli, 'tcb.cjs')], { encoding: 'utf8' });
}

const file = (): string => join(kept, readdirSync(kept).join());
const state = (): string => `${file()} ${statSync(file()).mtimeMs}`;

it('the file runs as without it, the first time and the next', () => {
  const plain = execFileSync(process.execPath, [join(cli, 'tcb.cjs')], { encoding: 'utf8' });
  expect(plain).toBe('first false large.cjs object\n');
  expect(start()).toBe(plain);
  const before = state();
  expect(start()).toBe(plain);
  // V8 took it: what it refuses is made anew.
  expect(state()).toBe(before);
});

it('what can’t be used is replaced', () => {
  writeFileSync(file(), 'nothing of V8');
  expect(start()).toMatch(/^first /);
  expect(statSync(file()).size).toBeGreaterThan(100);
});

it('another version has its own, though its file is as long; the one before goes', () => {
  const before = file();
  install('1.0.1', 'other');
  expect(start()).toMatch(/^other /);
  expect(file()).not.toBe(before);
});

it('a patch in place is not taken for the file that was patched, though it is as long', () => {
  const before = file();
  install('1.0.1', 'patch');
  expect(start()).toMatch(/^patch /);
  expect(file()).not.toBe(before);
});

it('where nothing can be kept it runs all the same', () => {
  rmSync(kept, { recursive: true });
  writeFileSync(kept, '');
  expect(start()).toMatch(/^patch /);
});
