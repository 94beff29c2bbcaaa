/** Builds the functions and the commands before all tests, unless that is done already: what runs in a test is what gets deployed. */

import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { TICKETS_CONFIG } from '../../scripts/build/declarations.ts';
import { buildFunctions } from '../../scripts/build/functions.ts';
import { buildGuests } from '../../scripts/start/prepare.ts';
import { bundledCommands } from './command.ts';

const root = resolve(import.meta.dirname, '../..');
const GUESTS = ['askWithNodeSdk', 'askWithWxServerSdk'];
const SOURCES = ['functions', 'examples', 'scripts/build', 'package-lock.json', 'cloudbaserc.json'];
const OUTPUTS = [
  'dist/functions/refreshAccessToken/index.js',
  'dist/functions/getAccessToken/index.js',
  'dist/test-functions/getTicket/index.js',
  ...GUESTS.map((name) => `dist/test-guests/${name}/index.js`),
];

export default async function build(): Promise<void> {
  bundledCommands();
  if (oldestOf(OUTPUTS) > newestIn(SOURCES)) return;
  await buildFunctions({ root });
  // Apart: a command that a test runs takes from dist/functions what is not configured.
  const outDir = join(root, 'dist/test-functions');
  await buildFunctions({ root, outDir, files: ['cloudbaserc.json', TICKETS_CONFIG] });
  await buildGuests(root, join(root, 'dist/test-guests'), GUESTS);
}

function newestIn(paths: readonly string[]): number {
  const files = paths.flatMap((path) => {
    const isFolder = statSync(join(root, path)).isDirectory();
    return isFolder
      ? readdirSync(join(root, path), { recursive: true }).map((name) => join(path, String(name)))
      : [path];
  });
  return Math.max(...files.map(changedAtMs));
}

/** 0 when one of them is missing. */
function oldestOf(files: readonly string[]): number {
  return Math.min(...files.map(changedAtMs));
}

function changedAtMs(file: string): number {
  return statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
