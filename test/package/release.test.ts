/** What `npm publish` would send of each package, tried against a registry of this machine that knows neither. */

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { startHttpServer, type HttpServer } from '../../scripts/local/http-server.ts';
import { ROOT } from '../support/root.ts';
import { installCommands } from './installed-commands.ts';
import { installPackage } from './installed.ts';

const BUILT = String.raw`\w+/(index\.js|package\.json|config\.json|THIRD_PARTY_LICENSES)`;
const CLIENT = String.raw`(cjs|esm)/[\w./]+|client\.(js|d\.ts)|bin\.cjs|LICENSE|README\.md|package\.json`;

/** Nothing else is in them: no test, no source, no setting of a developer. */
const PACKAGES = [
  { name: 'cloudbase-access-token', holds: [CLIENT] },
  {
    name: 'cloudbase-access-token-commands',
    holds: [
      String.raw`LICENSE|README\.md|THIRD_PARTY_LICENSES|package\.json|cloudbaserc(\.(outside|tickets))?\.json`,
      String.raw`dist/commands/[\w-]+\.js`,
      `dist/(functions|outside|guests)/${BUILT}`,
      `dist/modules/cloudbase-access-token/(${CLIENT})`,
      String.raw`dist/ready/(index\.html|icon\.svg|main\.(css|js)|(instance|probe|wx-cloud)\.js)`,
      String.raw`scripts/(run|command/(bundle|read-only)|platform/compile-cache)\.cjs`,
    ],
  },
];

/** Where it was built, and what only a developer or a test has. */
const PRIVATE = [ROOT, `${homedir()}/`, 'canary-', 'BEGIN PRIVATE KEY', 'BEGIN RSA PRIVATE KEY'];
const SECRET_ID = /AKID[0-9A-Za-z]{32}/;

let registry: HttpServer;
beforeAll(async () => {
  registry = await startHttpServer({
    port: 0,
    secret: null,
    handle: () => ({ status: 404, headers: { 'content-type': 'application/json' }, body: '{}' }),
  });
  return () => registry.close();
});

describe.each(PACKAGES)('npm publish --dry-run of $name', ({ name, holds }) => {
  it('has nothing to correct, and would send what users need and nothing else', async () => {
    const folder = await sourceOf(name);
    const { output, told } = await publish(folder);
    expect(told).not.toContain('auto-corrected');
    const { [name]: sent } = JSON.parse(output) as Record<string, { files: { path: string }[] }>;
    const paths = sent!.files.map(({ path }) => path);
    const isExpected = new RegExp(`^(${holds.join('|')})$`);
    expect(paths.filter((path) => !isExpected.test(path))).toEqual([]);
    for (const pattern of holds)
      expect(paths.some((path) => new RegExp(`^(${pattern})$`).test(path))).toBe(true);
    for (const path of paths) {
      const text = readFileSync(join(folder, path), 'utf8');
      expect([path, PRIVATE.filter((one) => text.includes(one)), SECRET_ID.test(text)]).toEqual([
        path,
        [],
        false,
      ]);
    }
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(manifest).toMatchObject({ license: 'MIT', sideEffects: name.endsWith('-commands') });
    expect(manifest).not.toHaveProperty('scripts');
  });
});

it('npm publish of the repository itself is refused', () => {
  expect(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))).toMatchObject({ private: true });
});

async function sourceOf(name: string): Promise<string> {
  if (name.endsWith('-commands')) return (await installCommands()).source;
  return join(dirname((await installPackage()).project), 'package');
}

function publish(folder: string): Promise<{ output: string; told: string }> {
  const args = ['publish', '--dry-run', '--json', '--ignore-scripts', '--registry', registry.url, folder];
  return new Promise((resolve, reject) => {
    execFile('npm', args, { timeout: 120_000 }, (error, output, told) => {
      if (error === null) resolve({ output, told });
      else reject(new Error(`npm publish --dry-run: ${told}`));
    });
  });
}
