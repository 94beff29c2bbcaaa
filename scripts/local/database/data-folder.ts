/** Opens the LMDB file of a data folder, or says in one sentence why it can't be read. */

import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, fstatSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { pick } from '../../command/language.ts';
import { makePrivateFolder, tightenFiles } from '../private-files.ts';

export interface DataFolder {
  root: RootDatabase<string>;
  close(): Promise<void>;
}

/** Without a folder the data lives in a temporary one that goes when it is closed. */
export function openDataFolder(folder: string | undefined): DataFolder {
  if (folder !== undefined) return openIn(folder);
  const temporary = mkdtempSync(join(tmpdir(), 'local-data-'));
  const { root, close } = openIn(temporary, { noSync: true });
  return { root, close: () => close().finally(() => rmSync(temporary, { recursive: true, force: true })) };
}

function openIn(folder: string, options: { noSync?: true } = {}): DataFolder {
  const [data, lock] = [join(folder, 'data.mdb'), join(folder, 'lock.mdb')];
  try {
    makePrivateFolder(folder);
    if (existsSync(data) && !isSound(data) && !canBeOpened(folder)) throw new Error('the file is damaged');
    const root: RootDatabase<string> = open({
      path: folder,
      encoding: 'string',
      noSubdir: false,
      ...options,
    });
    // LMDB makes them by the umask; in a private folder nobody has seen them in between.
    tightenFiles([data, lock]);
    return { root, close: () => root.close() };
  } catch (error) {
    throw unreadable(folder, error instanceof Error ? error.message : 'unknown reason');
  }
}

export function unreadable(folder: string | undefined, reason: string): Error {
  return new Error(
    pick({
      en: `The embedded database in ${folder ?? 'memory'} can't be read (${reason}): delete that folder to start with an empty database, or restore it from a copy.`,
      zh: `${folder ?? '内存'} 中的本地数据库无法读取（${reason}）：请删除该目录，从空数据库开始，或者从备份恢复。`,
    }),
  );
}

/** Has the file the two page heads of LMDB, and all the pages that they speak of? */
function isSound(file: string): boolean {
  const descriptor = openSync(file, 'r');
  try {
    const size = fstatSync(descriptor).size;
    const first = readHead(descriptor, 0);
    const second = readHead(descriptor, first.pageSize);
    if (first.magic !== LMDB_MAGIC || second.magic !== LMDB_MAGIC) return false;
    const newest = first.transaction > second.transaction ? first : second;
    return BigInt(size) >= (newest.lastPage + 1n) * BigInt(first.pageSize);
  } finally {
    closeSync(descriptor);
  }
}

/** Offsets of LMDB's page head, as version 2 of its file format has them. */
function readHead(descriptor: number, position: number) {
  const bytes = Buffer.alloc(160);
  readSync(descriptor, bytes, 0, bytes.length, position);
  return {
    magic: bytes.readUInt32LE(24),
    pageSize: bytes.readUInt32LE(48),
    lastPage: bytes.readBigUInt64LE(144),
    transaction: bytes.readBigUInt64LE(152),
  };
}

const LMDB_MAGIC = 0xbeefc0de;

/**
 * LMDB maps the file and trusts it: a damaged one kills the process with a signal. So a suspicious file is
 * first read by a process that may die. (Suspicious is not damaged: a sound file may lack unused last pages.)
 */
function canBeOpened(folder: string): boolean {
  const lmdb = createRequire(import.meta.url).resolve('lmdb');
  const script = `for (const _ of require(${JSON.stringify(lmdb)}).open({ path: process.argv[1], readOnly: true, noSubdir: false }).getRange());`;
  return spawnSync(process.execPath, ['-e', script, folder], { stdio: 'ignore' }).status === 0;
}
