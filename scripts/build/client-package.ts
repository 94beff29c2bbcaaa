/** Builds what is published to npm: the client for those who call, for ES modules and CommonJS, with types and no dependency. Its bin calls the commands, which are a package of their own. */

import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { PACKAGE_FOLDER } from '../command/folders.ts';
import { bundleClient, minifyBin } from './client-bundle.ts';
import { emitTypes, SOURCE, toJson } from './client-types.ts';

export interface PackageOptions {
  /** The repository. */
  root?: string;
  /** Is emptied first. */
  outDir?: string;
  /** False leaves the declarations out, whose compiler takes some seconds. */
  hasTypes?: boolean;
  log?: (line: string) => void;
}

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
