/** What is bundled from sources in the repository, and lies ready where the package is installed. */

import { cp, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { IS_INSTALLED, PACKAGE_FOLDER } from '../command/folders.ts';

/** Of the package: a file for each name. */
export const READY_FOLDER = 'dist/ready';

/** Files by their names. */
export type Made<Name extends string> = Record<Name, Uint8Array>;

/** `make` needs the sources, and esbuild. */
export async function ready<Name extends string>(
  names: readonly Name[],
  make: () => Promise<Made<Name>>,
): Promise<Made<Name>> {
  if (!IS_INSTALLED) return make();
  const files: Partial<Made<Name>> = {};
  for (const name of names) files[name] = await readFile(join(PACKAGE_FOLDER, READY_FOLDER, name));
  return files as Made<Name>;
}

/** These of the built functions of `dist/<the last part of outDir>`, copied where that is another folder. */
export async function takeBuilt(
  outDir: string,
  names: readonly string[],
): Promise<{ name: string; directory: string; bytes: number }[]> {
  const folder = join(PACKAGE_FOLDER, 'dist', basename(outDir));
  return Promise.all(
    names.map(async (name) => {
      const directory = join(outDir, name);
      if (folder !== outDir) await cp(join(folder, name), directory, { recursive: true });
      return { name, directory, bytes: (await stat(join(directory, 'index.js'))).size };
    }),
  );
}
