/** Builds what `npx cloudbase-access-token` runs: the commands in one bundle, and what each makes of sources. */

import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { buildPackage } from '../build/client-package.ts';
import { TICKETS_CONFIG } from '../build/declarations.ts';
import { buildFunctions } from '../build/functions.ts';
import { buildOutside } from '../build/outside.ts';
import { READY_FOLDER } from '../build/ready.ts';
import { INSTALLED } from '../command/bundling.cjs';
import { PACKAGE_FOLDER } from '../command/folders.ts';
import { bundlePage } from '../dashboard/assets.ts';
import { bundleRunner } from '../local/functions/host.ts';
import { bundleShim } from '../local/wx-cloud/script.ts';
import { bundleProbe } from '../prove/build-probe.ts';
import { buildGuests, GUEST, modulesOf } from '../start/prepare.ts';
import { bundleCommands } from './bundle-commands.ts';

export interface CommandsPackageOptions {
  /** Is emptied first. */
  outDir?: string;
  log?: (line: string) => void;
}

/** Whether getTicket is needed, the package's user says later. */
const ALL = ['cloudbaserc.json', TICKETS_CONFIG];

/** As they lie in the repository. */
const COPIED = [
  'LICENSE',
  'cloudbaserc.json',
  'cloudbaserc.outside.json',
  TICKETS_CONFIG,
  'scripts/run.cjs',
  'scripts/command/bundle.cjs',
  'scripts/command/read-only.cjs',
  'scripts/platform/compile-cache.cjs',
];

/** Returns the folder to `npm pack` or `npm publish`. Throws one readable line when it can't. */
export async function buildCommandsPackage({
  outDir: target = join(PACKAGE_FOLDER, 'dist/package-commands'),
  log,
}: CommandsPackageOptions = {}): Promise<string> {
  const outDir = resolve(target);
  const root = PACKAGE_FOLDER;
  await rm(outDir, { recursive: true, force: true });
  for (const name of COPIED) await copy(join(root, name), join(outDir, name));
  await copy(join(root, 'scripts/package/README.md'), join(outDir, 'README.md'));
  const ofPage: string[] = [];
  const page = await bundlePage((inputs) => void ofPage.push(...inputs));
  // What else lies ready holds no package that the commands don't.
  await bundleCommands(root, outDir, ofPage);
  await buildFunctions({ root, outDir: join(outDir, 'dist/functions'), files: ALL });
  await buildOutside(root, join(outDir, 'dist/outside'));
  await buildGuests(root, join(outDir, 'dist/guests'), [GUEST]);
  // The lists of what the bundles contain.
  await rm(join(outDir, 'dist/packages'), { recursive: true, force: true });
  await buildPackage({ root, outDir: join(modulesOf(outDir), 'cloudbase-access-token'), hasTypes: false });
  const made = [page, ...(await Promise.all([bundleRunner(), bundleProbe(), bundleShim()]))];
  for (const [name, content] of made.flatMap((files): [string, Uint8Array][] => Object.entries(files)))
    await write(join(outDir, READY_FOLDER, name), content);
  await write(join(outDir, 'package.json'), `${JSON.stringify(await createManifest(root), null, 2)}\n`);
  log?.(`${outDir}: npm pack ./dist/package-commands makes one file of it, which npx runs`);
  return outDir;
}

async function createManifest(root: string): Promise<object> {
  const own = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    version: string;
    license: string;
    engines: object;
    devDependencies: Record<string, string>;
  };
  const { version, license, engines, devDependencies } = own;
  return {
    name: 'cloudbase-access-token-commands',
    version,
    description: 'The commands of cloudbase-access-token, for its bin to run.',
    license,
    type: 'module',
    sideEffects: true,
    engines,
    bin: { 'cloudbase-access-token': 'scripts/run.cjs' },
    files: [
      'dist',
      'scripts',
      'cloudbaserc.json',
      'cloudbaserc.outside.json',
      TICKETS_CONFIG,
      'THIRD_PARTY_LICENSES',
    ],
    dependencies: Object.fromEntries(INSTALLED.map((name) => [name, devDependencies[name]])),
    // Yarn keeps packages zipped, and processes that it doesn't know of could read nothing of this one.
    preferUnplugged: true,
  };
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
}

async function write(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}
