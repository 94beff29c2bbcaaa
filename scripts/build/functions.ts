/** Turns the functions of cloudbaserc.json into the folders that `tcb fn deploy` and WeChat DevTools upload. */

import { access, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { IS_INSTALLED, PACKAGE_FOLDER } from '../command/folders.ts';
import { readAllowed, requireAllowed } from './allowed.ts';
import { bundleWithInputs } from './bundle.ts';
import { contentsOf } from './contents.ts';
import { readDeclarations, type FunctionDeclaration } from './declarations.ts';
import { licencesOf } from './licences.ts';
import { LEFT_OUT } from './left-out.ts';
import { openOutput, type Output } from './output.ts';
import { takeBuilt } from './ready.ts';
import { readSizes, requireSize } from './sizes.ts';

export interface BuildOptions {
  /** The repository: where cloudbaserc.json, package.json and functions/ are. */
  root?: string;
  /** Holds the built functions and nothing else: other folders in it are removed. */
  outDir?: string;
  /** What declares them; cloudbaserc.json alone unless `configFiles` says otherwise. */
  files?: readonly string[];
  /**
   * What to build instead of all functions of cloudbaserc.json; `entry` is relative to `root`. Where
   * scripts/build/packages.json does not name them, they are not the product: any package may be in them, whole.
   */
  functions?: readonly { name: string; entry: string }[];
  log?: (line: string) => void;
}

export interface BuiltFunction {
  name: string;
  directory: string;
  /** Size of index.js. */
  bytes: number;
}

/**
 * Builds `<outDir>/<name>/{index.js, package.json, config.json, THIRD_PARTY_LICENSES}`, and beside `outDir`, where nothing is uploaded
 * from, `packages/<name>.json`: what the bundle contains. Where the package is installed, they lie ready.
 * Throws one readable line when it can't.
 */
export async function buildFunctions(options: BuildOptions = {}): Promise<BuiltFunction[]> {
  const root = resolve(options.root ?? PACKAGE_FOLDER);
  const outDir = resolve(options.outDir ?? join(root, 'dist/functions'));
  const declarations = await readDeclarations(root, options.files);
  const named = (options.functions ?? declarations).map(({ name }) => name);
  if (IS_INSTALLED) return takeBuilt(outDir, named);
  const sources =
    options.functions ?? declarations.map(({ name }) => ({ name, entry: `functions/${name}/index.ts` }));
  const version = await readVersion(root);
  await requireEntries(root, sources);
  const [allowed, sizes] = await Promise.all([readAllowed(root), readSizes(root)]);
  const output = await openOutput(outDir);
  const lists: Record<string, string> = {};
  try {
    const built: BuiltFunction[] = [];
    for (const { name, entry } of sources) {
      const triggers = declarations.find((declaration) => declaration.name === name)?.triggers ?? [];
      const isProduct = options.functions === undefined || allowed.has(name);
      const { code, contents } = await bundleOne(root, entry, isProduct);
      if (contents !== undefined) {
        requireAllowed(name, contents, allowed.get(name));
        requireSize(name, code.byteLength, sizes);
        lists[`${name}.json`] = toJson(contents.map(describe));
      }
      const licences = contents?.length ? await licencesOf(contents) : undefined;
      await writeOne(output, { name, code, version, triggers, licences });
      const bytes = code.byteLength;
      built.push({ name, directory: join(outDir, name), bytes });
      options.log?.(`${relative(root, join(outDir, name))}/index.js  ${Math.ceil(bytes / 1000)} kB`);
    }
    await removeOthers(outDir, new Set(sources.map(({ name }) => name)));
    await writeLists(join(dirname(outDir), 'packages'), lists);
    return built;
  } finally {
    await output.close();
  }
}

/** `contents`: undefined for what is not the product. */
async function bundleOne(
  root: string,
  entry: string,
  isProduct: boolean,
): Promise<{ code: Uint8Array; contents: Contents | undefined }> {
  const { code, inputs } = await bundleWithInputs(resolve(root, entry), root, isProduct ? LEFT_OUT : []);
  return { code, contents: isProduct ? await contentsOf(inputs, root) : undefined };
}

type Contents = Awaited<ReturnType<typeof contentsOf>>;

function describe({ name, version, licence }: Contents[number]): object {
  return { name, version, licence };
}

interface Bundled {
  name: string;
  code: Uint8Array;
  version: string;
  triggers: FunctionDeclaration['triggers'];
  /** Undefined for what is not the product. */
  licences: string | undefined;
}

async function writeOne(output: Output, { name, code, version, triggers, licences }: Bundled): Promise<void> {
  // Without a package.json of its own the bundle would be an ES module under this repository's
  // "type": "module", and `require()` of it an empty object without an error.
  const manifest = { name, version, private: true, main: 'index.js', type: 'commonjs' };
  await output.write(name, {
    'index.js': code,
    'package.json': toJson(manifest),
    'config.json': toJson({ permissions: { openapi: [] }, triggers }),
    ...(licences === undefined ? {} : { THIRD_PARTY_LICENSES: licences }),
  });
}

async function writeLists(folder: string, lists: Record<string, string>): Promise<void> {
  if (Object.keys(lists).length > 0) await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(lists)) await writeFile(join(folder, name), text);
}

async function requireEntries(
  root: string,
  sources: readonly { name: string; entry: string }[],
): Promise<void> {
  for (const { name, entry } of sources) {
    await access(resolve(root, entry)).catch(() => {
      throw new Error(`build: ${entry} does not exist, so function ${name} cannot be built`);
    });
  }
}

/** A function that left cloudbaserc.json must not stay deployable. */
async function removeOthers(outDir: string, names: ReadonlySet<string>): Promise<void> {
  const entries = await readdir(outDir);
  const others = entries.filter((entry) => !names.has(entry));
  await Promise.all(others.map((entry) => rm(join(outDir, entry), { recursive: true, force: true })));
}

async function readVersion(root: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version?: string };
  return manifest.version ?? '0.0.0';
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
