/** Too old a Node.js: the entry says which one is needed, in one line, before it loads anything that such a one can't read. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { expect, it } from 'vitest';
import { ROOT } from '../support/cloud.ts';

/** A process that takes itself for that version, and that tells every file of ours that it loads. */
function runAs(
  version: string,
  command: string,
): { status: number | null; stderr: string; loaded: string[] } {
  const preload = join(mkdtempSync(join(tmpdir(), 'old-node-')), 'preload.cjs');
  writeFileSync(
    preload,
    `const Module = require('node:module');
     Object.defineProperty(process.versions, 'node', { value: ${JSON.stringify(version)} });
     const load = Module._load;
     Module._load = (name, ...rest) => (console.log(name), load(name, ...rest));`,
  );
  const args = ['-r', preload, join(ROOT, 'scripts/run.cjs'), command];
  const { status, stderr, stdout } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  const loaded = stdout.split('\n').filter((name) => name !== '' && !name.endsWith('run.cjs'));
  return { status, stderr, loaded };
}

it.each([
  ['18.20.8', 'start'],
  ['20.18.3', 'setup'],
  ['16.20.2', 'deploy'],
])('Node.js %s: npm run %s ends with the version that is needed', (version, command) => {
  const { status, stderr, loaded } = runAs(version, command);
  expect(stderr).toBe(`✗ Node.js 20.19.0 or later is needed, and this is ${version}: https://nodejs.org\n`);
  expect(status).toBe(1);
  expect(loaded).toEqual(['../package.json']);
});

it('is told by a file that the oldest can read', () => {
  const code = readFileSync(join(ROOT, 'scripts/run.cjs'), 'utf8');
  const { warnings } = transformSync(code, { target: 'es5' });
  expect(warnings).toEqual([]);
});
