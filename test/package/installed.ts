/** The client as a stranger has it: built, packed, installed into an empty project, and loaded from there. */

import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type * as Client from '../../functions/getAccessToken/client.ts';
import { buildPackage } from '../../scripts/build/client-package.ts';
import { ROOT } from '../support/cloud.ts';

const run = promisify(execFile);

export interface Installed {
  /** The folder of the project; `node_modules` holds the package and nothing else. */
  project: string;
  packed: { filename: string; size: number; unpackedSize: number; files: { path: string }[] };
  client: typeof Client;
}

const SOURCES = [
  'functions/getAccessToken',
  'scripts/build/client-package.ts',
  'scripts/build/client-bundle.ts',
  'scripts/build/client-types.ts',
  'scripts/build/client-bin.cjs',
  'package.json',
  'tsconfig.json',
  'LICENSE',
];

/** Made once for each state of the sources, whichever test file comes first. */
export async function installPackage(): Promise<Installed> {
  const folder = join(ROOT, 'dist/test-package', hashOf(SOURCES));
  if (!existsSync(folder)) {
    const unfinished = `${folder}-${randomUUID()}`;
    await install(unfinished);
    // Another worker may have been quicker: then its work is used.
    if (!existsSync(folder)) renameSync(unfinished, folder);
  }
  const project = join(folder, 'project');
  const [packed] = JSON.parse(readFileSync(join(folder, 'packed.json'), 'utf8')) as [Installed['packed']];
  const require = createRequire(join(project, 'main.cjs'));
  return { project, packed, client: require('cloudbase-access-token/client') as typeof Client };
}

async function install(folder: string): Promise<void> {
  const project = join(folder, 'project');
  mkdirSync(project, { recursive: true });
  const source = await buildPackage({ root: ROOT, outDir: join(folder, 'package') });
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: source });
  const [{ filename }] = JSON.parse(stdout) as [Installed['packed']];
  writeFileSync(join(folder, 'packed.json'), stdout);
  writeFileSync(join(project, 'package.json'), '{ "private": true }');
  const flags = ['--offline', '--no-audit', '--no-fund'];
  await run('npm', ['install', ...flags, join(folder, filename)], { cwd: project });
}

function hashOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(filesIn)) hash.update(path).update(readFileSync(join(ROOT, path)));
  return hash.digest('hex').slice(0, 16);
}

function filesIn(path: string): string[] {
  if (statSync(join(ROOT, path)).isFile()) return [path];
  return readdirSync(join(ROOT, path)).flatMap((name) => filesIn(join(path, name)));
}
