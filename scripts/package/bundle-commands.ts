/** Bundles the commands with their libraries, so that an install brings only what can't be bundled. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { contentsOf } from '../build/contents.ts';
import { licencesOf } from '../build/licences.ts';
import { BUNDLING, INSTALLED } from '../command/bundling.cjs';

const TITLE = 'The files in dist contain parts of the following packages.';

/** Writes `<outDir>/dist/commands` and the licences of what is in it, and in what is made of `others`. */
export async function bundleCommands(root: string, outDir: string, others: readonly string[]): Promise<void> {
  const { metafile } = await build({
    absWorkingDir: root,
    ...BUNDLING,
    outdir: join(outDir, 'dist/commands'),
    external: [...INSTALLED],
    plugins: [leaveDevelopersOut, leaveBuilderOut],
    metafile: true,
    // Names stay: a stack trace can be read.
    minifySyntax: true,
    legalComments: 'none',
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
