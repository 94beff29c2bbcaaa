/** The files of the embedded cloud's storage: on disk beside the database, by the path that a function gave them. */

import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePrivateFolder, tightenFiles, writePrivateFile } from '../private-files.ts';

export interface Files {
  has(path: string): boolean;
  /** Null: there is none. */
  read(path: string): Buffer | null;
  /** False when it would not fit any more; a file of that path is replaced. */
  write(path: string, bytes: Buffer): boolean;
  /** False when there was none. */
  remove(path: string): boolean;
  close(): void;
}

/** So that a function in a loop does not fill a developer's disk. */
const MOST_BYTES = 256 * 1024 * 1024;

/** `folder` undefined: for this process only. */
export function openFiles(folder: string | undefined, mostBytes = MOST_BYTES): Files {
  const own = folder ?? mkdtempSync(join(tmpdir(), 'local-storage-'));
  makePrivateFolder(own);
  tightenFiles(readdirSync(own).map((name) => join(own, name)));
  // By a hash: whatever the path says, it leads to no other folder.
  const fileOf = (path: string): string => join(own, createHash('sha256').update(path).digest('hex'));
  const sizes = new Map(readdirSync(own).map((name) => [join(own, name), statSync(join(own, name)).size]));
  return {
    has: (path) => existsSync(fileOf(path)),
    read: (path) => (existsSync(fileOf(path)) ? readFileSync(fileOf(path)) : null),
    write(path, bytes) {
      const file = fileOf(path);
      const others = [...sizes].reduce((sum, [name, size]) => (name === file ? sum : sum + onDisk(size)), 0);
      if (others + onDisk(bytes.length) > mostBytes) return false;
      writePrivateFile(file, bytes);
      sizes.set(file, bytes.length);
      return true;
    },
    remove(path) {
      const file = fileOf(path);
      if (!sizes.delete(file)) return false;
      rmSync(file, { force: true });
      return true;
    },
    close() {
      if (folder === undefined) rmSync(own, { recursive: true, force: true });
    },
  };
}

/** An empty file takes room as well: a block, at least. */
function onDisk(bytes: number): number {
  return Math.max(bytes, 4_096);
}
