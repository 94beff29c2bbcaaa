/** A file that is written whole or not at all, under a name that nobody can have put something at. */

import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** In place of the old one at once. It has this mode, less the umask, from its first byte on. Throws as Node does. */
export function writeWhole(file: string, content: string | Uint8Array, mode = 0o666): void {
  const part = `${file}.${randomUUID()}.part`;
  try {
    // Never through a link: what is there already is none of ours.
    const descriptor = openSync(part, 'wx', mode);
    try {
      writeFileSync(descriptor, content);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}
