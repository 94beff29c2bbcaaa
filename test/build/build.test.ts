import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { buildFunctions } from '../../scripts/build/functions.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const TRIGGER = { name: 'a-tick', type: 'timer', config: '20 */5 * * * * *' };

/** A repository of two functions, "type": "module" like this one. */
async function makeRepository(files: Record<string, string> = {}): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'build-test-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const all = {
    'package.json': JSON.stringify({ name: 'sample', version: '1.2.3', type: 'module' }),
    'cloudbaserc.json': JSON.stringify({ functions: [{ name: 'a', triggers: [TRIGGER] }, { name: 'b' }] }),
    'functions/shared.ts': `export const greet = (name: string): string => 'hello ' + name;\n`,
    'functions/a/index.ts': `import { greet } from '../shared.ts';\nexport const main = () => greet('a');\n`,
    'functions/b/index.ts': `import { greet } from '../shared.ts';\nexport const main = () => greet('b');\n`,
    ...files,
  };
  for (const [name, content] of Object.entries(all)) {
    await mkdir(join(root, name, '..'), { recursive: true });
    await writeFile(join(root, name), content);
  }
  return root;
}

async function readJson(...parts: string[]): Promise<unknown> {
  return JSON.parse(await readFile(join(...parts), 'utf8'));
}

test('every function of cloudbaserc.json becomes a folder of exactly three files', async () => {
  const root = await makeRepository();
  const lines: string[] = [];
  const built = await buildFunctions({ root, log: (line) => lines.push(line) });
  expect(built.map(({ name }) => name)).toEqual(['a', 'b']);
  // What the bundles contain is told beside them: nothing but the three files is uploaded.
  expect((await readdir(join(root, 'dist'))).toSorted()).toEqual(['functions', 'packages']);
  expect(await readdir(join(root, 'dist/functions'))).toEqual(['a', 'b']);
  expect((await readdir(join(root, 'dist/functions/a'))).toSorted()).toEqual([
    'config.json',
    'index.js',
    'package.json',
  ]);
  expect(lines).toEqual([
    expect.stringMatching(/^dist\/functions\/a\/index\.js {2}\d+ kB$/),
    expect.any(String),
  ]);
});

test('a bundle under a "type": "module" root loads with require and exports main', async () => {
  const root = await makeRepository();
  await buildFunctions({ root });
  const folder = join(root, 'dist/functions/a');
  const script = `process.stdout.write(require(${JSON.stringify(folder)}).main())`;
  expect(execFileSync(process.execPath, ['--input-type=commonjs', '-e', script], { encoding: 'utf8' })).toBe(
    'hello a',
  );
});

test('the manifest has no dependencies, and config.json has the triggers of cloudbaserc.json', async () => {
  const root = await makeRepository();
  await buildFunctions({ root });
  const dist = join(root, 'dist/functions');
  expect(await readJson(dist, 'a/package.json')).toEqual({
    name: 'a',
    version: '1.2.3',
    private: true,
    main: 'index.js',
    type: 'commonjs',
  });
  expect(await readJson(dist, 'a/config.json')).toEqual({
    permissions: { openapi: [] },
    triggers: [TRIGGER],
  });
  expect(await readJson(dist, 'b/config.json')).toEqual({ permissions: { openapi: [] }, triggers: [] });
});

test('the same sources give the same bytes, in whatever folder they are', async () => {
  const bundles: string[] = [];
  for (const round of [1, 2]) {
    const root = await makeRepository({
      'functions/old.cjs': 'exports.old = 1;\n',
      'functions/a/index.ts': `import { old } from '../old.cjs';\nexport const main = () => old;\n`,
    });
    await buildFunctions({ root, outDir: join(root, `out${round}/functions`) });
    bundles.push(await readFile(join(root, `out${round}/functions/a/index.js`), 'utf8'));
  }
  expect(bundles[0]).toContain('functions/old.cjs');
  expect(bundles[1]).toBe(bundles[0]);
});

test('what is left of a function that no longer exists, or of an older build, is removed', async () => {
  const root = await makeRepository({
    'dist/functions/gone/index.js': '',
    'dist/functions/a/chunk.js': '',
    'dist/keep.txt': '',
  });
  await buildFunctions({ root });
  expect((await readdir(join(root, 'dist/functions'))).toSorted()).toEqual(['a', 'b']);
  expect(await readdir(join(root, 'dist/functions/a'))).not.toContain('chunk.js');
  expect(await readdir(join(root, 'dist'))).toContain('keep.txt');
});

test('a missing entry is one clear line, and what was built before stays', async () => {
  const root = await makeRepository();
  await buildFunctions({ root });
  await rm(join(root, 'functions/b/index.ts'));
  await expect(buildFunctions({ root })).rejects.toThrow(
    /^build: functions\/b\/index\.ts does not exist, so function b cannot be built$/,
  );
  expect((await readdir(join(root, 'dist/functions'))).toSorted()).toEqual(['a', 'b']);
});

test('a fault in the sources is one line with its place', async () => {
  const root = await makeRepository({ 'functions/a/index.ts': 'export const main = ;\n' });
  await expect(buildFunctions({ root })).rejects.toThrow(
    /^build: functions\/a\/index\.ts:1: Unexpected ";"$/,
  );
  expect(await readdir(join(root, 'dist'))).toEqual(['functions']);
});

test.for([
  { title: 'malformed', text: '{', says: /^cloudbaserc\.json: / },
  { title: 'naming a folder elsewhere', text: '{"functions":[{"name":"../x"}]}', says: /functions\.0\.name/ },
])('a cloudbaserc.json that is $title is refused', async ({ text, says }) => {
  const root = await makeRepository({ 'cloudbaserc.json': text });
  await expect(buildFunctions({ root })).rejects.toThrow(says);
});

test('node-sdk in a bundle loads without node_modules', async () => {
  // Without them the SDK complains on standard error.
  vi.stubEnv('TENCENTCLOUD_REGION', 'ap-shanghai');
  vi.stubEnv('SCF_NAMESPACE', 'local-env');
  onTestFinished(() => void vi.unstubAllEnvs());
  const root = await mkdtemp(join(tmpdir(), 'build-test-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const entry = 'test/local/functions/fixtures/node-sdk/index.ts';
  const [built] = await buildFunctions({
    root: REPOSITORY,
    outDir: join(root, 'functions'),
    functions: [{ name: 'sdk', entry }],
  });
  const loaded = createRequire(join(root, 'x.js'))(built?.directory ?? '') as { main?: unknown };
  expect(loaded.main).toBeTypeOf('function');
});
