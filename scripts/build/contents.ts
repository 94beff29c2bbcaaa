/** Which npm packages a bundle contains, with version and licence: what is uploaded, and who has to be trusted. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface BundledPackage {
  name: string;
  version: string;
  /** As the package itself says it; `unknown` where it says nothing. */
  licence: string;
  /** Where it is installed. */
  folder: string;
}

/** `inputs` are esbuild's: paths of the files that have come into the bundle, relative to `root`. */
export async function contentsOf(inputs: readonly string[], root: string): Promise<BundledPackage[]> {
  const folders = new Set(inputs.map(packageFolder).filter((folder) => folder !== null));
  const packages = await Promise.all([...folders].map((folder) => describe(join(root, folder))));
  // A package that is nested in two others is there twice, mostly in one version.
  const distinct = new Map(packages.map((one) => [`${one.name}@${one.version}`, one]));
  return [...distinct.values()].toSorted((a, b) => (id(a) < id(b) ? -1 : 1));
}

const id = ({ name, version }: BundledPackage): string => `${name}@${version}`;

/** `@x/y` of `a/node_modules/@x/y/lib/z.js`, the innermost; null for a file of our own. */
export function packageNameOf(input: string): string | null {
  return packageFolder(input)?.replace(/^.*node_modules\//, '') ?? null;
}

/** `a/node_modules/@x/y` of `a/node_modules/@x/y/lib/z.js`, the innermost; null for a file of our own. */
function packageFolder(input: string): string | null {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0] ?? null;
}

interface Manifest {
  name?: string;
  version?: string;
  /** Older packages have an object here, or a list under another name. */
  license?: string | { type?: string };
  licenses?: { type?: string }[];
}

async function describe(folder: string): Promise<BundledPackage> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
  const { name = folder, version = 'unknown', license, licenses } = manifest;
  const older = (typeof license === 'object' ? [license] : (licenses ?? [])).map(({ type }) => type);
  const licence = typeof license === 'string' ? license : older.filter(Boolean).join(' OR ');
  return { name, version, licence: licence || 'unknown', folder };
}
