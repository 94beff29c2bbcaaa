/**
 * Adds to package-lock.json the packages of other platforms that npm left out.
 *
 * Tools such as esbuild or oxlint bring one optional package per platform. A registry mirror that lacks some of them
 * makes `npm install` leave them out of the lock file without a word, and `npm ci` refuses the file from then on.
 * The entries carry no integrity hash, since nobody has seen the packages; npm takes the one of the registry.
 */

import { readFileSync, writeFileSync } from 'node:fs';

interface Entry {
  version?: string;
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

/** Gives back how many were missing. */
export function completeLock(file: string): number {
  const lock = JSON.parse(readFileSync(file, 'utf8')) as Lock;
  const missing = Object.entries(lock.packages).flatMap(([where, entry]) =>
    platformPackages(lock, where, entry),
  );
  for (const [path, entry] of missing) lock.packages[path] = entry;
  lock.packages = Object.fromEntries(
    Object.entries(lock.packages).toSorted(([a], [b]) => a.localeCompare(b, 'en')),
  );
  if (missing.length > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  return missing.length;
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
