/**
 * Has the code of a function changed? A look at its files before each call instead of a watcher: a watcher tells late,
 * and not on every system what lies behind a symbolic link.
 */

import { readdirSync, realpathSync, statSync, type Dirent, type Stats } from 'node:fs';
import { join } from 'node:path';

/** A folder with more files than this is no function's own code; looking at these takes some 10 ms. */
const MAX_FILES = 2000;

/** Another text whenever a file is changed, added or removed: of the folder, and of packages linked into it. */
export function readCodeState(directory: string): string {
  const seen = new Set<string>();
  const states: string[] = [];
  walk(directory);
  return states.join('\n');

  function walk(folder: string): void {
    const real = attempt(() => realpathSync(folder));
    if (real === undefined || seen.has(real)) return;
    seen.add(real);
    for (const entry of attempt(() => readdirSync(real, { withFileTypes: true })) ?? []) visit(real, entry);
  }

  function visit(folder: string, entry: Dirent): void {
    const path = join(folder, entry.name);
    if (entry.name === 'node_modules') return visitPackages(path);
    if (states.length >= MAX_FILES || entry.name === '.git') return;
    const stats = attempt(() => statSync(path));
    if (stats?.isDirectory()) walk(path);
    else states.push(`${path} ${textOf(stats)}`);
  }

  /** Installed ones change with npm's own list of them; linked ones are somebody's work in progress. */
  function visitPackages(folder: string): void {
    states.push(textOf(attempt(() => statSync(join(folder, '.package-lock.json')))));
    for (const entry of attempt(() => readdirSync(folder, { withFileTypes: true })) ?? []) {
      if (entry.isSymbolicLink()) walk(join(folder, entry.name));
      else if (entry.name.startsWith('@')) visitPackages(join(folder, entry.name));
    }
  }
}

function textOf(stats: Stats | undefined): string {
  return stats === undefined ? 'none' : `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
}

/** A file may go while the folder is read. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
