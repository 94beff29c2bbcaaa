/** Where this package lies, and where the project lies that it works for. They are the same in its own repository. */

import { existsSync, lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Of this package: what it is built of, or where it is installed what was built. */
export const PACKAGE_FOLDER = folderOfManifest(import.meta.dirname);

/** As a dependency, or fetched by npx: then there is no source beside it, wherever a package manager has put it. */
export const IS_INSTALLED = !existsSync(join(PACKAGE_FOLDER, 'scripts/cli.ts'));

/** Each of them marks a project of a user. */
const MARKS = ['.env.local', '.cloudbase-access-token', 'cloudbaserc.json', 'project.config.json'];

/** Of the user: `.env.local` and the folder that commands write into. */
export const PROJECT_FOLDER = IS_INSTALLED ? projectAround(process.cwd()) : PACKAGE_FOLDER;

/** In PROJECT_FOLDER: the data of the embedded cloud, copies of replaced functions, reports. Git ignores it. */
export const OWN_FOLDER = IS_INSTALLED ? '.cloudbase-access-token' : '.local';

/** This module is a source file or a part of a bundle, at another depth: so it looks for the manifest above it. */
function folderOfManifest(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('package.json is missing: install the package again');
  return folderOfManifest(parent);
}

/**
 * The nearest folder that is marked, from here up to the root of the git repository; this one where none is. A command
 * is often called in `cloudfunctions/`, and one of several projects in a repository has its own.
 */
function projectAround(start: string): string {
  return markedAround(start) ?? start;
}

/** Undefined where no folder is marked. What others have put into a folder above is none of ours, as for git. */
export function markedAround(start: string, ownerOf = ownerOfFile): string | undefined {
  const isTrusted = trustedBeside(start, ownerOf);
  for (let folder = start, marked: string | undefined; isTrusted(folder); folder = dirname(folder)) {
    marked ??= MARKS.some((mark) => isTrusted(join(folder, mark))) ? folder : undefined;
    if (isTrusted(join(folder, '.git'))) return marked;
    // Outside of a repository nothing says where the user's folders end.
    if (folder === dirname(folder)) break;
  }
  return undefined;
}

/** Is it there, and does it belong to who calls, or to who owns the folder where he does? */
function trustedBeside(start: string, ownerOf: typeof ownerOfFile): (path: string) => boolean {
  const owners = new Set([ownerOf(start), ...(process.getuid ? [process.getuid()] : [])]);
  return (path) => {
    const owner = ownerOf(path);
    return owner !== undefined && owners.has(owner);
  };
}

/** Undefined where there is nothing. On Windows all is 0's. */
function ownerOfFile(path: string): number | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.uid;
}
