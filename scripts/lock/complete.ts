/**
 * Adds to package-lock.json the packages of other platforms that npm left out, each with its integrity.
 *
 * Tools such as esbuild or oxlint bring one optional package per platform. A registry mirror that lacks some of them
 * makes `npm install` leave them out of the lock file without a word, and `npm ci` refuses the file from then on.
 * npm would install an entry without integrity unchecked: the registry that holds the package says what it is.
 */

import { readFileSync, writeFileSync } from 'node:fs';

interface Entry {
  version?: string;
  resolved?: string;
  integrity?: string;
  link?: boolean;
  dev?: boolean;
  optionalDependencies?: Record<string, string>;
}

interface Lock {
  packages: Record<string, Entry>;
}

const SYSTEMS = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'aix',
  'win32',
];
const PROCESSORS = [
  'arm64',
  'arm',
  'x64',
  'ia32',
  'ppc64',
  'riscv64',
  's390x',
  'loong64',
  'mips64el',
  'wasm32',
];

/** What a registry says of one version of a package. */
export interface Distribution {
  integrity: string;
  tarball: string;
}

export type Ask = (name: string, version: string) => Promise<Distribution>;

export interface Completion {
  added: number;
  /** Entries that had no integrity before. */
  sealed: number;
}

/** Writes the file only when it is complete. */
export async function completeLock(file: string, ask: Ask): Promise<Completion> {
  const lock = JSON.parse(readFileSync(file, 'utf8')) as Lock;
  const missing = Object.entries(lock.packages).flatMap(([where, entry]) =>
    platformPackages(lock, where, entry),
  );
  for (const [path, entry] of missing) lock.packages[path] = entry;
  lock.packages = Object.fromEntries(
    Object.entries(lock.packages).toSorted(([a], [b]) => a.localeCompare(b, 'en')),
  );
  const unsealed = withoutIntegrity(lock.packages);
  for (const path of unsealed) await seal(path, lock.packages, ask);
  if (missing.length + unsealed.length > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  return { added: missing.length, sealed: unsealed.length };
}

/** Paths of the packages that `npm ci` would install without knowing what they are. */
export function withoutIntegrity(packages: Lock['packages']): string[] {
  return Object.entries(packages)
    .filter(([path, { link, integrity }]) => path !== '' && !link && !integrity?.startsWith('sha512-'))
    .map(([path]) => path);
}

async function seal(path: string, packages: Lock['packages'], ask: Ask): Promise<void> {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const { version = '', ...rest } = packages[path] ?? {};
  const { integrity, tarball } = await ask(name, version);
  packages[path] = { version, resolved: tarball, integrity, ...rest };
}

function platformPackages(
  lock: Lock,
  where: string,
  { optionalDependencies = {}, dev }: Entry,
): [string, Entry][] {
  return Object.entries(optionalDependencies).flatMap(([name, version]): [string, Entry][] => {
    const isListed = lock.packages[`${where}/node_modules/${name}`] ?? lock.packages[`node_modules/${name}`];
    const platform = platformOf(name);
    if (isListed !== undefined || platform === undefined || !/^\d/.test(version)) return [];
    return [
      [`node_modules/${name}`, { version, ...platform, ...(dev ? { dev } : {}), optional: true } as Entry],
    ];
  });
}

/** Their names end in the platform: `@esbuild/linux-arm64`, `@oxlint/binding-linux-x64-musl`. */
function platformOf(name: string): { os: string[]; cpu?: string[]; libc?: string[] } | undefined {
  const words = name.split(/[/-]/);
  const os = SYSTEMS.find((system) => words.includes(system));
  if (os === undefined) return undefined;
  const cpu = PROCESSORS.find((processor) => words.includes(processor));
  const libc = words.some((word) => word.startsWith('musl'))
    ? 'musl'
    : words.some((word) => word.startsWith('gnu'))
      ? 'glibc'
      : undefined;
  return { os: [os], ...(cpu ? { cpu: [cpu] } : {}), ...(os === 'linux' && libc ? { libc: [libc] } : {}) };
}
