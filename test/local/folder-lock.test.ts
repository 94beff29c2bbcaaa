/** Who gets a data folder: one process, whatever others try at the same instant, and whatever a dead one has left. */

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { expect, it } from 'vitest';
import { lockFolder } from '../../scripts/local/folder-lock.ts';
import { ROOT } from '../support/root.ts';

const folderOf = (text?: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'));
  if (text !== undefined) writeFileSync(join(folder, 'start.lock'), text);
  return folder;
};

const take = (folder: string): (() => void) => {
  const lock = lockFolder(folder);
  if (!('release' in lock)) throw new Error(`held by ${lock.heldBy}`);
  return lock.release;
};

it('is refused while it is held, and free when it is given back', () => {
  const folder = folderOf();
  const release = take(folder);
  expect(readdirSync(folder)).toEqual(['start.lock']);
  expect(lockFolder(folder)).toEqual({ heldBy: process.pid });
  release();
  expect(readdirSync(folder)).toEqual([]);
  take(folder)();
});

const dead = String(spawnSync(process.execPath, ['-e', '']).pid);

it.each([
  ['a process that is dead', dead],
  ['an earlier process of the same number', String(process.pid)],
  ['nobody', ''],
  ['a text that is no number', 'x'],
  ['a process group', '-1'],
  ['no process', '0'],
])('is taken from %s', (_, text) => {
  const folder = folderOf(text);
  take(folder)();
  expect(readdirSync(folder)).toEqual([]);
});

it('is left to another process that runs, unless the machine has started anew since', () => {
  const folder = folderOf(String(process.ppid));
  expect(lockFolder(folder)).toEqual({ heldBy: process.ppid });
  utimesSync(join(folder, 'start.lock'), 1, 1);
  take(folder)();
});

it('goes to one of many processes that begin at the same instant, over the lock of a dead one', async () => {
  const folder = folderOf(dead);
  const module = join(mkdtempSync(join(tmpdir(), 'locker-')), 'lock.cjs');
  const entryPoints = [join(ROOT, 'scripts/local/folder-lock.ts')];
  buildSync({ entryPoints, outfile: module, bundle: true, platform: 'node', format: 'cjs' });
  const program = `
    const { lockFolder } = require(${JSON.stringify(module)});
    const { existsSync } = require('node:fs');
    console.log('ready');
    while (!existsSync(${JSON.stringify(join(folder, 'go'))})) {}
    console.log('release' in lockFolder(${JSON.stringify(folder)}) ? 'mine' : 'refused');
    // A process that has ended holds nothing: all end together.
    process.stdin.resume();`;
  const children = Array.from({ length: 4 }, () => spawn(process.execPath, ['-e', program]));
  await Promise.all(children.map(({ stdout }) => once(stdout, 'data')));
  writeFileSync(join(folder, 'go'), '');
  const answers = await Promise.all(
    children.map(async ({ stdout }) => String((await once(stdout, 'data'))[0]).trim()),
  );
  expect(answers.toSorted()).toEqual(['mine', 'refused', 'refused', 'refused']);
  const ended = children.map((child) => once(child, 'exit'));
  for (const child of children) child.stdin.end();
  await Promise.all(ended);
  expect(existsSync(join(folder, 'start.lock'))).toBe(true);
  take(folder)();
});
