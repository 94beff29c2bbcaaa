/** No bundle grows unnoticed: the build compares it with a committed record. */

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { buildFunctions } from '../../scripts/build/functions.ts';
import { acceptSizes, readSizes } from '../../scripts/build/sizes.ts';
import { ROOT } from '../support/cloud.ts';

const SIZES_FILE = 'scripts/build/sizes.json';
const ENTRY = 'functions/a/index.ts';

async function makeRepository(sizes?: string): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'sizes-test-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const files = {
    'package.json': '{"version":"1.0.0","type":"module"}',
    'cloudbaserc.json': '{"functions":[{"name":"a"}]}',
    'scripts/build/packages.json': '{"a":[]}',
    [ENTRY]: source(10_000),
    ...(sizes === undefined ? {} : { [SIZES_FILE]: sizes }),
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
  return root;
}

const source = (bytes: number): string => `export const main = () => '${'x'.repeat(bytes)}';\n`;

test('a bundle may grow by a tenth; more stops the build, with one line that says how to accept it', async () => {
  const root = await makeRepository();
  const { a } = await acceptSizes(root);
  expect(a).toBeGreaterThan(10_000);
  await writeFile(join(root, ENTRY), source(10_900));
  await buildFunctions({ root });
  const before = await readFile(join(root, 'dist/functions/a/index.js'), 'utf8');
  await writeFile(join(root, ENTRY), source(12_000));
  await expect(buildFunctions({ root })).rejects.toThrow(
    /^build: a has grown by 1\d %, from \d+ kB to \d+ kB, .*npm run build -- --accept-sizes records it in scripts\/build\/sizes\.json$/,
  );
  expect(await readFile(join(root, 'dist/functions/a/index.js'), 'utf8')).toBe(before);
  await acceptSizes(root);
  await expect(buildFunctions({ root })).resolves.toHaveLength(1);
});

test('a function that the record does not know stops the build', async () => {
  const root = await makeRepository('{"b":10000}');
  await expect(buildFunctions({ root })).rejects.toThrow(
    /^build: the size of a \(\d+ kB\) is on no record: /,
  );
});

test.for(['{', '{"a":"10 kB"}', '{"a":0}', '[]'])('a record that is none is refused: %s', async (sizes) => {
  const root = await makeRepository(sizes);
  await expect(buildFunctions({ root })).rejects.toThrow(/^build: scripts\/build\/sizes\.json must be JSON/);
});

test('what is built for a look may have any size', async () => {
  const root = await makeRepository('{"a":1}');
  await expect(buildFunctions({ root, functions: [{ name: 'guest', entry: ENTRY }] })).resolves.toHaveLength(
    1,
  );
});

test('the committed record knows every function that is deployed, and is not left behind by one that shrank', async () => {
  const sizes = await readSizes(ROOT);
  const allowed = JSON.parse(await readFile(join(ROOT, 'scripts/build/packages.json'), 'utf8')) as object;
  expect([...(sizes?.keys() ?? [])]).toEqual(Object.keys(allowed));
  for (const name of ['getAccessToken', 'refreshAccessToken']) {
    const { length } = await readFile(join(ROOT, `dist/functions/${name}/index.js`));
    expect(length / (sizes?.get(name) ?? 0)).toBeGreaterThan(0.9);
  }
});
