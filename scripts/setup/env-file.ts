/** The file that holds the secrets: never where git would track it, readable by its owner only, written whole or not at all. */

import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { readTextFile } from '../command/text-file.ts';
import { writeWhole } from '../command/whole-file.ts';
import { texts } from './texts.ts';

export function readEnvText(file: string): string {
  return existsSync(file) ? readTextFile(file) : '';
}

/** What forbids to write there, as one line; null: nothing. */
export function whyTracked(file: string): string | null {
  const target = resolveLinks(file);
  const { status, error } = spawnSync('git', ['check-ignore', '--quiet', '--', target], {
    cwd: dirname(target),
    stdio: 'ignore',
    // Where a hook or a tool has set these, git would look at another repository.
    env: { ...process.env, GIT_DIR: undefined, GIT_WORK_TREE: undefined, GIT_INDEX_FILE: undefined },
  });
  if (status === 0) return null;
  const isInRepository = hasRepository(dirname(target));
  if (!isInRepository) return null;
  if (error !== undefined || status !== 1) return texts().gitUnknown(file);
  return texts().tracked(file, basename(file));
}

/** Mode 0600 from the first byte on, and in place of the old file at once. */
export function writeEnvFile(file: string, text: string): void {
  const target = resolveLinks(file);
  try {
    writeWhole(target, text, 0o600);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : texts().unknownReason;
    throw new Error(texts().unwritable(file, code), { cause: error });
  }
}

/** A link is written through, and judged by where it leads. */
function resolveLinks(file: string): string {
  const path = resolve(file);
  if (existsSync(path)) return realpathSync(path);
  const folder = dirname(path);
  return existsSync(folder) ? join(realpathSync(folder), basename(path)) : path;
}

function hasRepository(folder: string): boolean {
  if (existsSync(join(folder, '.git'))) return true;
  const parent = dirname(folder);
  return parent !== folder && hasRepository(parent);
}
