/** Writes built folders file by file, each one whole or not at all: a running `npm start` may be loading them. */

import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface Output {
  /** Makes `<outDir>/<folder>` hold exactly these files. */
  write(folder: string, files: Record<string, string | Uint8Array>): Promise<void>;
  close(): Promise<void>;
}

export async function openOutput(outDir: string): Promise<Output> {
  await mkdir(outDir, { recursive: true });
  // Beside the output, not in it: same file system for `rename`, and nothing half-written is ever uploaded.
  const staging = await mkdtemp(join(dirname(outDir), '.build-'));
  return {
    async write(folder, files) {
      const target = join(outDir, folder);
      await mkdir(target, { recursive: true });
      for (const [name, content] of Object.entries(files)) {
        await writeFile(join(staging, name), content);
        await rename(join(staging, name), join(target, name));
      }
      const strays = (await readdir(target)).filter((name) => !Object.hasOwn(files, name));
      await Promise.all(strays.map((name) => rm(join(target, name), { recursive: true, force: true })));
    },
    close: () => rm(staging, { recursive: true, force: true }),
  };
}
