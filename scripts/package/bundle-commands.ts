/** Bundles the commands with their libraries, so that an install brings only what can't be bundled. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { contentsOf } from '../build/contents.ts';
import { licencesOf } from '../build/licences.ts';

/** Native code, a program of its own, and what loads its parts by names that it makes up: they come with an install. */
export const INSTALLED: readonly string[] = ['@cloudbase/cli', '@cloudbase/manager-node', 'lmdb'];

const TITLE = 'The files in dist contain parts of the following packages.';

/** Writes `<outDir>/dist/commands` and the licences of what is in it, and in what is made of `others`. */
export async function bundleCommands(root: string, outDir: string, others: readonly string[]): Promise<void> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['scripts/cli.ts'],
    outdir: join(outDir, 'dist/commands'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: [...INSTALLED],
    // The form that it has for Node.js looks for its parts in a way that no bundler sees.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    plugins: [leaveDevelopersOut, leaveBuilderOut],
    // CommonJS in an ES module: esbuild's own stand-in for `require` knows no module of Node.js.
    banner: {
      js: "import { createRequire as createRequireHere } from 'node:module'; const require = createRequireHere(import.meta.url);",
    },
    metafile: true,
    // Names stay: a stack trace can be read.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'silent',
  }).catch((error: unknown) => {
    throw new Error(`package: esbuild: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  });
  const own = Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs));
  const inputs = [...own, ...others];
  const licences = await licencesOf(await contentsOf(inputs, root), TITLE);
  await writeFile(join(outDir, 'THIRD_PARTY_LICENSES'), licences);
}

/** Their commands need the sources. */
const leaveDevelopersOut: Plugin = {
  name: 'leave-developers-out',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]scripts[\\/]developer-commands\.ts$/ }, () => ({
      contents: 'export const DEVELOPER_COMMANDS = {};',
    }));
  },
};

/** What it would make lies ready in the package. */
const leaveBuilderOut: Plugin = {
  name: 'leave-builder-out',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^esbuild$/ }, ({ path }) => ({ path, namespace: 'builder' }));
    onLoad({ filter: /.*/, namespace: 'builder' }, () => ({
      contents: `export const build = () => {
  throw new Error('an installed package can not be built: clone the repository');
};
export const transform = build;`,
    }));
  },
};
