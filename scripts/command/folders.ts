/** Where this package lies, and where the project lies that it works for. They are the same in its own repository. */

import { existsSync } from 'node:fs';
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
  for (let folder = start, marked = ''; ; folder = dirname(folder)) {
    if (marked === '' && MARKS.some((mark) => existsSync(join(folder, mark)))) marked = folder;
    if (existsSync(join(folder, '.git'))) return marked || start;
    // Outside of a repository nothing says where the user's folders end.
    if (folder === dirname(folder)) return start;
  }
}
