/** What ends up in a bundle is written down beside it, and nothing gets in that nobody has looked at. */

import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { bundleWithInputs } from '../../scripts/build/bundle.ts';
import { contentsOf } from '../../scripts/build/contents.ts';
import { readDeclarations } from '../../scripts/build/declarations.ts';
import { buildFunctions } from '../../scripts/build/functions.ts';
import { LEFT_OUT } from '../../scripts/build/left-out.ts';
import { ROOT } from '../support/cloud.ts';

const ALLOWED_FILE = 'scripts/build/packages.json';

const pack = (manifest: object, folder: string): Record<string, string> => ({
  [`${folder}/package.json`]: JSON.stringify(manifest),
  [`${folder}/index.js`]: 'exports.used = 1;\n',
});

/** A repository of one function with four packages, one of them not used and one nested. */
async function makeRepository(allowed?: unknown): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'packages-test-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const uses = ['plain', '@of/scope'].map((name, index) => `import * as p${index} from '${name}';`);
  const files = {
    'package.json': '{"version":"1.0.0","type":"module"}',
    'cloudbaserc.json': '{"functions":[{"name":"a"}]}',
    'functions/a/index.ts': `${uses.join('\n')}\nexport const main = () => [p0.used, p1.used];\n`,
    ...pack({ name: 'plain', version: '1.0.0', license: 'MIT' }, 'node_modules/plain'),
    ...pack({ name: '@of/scope', version: '2.0.0', license: { type: 'ISC' } }, 'node_modules/@of/scope'),
    'node_modules/@of/scope/index.js': `exports.used = require('nested').used;\n`,
    ...pack({ name: 'nested', version: '3.0.0' }, 'node_modules/@of/scope/node_modules/nested'),
    ...pack({ name: 'unused', version: '4.0.0' }, 'node_modules/unused'),
    ...(allowed === undefined ? {} : { [ALLOWED_FILE]: JSON.stringify(allowed) }),
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
  return root;
}

test('beside the bundles stands what they contain, with version and licence', async () => {
  const root = await makeRepository({ a: ['@of/scope', 'nested', 'plain'] });
  await buildFunctions({ root });
  expect(JSON.parse(await readFile(join(root, 'dist/packages/a.json'), 'utf8'))).toEqual([
    { name: '@of/scope', version: '2.0.0', licence: 'ISC' },
    { name: 'nested', version: '3.0.0', licence: 'unknown' },
    { name: 'plain', version: '1.0.0', licence: 'MIT' },
  ]);
  const files = await readdir(join(root, 'dist/functions/a'));
  expect(files).toContain('THIRD_PARTY_LICENSES');
  expect(files).toHaveLength(4);
});

test('a package that is not listed stops the build, with one line that says how to accept it', async () => {
  const root = await makeRepository({ a: ['@of/scope', 'plain'] });
  await expect(buildFunctions({ root })).rejects.toThrow(
    /^build: a would contain nested 3\.0\.0 \(unknown\), which scripts\/build\/packages\.json does not list: .*npm explain nested.*add it under "a" there$/,
  );
  expect(await readdir(join(root, 'dist/functions'))).toEqual([]);
});

test.for([
  { title: 'no list', allowed: undefined },
  { title: 'a list of another function', allowed: { b: ['@of/scope', 'nested', 'plain'] } },
  { title: 'a list that is none', allowed: { a: 'plain' } },
])('$title allows nothing', async ({ allowed }) => {
  const root = await makeRepository(allowed);
  await expect(buildFunctions({ root })).rejects.toThrow(/^build: .*scripts\/build\/packages\.json/);
});

test('what is built for a look, and not to be deployed, may contain what it likes', async () => {
  const root = await makeRepository();
  await buildFunctions({ root, functions: [{ name: 'guest', entry: 'functions/a/index.ts' }] });
  expect(await readdir(join(root, 'dist'))).toEqual(['functions']);
});

test('a function that the list names is checked, whatever else is built with it', async () => {
  const root = await makeRepository({ extra: ['plain'] });
  const functions = [{ name: 'extra', entry: 'functions/a/index.ts' }];
  await expect(buildFunctions({ root, functions })).rejects.toThrow(/^build: extra would contain @of\/scope/);
});

test('the committed list has the packages that are in the bundles and no others', async () => {
  const listed = JSON.parse(await readFile(join(ROOT, ALLOWED_FILE), 'utf8')) as Record<string, string[]>;
  const real: Record<string, string[]> = {};
  const silent = new Set<string>();
  for (const name of new Set([
    ...Object.keys(listed),
    ...(await readDeclarations(ROOT)).map((one) => one.name),
  ])) {
    const { inputs } = await bundleWithInputs(join(ROOT, `functions/${name}/index.ts`), ROOT, LEFT_OUT);
    const contents = await contentsOf(inputs, ROOT);
    real[name] = [...new Set(contents.map((one) => one.name))];
    contents.filter(({ licence }) => licence === 'unknown').forEach((one) => silent.add(one.name));
  }
  expect(listed).toEqual(real);
  // Tencent's own, named in SECURITY.md; a third one wants somebody to look.
  expect([...silent].toSorted()).toEqual(['@cloudbase/signature-nodejs']);
});
