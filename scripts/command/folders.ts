/** Where this package lies, and where the project lies that it works for. They are the same in its own repository. */

import { existsSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/** Of this package: the functions' sources, what is built of them, the dashboard's page. */
export const PACKAGE_FOLDER = folderOfManifest(import.meta.dirname);

/** Installed as a dependency, or fetched by npx. */
export const IS_INSTALLED = PACKAGE_FOLDER.split(sep).includes('node_modules');

/** Of the user: `.env.local` and the data of the embedded cloud. */
export const PROJECT_FOLDER = IS_INSTALLED ? process.cwd() : PACKAGE_FOLDER;

/** This module is a source file or a part of a bundle, at another depth: so it looks for the manifest above it. */
function folderOfManifest(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('package.json is missing: install the package again');
  return folderOfManifest(parent);
}
