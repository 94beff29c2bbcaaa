/** Both packages as `npm install` unpacks them, with the dependencies of the commands linked from this repository. */

import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { buildCommandsPackage } from '../../scripts/package/commands-package.ts';
import { bundledCommands, commandEnv, type Run } from '../support/command.ts';
import { ROOT } from '../support/root.ts';
import { installPackage, type Installed } from './installed.ts';

const run = promisify(execFile);

export interface InstalledCommands {
  /** Of the user: `node_modules` and nothing else, in a path with a space and Chinese characters. */
  project: string;
  /** Where the package lies. */
  folder: string;
  packed: Installed['packed'];
  /** What is published. */
  source: string;
}

/** The packages are made once for each state of the sources; the project is a new one. */
export async function installCommands(): Promise<InstalledCommands> {
  const made = join(ROOT, 'dist/test-commands', basename(bundledCommands()));
  if (!existsSync(made)) {
    const unfinished = `${made}-${randomUUID()}`;
    await install(unfinished);
    // Another worker may have been quicker: then its work is used.
    if (!existsSync(made)) renameSync(unfinished, made);
  }
  const project = join(mkdtempSync(join(tmpdir(), 'user-')), '我的 project');
  mkdirSync(project);
  const modules = join(made, '装好 modules/node_modules');
  symlinkSync(modules, join(project, 'node_modules'));
  const [packed] = JSON.parse(readFileSync(join(made, 'packed.json'), 'utf8')) as [Installed['packed']];
  const folder = join(modules, 'cloudbase-access-token-commands');
  return { project, folder, packed, source: join(made, 'package') };
}

async function install(made: string): Promise<void> {
  const modules = join(made, '装好 modules/node_modules');
  mkdirSync(join(modules, '@cloudbase'), { recursive: true });
  const source = await buildCommandsPackage({ outDir: join(made, 'package') });
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', made], { cwd: source });
  writeFileSync(join(made, 'packed.json'), stdout);
  const [{ filename }] = JSON.parse(stdout) as [Installed['packed']];
  await unpack(join(made, filename), join(modules, 'cloudbase-access-token-commands'));
  const client = await installPackage();
  await unpack(
    join(dirname(client.project), client.packed.filename),
    join(modules, 'cloudbase-access-token'),
  );
  const { dependencies } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as {
    dependencies: object;
  };
  for (const name of Object.keys(dependencies))
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
}

async function unpack(file: string, folder: string): Promise<void> {
  mkdirSync(folder);
  await run('tar', ['-xzf', file, '--strip-components=1', '-C', folder]);
}

/** By the client's bin, as npx calls it. */
export function npx(cwd: string, line: string, env: Record<string, string> = {}): Promise<Run> {
  const bin = join(cwd, 'node_modules/cloudbase-access-token/bin.cjs');
  return node([bin, ...line.split(' ')], cwd, env);
}

export function node(args: readonly string[], cwd: string, env: Record<string, string> = {}): Promise<Run> {
  const options = { cwd, env: { ...commandEnv(), HOME: tmpdir(), ...env } };
  return new Promise((resolve) => {
    execFile(process.execPath, args, options, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), output: out + err }),
    );
  });
}
