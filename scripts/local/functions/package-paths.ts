/**
 * Runs inside an instance: where installed packages find each other is told from one instance to the next, since
 * looking for it is a third of the time that an SDK of hundreds of files takes to load. A function's own requests are
 * looked up anew each time, and so is everything after an installation.
 */

import { statSync } from 'node:fs';
import Module from 'node:module';
import { join, sep } from 'node:path';

/** What the packages of one folder asked for, and the file that it was. */
export interface PackagePaths {
  /** The outermost `node_modules`. */
  root: string;
  /** Another text after each installation. */
  state: string;
  /** As Node.js keeps them: a request with the folders to search, and the file. */
  files: Record<string, string>;
}

const FOLDER = `${sep}node_modules`;
/** More than ten SDKs have; what is beyond is looked up. */
const MOST_FILES = 5_000;

/** Node's own memory of what it has looked up. Not documented, but there from Node.js 0.3 to 24. */
const { _pathCache: known = {} } = Module as unknown as { _pathCache?: Record<string, string> };

/** Before the function is loaded. What was told before the last installation counts for nothing. */
export function recallPaths(told: readonly PackagePaths[]): void {
  for (const { root, state, files } of told) if (readState(root) === state) Object.assign(known, files);
}

/** After it was loaded; nothing where it was all told to this instance. */
export function newPaths(told: readonly PackagePaths[]): PackagePaths[] {
  const found = new Map<string, Record<string, string>>();
  for (const [request, file] of Object.entries(known)) {
    const root = rootOf(file);
    if (root === undefined || !isFromPackage(request)) continue;
    const files = found.get(root) ?? {};
    files[request] = file;
    found.set(root, files);
  }
  return [...found].flatMap(([root, files]) => {
    const state = readState(root);
    const before = told.find((one) => one.root === root && one.state === state);
    const count = Object.keys(files).length;
    const isNew = count <= MOST_FILES && count > Object.keys(before?.files ?? {}).length;
    return state !== undefined && isNew ? [{ root, state, files }] : [];
  });
}

function rootOf(file: string): string | undefined {
  const at = file.indexOf(FOLDER + sep);
  return at < 0 ? undefined : file.slice(0, at + FOLDER.length);
}

/** Node.js puts the first folder to search behind the request: that of the package's file, or `node_modules` in it. */
function isFromPackage(request: string): boolean {
  const [first = ''] = request.slice(request.indexOf('\0') + 1).split('\0');
  const folder = first.endsWith(FOLDER) ? first.slice(0, -FOLDER.length) : first;
  return folder.includes(FOLDER + sep);
}

/** npm writes its list of what is installed at each installation. Without one nothing is certain. */
function readState(root: string): string | undefined {
  try {
    const [folder, list] = [statSync(root), statSync(join(root, '.package-lock.json'))];
    return [folder.mtimeMs, list.mtimeMs, list.size, list.ino].join(' ');
  } catch {
    return undefined;
  }
}
