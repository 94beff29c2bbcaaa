/**
 * Builds what is published to npm: the client for those who call, for ES modules and CommonJS, with types and no
 * dependency. Its bin calls the commands, which are a package of their own.
 */

import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { PACKAGE_FOLDER } from '../command/folders.ts';
import { bundleFiles } from './remembered-bundle.ts';

export interface PackageOptions {
  /** The repository. */
  root?: string;
  /** Is emptied first. */
  outDir?: string;
  /** False leaves the declarations out, whose compiler takes some seconds. */
  hasTypes?: boolean;
  log?: (line: string) => void;
}

const SOURCE = 'functions/getAccessToken';

/** Returns the folder to `npm pack` or `npm publish`. Throws one readable line when it can't. */
export async function buildPackage(options: PackageOptions = {}): Promise<string> {
  const root = resolve(options.root ?? PACKAGE_FOLDER);
  const outDir = resolve(options.outDir ?? join(root, 'dist/package'));
  await rm(outDir, { recursive: true, force: true });
  await write(join(outDir, 'cjs'), { 'client.js': await bundleClient(root) });
  await write(outDir, { 'bin.cjs': await minifyBin(root) });
  if (options.hasTypes !== false) await write(join(outDir, 'cjs'), await emitTypes(root));
  await write(outDir, { 'package.json': JSON.stringify(await createManifest(root)), ...ENTRIES });
  await copyFile(join(root, 'LICENSE'), join(outDir, 'LICENSE'));
  const readme = await readFile(join(root, SOURCE, 'client/README.md'), 'utf8');
  await write(outDir, { 'README.md': withoutPadding(readme) });
  options.log?.(`${outDir}: npm pack ./dist/package makes one file of it, which npm install takes`);
  return outDir;
}

/**
 * One bundle, and a way to it for everybody: an ES module, which takes the same WeChatError from it as CommonJS does,
 * and a file beside package.json for webpack 4, Jest 27, TypeScript's node10 and their like, which know no "exports".
 */
const ENTRIES = {
  'client.js': "module.exports = require('./cjs/client.js');\n",
  'client.d.ts': "export * from './cjs/client.js';\n",
  'esm/client.js': `import client from '../cjs/client.js';
export const { createWeChat, WeChatError } = client;
`,
  'esm/client.d.ts': "export * from '../cjs/client.js';\n",
  // By the nearest "type" Node and TypeScript tell which of the two a file is.
  'esm/package.json': toJson({ type: 'module' }),
};

function bundleClient(root: string): Promise<Uint8Array> {
  return bundleOne({
    absWorkingDir: root,
    entryPoints: [join(root, SOURCE, 'client.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    // What webpack 4 can still parse: no optional chaining, no class fields, no `node:` before a name.
    target: 'es2019',
    alias: { 'node:crypto': 'crypto' },
    // Small, with names that a stack trace can be read by.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 4_000,
    // The constructors set every field: declared once more it would only be longer.
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    charset: 'utf8',
    logLevel: 'silent',
  });
}

function minifyBin(root: string): Promise<Uint8Array> {
  return bundleOne({
    absWorkingDir: root,
    entryPoints: [join(root, 'scripts/build/client-bin.cjs')],
    minify: true,
    target: 'node18',
    logLevel: 'silent',
  });
}

async function bundleOne(options: Parameters<typeof bundleFiles>[0]): Promise<Uint8Array> {
  const { outputs } = await bundleFiles(options).catch((error: unknown) => {
    throw new Error(`package: esbuild: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  });
  return outputs[0]?.contents ?? new Uint8Array();
}

/** The declarations that client.d.ts leads to, by their path in the package. */
async function emitTypes(root: string): Promise<Record<string, string>> {
  await mkdir(join(root, 'dist'), { recursive: true });
  // Inside the repository, where the compiler finds what tsconfig.json names.
  const folder = await mkdtemp(join(root, 'dist/.types-'));
  try {
    const config = join(folder, 'tsconfig.json');
    await writeFile(config, toJson(typesConfig(root, join(folder, 'out'))));
    await runCompiler(root, config);
    const emitted = await readAll(join(folder, 'out'));
    return reachable(emitted, 'client.d.ts');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function typesConfig(root: string, outDir: string): object {
  const emit = { noEmit: false, declaration: true, emitDeclarationOnly: true };
  return {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      ...emit,
      rootDir: join(root, SOURCE),
      outDir,
      typeRoots: [join(root, 'node_modules/@types')],
    },
    include: [],
    files: [join(root, SOURCE, 'client.ts')],
  };
}

async function runCompiler(root: string, config: string): Promise<void> {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  await promisify(execFile)(process.execPath, [compiler, '-p', config]).catch(
    (error: { stdout?: string }) => {
      const [first] = (error.stdout ?? '').split('\n');
      throw new Error(`package: tsc: ${first || 'failed'}`, { cause: error });
    },
  );
}

async function readAll(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => name.endsWith('.d.ts'));
  return new Map(
    await Promise.all(
      files.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as [string, string]),
    ),
  );
}

/** With the extensions that Node and TypeScript look for in a published package. */
function reachable(emitted: Map<string, string>, entry: string): Record<string, string> {
  const found: Record<string, string> = {};
  const open = [entry];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const text = emitted.get(name);
    if (text === undefined)
      throw new Error(`package: ${name} is imported by the types, but tsc did not write it`);
    found[name] = text.replaceAll(/(from ')(\.[^']+)\.ts'/g, "$1$2.js'");
    for (const [, target = ''] of text.matchAll(/from '(\.[^']+)\.ts'/g)) {
      const next = join(dirname(name), `${target}.d.ts`);
      if (!Object.hasOwn(found, next)) open.push(next);
    }
  }
  return found;
}

async function createManifest(root: string): Promise<object> {
  const own = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
  const { name, version, description, keywords, license } = own;
  const entry = (format: string) => ({ types: `./${format}/client.d.ts`, default: `./${format}/client.js` });
  return {
    name,
    version,
    description,
    keywords,
    license,
    type: 'commonjs',
    sideEffects: false,
    engines: { node: '>=18' },
    exports: {
      './client': { import: entry('esm'), require: entry('cjs') },
      './package.json': './package.json',
    },
    // As npm would correct it.
    bin: { [String(name)]: 'bin.cjs' },
    files: ['cjs', 'esm', 'client.js', 'client.d.ts', 'bin.cjs'],
  };
}

/** The columns of tables are for who reads the source. */
function withoutPadding(markdown: string): string {
  return markdown.replaceAll(/ {2,}\|/g, ' |').replaceAll(/-{4,}/g, '---');
}

async function write(folder: string, files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
