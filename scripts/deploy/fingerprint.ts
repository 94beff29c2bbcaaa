/** Tells one uploaded function from another: its files and its settings, the same on every machine. */

import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Not of the zip that the CLI makes: the order and the times in it differ from run to run. */
export async function fingerprint(folder: string, settings: object): Promise<string> {
  const hash = createHash('sha256');
  const names = await readdir(folder);
  for (const name of names.toSorted()) {
    const content = await readFile(join(folder, name));
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return hash.update(JSON.stringify(settings)).digest('hex');
}
