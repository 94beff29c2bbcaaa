/** What instances have told about installed packages, for those that start later: see package-paths.ts. */

import { realpathSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import type { PackagePaths } from './package-paths.ts';

export interface KnownPaths {
  /** Of the packages that a function in this folder may find. */
  of(directory: string): PackagePaths[];
  keep(told: readonly PackagePaths[]): void;
  /** A function that could not load is to look for all of it itself. */
  forget(directory: string): void;
}

/** A megabyte or two each, for functions with packages of their own. */
const MOST_ROOTS = 50;

export function createKnownPaths(): KnownPaths {
  /** By root, the one that was told last at the end. */
  const all = new Map<string, PackagePaths>();
  const of = (directory: string): PackagePaths[] => [...all.values()].filter(isAbove(realPath(directory)));
  return {
    of,
    keep(told) {
      for (const one of told) {
        all.delete(one.root);
        all.set(one.root, one);
      }
      for (const root of [...all.keys()].slice(0, Math.max(0, all.size - MOST_ROOTS))) all.delete(root);
    },
    forget(directory) {
      for (const { root } of of(directory)) all.delete(root);
    },
  };
}

/** Beside the function or above it. What is inside of packages itself is somebody's installed function: left alone. */
function isAbove(directory: string): (paths: PackagePaths) => boolean {
  return ({ root }) => isIn(directory, dirname(root)) && !isIn(directory, root);
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function realPath(directory: string): string {
  try {
    return realpathSync(directory);
  } catch {
    return directory;
  }
}
