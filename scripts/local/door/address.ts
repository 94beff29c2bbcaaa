/** Where the client door of the `npm start` on a data folder is: written there while it runs, for the commands with `--local`. */

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = 'door.txt';

/** Returns what takes it back; a killed process leaves it behind, so a reader has to ask at that door. */
export function publishAddress(folder: string, url: string): () => void {
  const file = join(folder, FILE);
  writeFileSync(file, `${url}\n`);
  return () => {
    if (readAddress(folder) === url) rmSync(file, { force: true });
  };
}

/** Null when there is none; whatever the file holds, it is an address of this machine. */
export function readAddress(folder: string): string | null {
  try {
    const text = readFileSync(join(folder, FILE), 'utf8').trim();
    return /^http:\/\/127\.0\.0\.1:\d{1,5}$/.test(text) ? text : null;
  } catch {
    return null;
  }
}
