/** package-lock.json: every package that npm ci would install is known by its hash. */

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { completeLock, withoutIntegrity } from '../../scripts/lock/complete.ts';
import { ROOT } from '../support/cloud.ts';

const LOCKS = ['package-lock.json', 'test/runtimes/package-lock.json', 'test/sdk-suite/package-lock.json'];

it.each(LOCKS)('%s has no entry without integrity', (file) => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as LockFile;
  expect(Object.keys(packages).length).toBeGreaterThan(1);
  expect(withoutIntegrity(packages)).toEqual([]);
});

/** Why what a script would do is not needed; a package that is not here wants somebody to look. */
const SCRIPTS = {
  'core-js-pure': 'prints an advertisement',
  esbuild: 'looks for its binary, which is a package',
  lmdb: 'builds what is a package',
  'msgpackr-extract': 'builds what is a package',
  protobufjs: 'warns of a version range',
};

it('needs no install script, and npm is told so', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { allowScripts: object };
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Scripted;
  const scripted = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript);
  expect(scripted.map(([path]) => path.replace(/.*node_modules\//, '')).toSorted()).toEqual(
    Object.keys(SCRIPTS),
  );
  // So npm runs none of them, and warns of none.
  const denied = scripted.map(([path, { version }]) => [
    `${path.replace(/.*node_modules\//, '')}@${version}`,
    false,
  ]);
  expect(manifest.allowScripts).toEqual(Object.fromEntries(denied));
  const built = scripted.filter(([path]) => /esbuild|lmdb|msgpackr/.test(path));
  const binaries = built.flatMap(([, entry]) => Object.keys(entry.optionalDependencies ?? {}));
  const ours = binaries.filter((name) => name.endsWith('linux-x64'));
  expect(ours).toHaveLength(3);
  expect(ours.filter((name) => packages[`node_modules/${name}`] === undefined)).toEqual([]);
});

interface Scripted {
  packages: Record<
    string,
    { version: string; hasInstallScript?: true; optionalDependencies?: Record<string, string> }
  >;
}

interface LockFile {
  packages: Parameters<typeof withoutIntegrity>[0];
}

describe('npm run lock', () => {
  const entry = { version: '1.0.0', resolved: 'https://registry/a.tgz', integrity: 'sha512-known' };

  function lockWith(packages: object): string {
    const file = join(mkdtempSync(join(tmpdir(), 'lock-')), 'package-lock.json');
    writeFileSync(file, JSON.stringify({ packages: { '': { name: 'root' }, ...packages } }));
    return file;
  }

  it('adds what npm left out for other platforms, and asks for the hash of what has none', async () => {
    const file = lockWith({
      'node_modules/a': { ...entry, optionalDependencies: { '@a/darwin-arm64': '2.0.0' } },
      'node_modules/b/node_modules/@s/c': { version: '3.0.0', dev: true },
    });
    const asked: string[] = [];
    const completed = await completeLock(file, async (name, version) => {
      asked.push(`${name}@${version}`);
      return { integrity: `sha512-of-${name}`, tarball: `https://registry/${name}.tgz` };
    });
    expect(completed).toEqual({ added: 1, sealed: 2 });
    expect(asked.toSorted()).toEqual(['@a/darwin-arm64@2.0.0', '@s/c@3.0.0']);
    const { packages } = JSON.parse(readFileSync(file, 'utf8')) as LockFile;
    expect(packages['node_modules/a']).toMatchObject(entry);
    expect(packages['node_modules/@a/darwin-arm64']).toMatchObject({
      version: '2.0.0',
      resolved: 'https://registry/@a/darwin-arm64.tgz',
      integrity: 'sha512-of-@a/darwin-arm64',
      os: ['darwin'],
      cpu: ['arm64'],
    });
    expect(withoutIntegrity(packages)).toEqual([]);
  });

  it('leaves the file as it was where the registry does not answer', async () => {
    const file = lockWith({ 'node_modules/a': { version: '1.0.0' } });
    const before = readFileSync(file, 'utf8');
    await expect(completeLock(file, () => Promise.reject(new Error('no answer')))).rejects.toThrow(
      'no answer',
    );
    expect(readFileSync(file, 'utf8')).toBe(before);
  });
});
