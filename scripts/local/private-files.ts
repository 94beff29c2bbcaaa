/** Folders and files that only their owner may open, whatever the umask says; those that are looser are tightened. */

import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { writeWhole } from '../command/whole-file.ts';

const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;

export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
  tighten(folder, OWNER_ONLY_FOLDER);
}

/** Those of them that exist. */
export function tightenFiles(files: readonly string[]): void {
  for (const file of files) if (existsSync(file)) tighten(file, OWNER_ONLY_FILE);
}

/** Whole or not at all, and private from its first byte on. */
export function writePrivateFile(file: string, content: string | Buffer): void {
  writeWhole(file, content, OWNER_ONLY_FILE);
}

/** Only where something is too loose: the owner may have made it tighter, and only an owner can change it. */
function tighten(path: string, mode: number): void {
  const current = statSync(path).mode & 0o777;
  if ((current & ~mode) !== 0) chmodSync(path, current & mode);
}
