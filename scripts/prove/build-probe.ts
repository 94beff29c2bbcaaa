/** Builds the scratch function, as the functions of this project are built. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../build/bundle.ts';
import { ready, type Made } from '../build/ready.ts';
import { PACKAGE_FOLDER } from '../command/folders.ts';
import { SCRATCH_FUNCTION } from './scratch.ts';

export interface BuiltProbe {
  /** Holds the function's folder and no other. */
  codeRoot: string;
  directory: string;
  remove(): Promise<void>;
}

let code: Promise<Made<'probe.js'>> | undefined;

export async function buildProbe(): Promise<BuiltProbe> {
  const folder = await mkdtemp(join(tmpdir(), 'access-token-prove-'));
  const codeRoot = join(folder, 'functions');
  const directory = join(codeRoot, SCRATCH_FUNCTION);
  await mkdir(directory, { recursive: true });
  const manifest = { name: SCRATCH_FUNCTION, private: true, main: 'index.js', type: 'commonjs' };
  await writeFile(join(directory, 'package.json'), JSON.stringify(manifest));
  code ??= ready(['probe.js'], bundleProbe);
  await writeFile(join(directory, 'index.js'), (await code)['probe.js']);
  return { codeRoot, directory, remove: () => rm(folder, { recursive: true, force: true }) };
}

export async function bundleProbe(): Promise<Made<'probe.js'>> {
  return { 'probe.js': await bundle(join(PACKAGE_FOLDER, 'scripts/prove/probe/index.ts'), PACKAGE_FOLDER) };
}
