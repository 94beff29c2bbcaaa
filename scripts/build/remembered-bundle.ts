/** esbuild, and what it made last: bundling is most of what `npm start` takes, and nearly always gives the same again. */

import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { PACKAGE_FOLDER } from '../command/folders.ts';
import { writeWhole } from '../command/whole-file.ts';

export interface Bundles {
  outputs: { path: string; contents: Uint8Array }[];
  /** The files of which something is in an output, relative to `absWorkingDir`, with how many bytes that is. */
  inputs: Readonly<Record<string, number>>;
}

interface Extras {
  /** What the plugins do, as text: their code can't be compared. */
  plugins?: string;
  /** Throws what must not be remembered. */
  check?(inputs: readonly string[]): void;
}

/** Named by what was asked for; they hold what was read and what was made. */
const REMEMBERED = join(PACKAGE_FOLDER, 'dist/bundles');
const KEPT_MS = 7 * 24 * 3_600_000;
/** Read as well, though no bundle has anything of them: which packages are there, and how TypeScript is to be read. */
const ALSO = [
  'node_modules/.package-lock.json',
  'tsconfig.json',
  'scripts/build/remembered-bundle.ts',
  'scripts/build/leave-out.ts',
  'scripts/build/refusal.ts',
];
/** By its namespace: it is no file. */
const MADE_BY_PLUGIN = /^[\w-]{2,}:/;

/** As esbuild's `build`, without writing. Rejects as it does. */
export async function bundleFiles(
  options: BuildOptions & { absWorkingDir: string },
  { plugins = '', check = () => undefined }: Extras = {},
): Promise<Bundles> {
  // Of a repository elsewhere it would be remembered here for nobody.
  const isOurs = !relative(PACKAGE_FOLDER, options.absWorkingDir).startsWith('..');
  const file = join(REMEMBERED, hashOf([{ ...options, plugins: undefined }, plugins]));
  const remembered = isOurs ? await recall(file) : undefined;
  if (remembered !== undefined) return remembered;
  const { build } = await import('esbuild');
  const result = await build({ ...options, write: false, metafile: true });
  const inputs = Object.fromEntries(
    Object.values(result.metafile.outputs)
      .flatMap((output) => Object.entries(output.inputs))
      .map(([name, { bytesInOutput }]) => [name, bytesInOutput]),
  );
  check(Object.keys(inputs));
  const bundles = { outputs: result.outputFiles.map(({ path, contents }) => ({ path, contents })), inputs };
  const read = Object.keys(result.metafile.inputs)
    .filter((name) => !MADE_BY_PLUGIN.test(name))
    .map((name) => resolve(options.absWorkingDir, name));
  if (isOurs) await remember(file, bundles, read);
  return bundles;
}

/** The first line of the file; behind it lie the outputs themselves, which are large. */
interface Remembered {
  read: string[];
  state: string;
  inputs: Bundles['inputs'];
  outputs: { path: string; bytes: number }[];
}

async function recall(file: string): Promise<Bundles | undefined> {
  try {
    const whole = await readFile(file);
    let at = whole.indexOf('\n');
    const { read, state, inputs, outputs } = JSON.parse(whole.toString('utf8', 0, at)) as Remembered;
    if ((await stateOf(read)) !== state) return undefined;
    at += 1;
    const files = outputs.map(({ path, bytes }) => ({ path, contents: whole.subarray(at, (at += bytes)) }));
    return at === whole.length ? { inputs, outputs: files } : undefined;
  } catch {
    // It isn't there, or is damaged: then it is made.
    return undefined;
  }
}

async function remember(file: string, { inputs, outputs }: Bundles, read: string[]): Promise<void> {
  const files = outputs.map(({ path, contents }) => ({ path, bytes: contents.byteLength }));
  try {
    const remembered: Remembered = { read, state: await stateOf(read), inputs, outputs: files };
    const head = Buffer.from(`${JSON.stringify(remembered)}\n`);
    await mkdir(REMEMBERED, { recursive: true });
    await removeOld();
    writeWhole(file, Buffer.concat([head, ...outputs.map(({ contents }) => contents)]));
  } catch {
    // Where nothing can be written, it is made each time.
  }
}

/** Of names, sizes and dates: to read them all would take as long as to bundle them. Rejects when one is gone. */
async function stateOf(files: readonly string[]): Promise<string> {
  const all = [...files, ...ALSO.map((name) => join(PACKAGE_FOLDER, name))];
  const states = await Promise.all(all.map((name) => stat(name)));
  return hashOf(states.map(({ size, mtimeMs }, index) => [all[index], size, mtimeMs]));
}

async function removeOld(): Promise<void> {
  for (const name of await readdir(REMEMBERED)) {
    const file = join(REMEMBERED, name);
    const { mtimeMs } = await stat(file);
    if (Date.now() - mtimeMs > KEPT_MS) await rm(file, { force: true });
  }
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
}
