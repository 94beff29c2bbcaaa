/** Modules that are left out of a bundle: they cost nothing, they may be imported, and their use is an error that says why. */

import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { bundleWithInputs } from '../../scripts/build/bundle.ts';
import { LEFT_OUT, type LeftOut } from '../../scripts/build/left-out.ts';
import { ROOT } from '../support/cloud.ts';

const HEAVY: LeftOut = { by: 'library', module: 'heavy', why: 'nobody lifts', calledAnyway: ['setUp'] };

/** A function whose library asks for `heavy` in the two ways that compilers write it. */
async function makeRepository(library: string): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'left-out-test-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const files = {
    'functions/a/index.ts': `export * from 'library';\n`,
    'node_modules/library/package.json': '{"name":"library","main":"index.js"}',
    'node_modules/library/index.js': library,
    'node_modules/heavy/package.json': '{"name":"heavy","main":"index.js"}',
    'node_modules/heavy/index.js': 'exports.lift = () => "the whole weight";\n',
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
  return root;
}

const LIBRARY = `
const interop = (mod) => (mod && mod.__esModule ? mod : { default: mod });
const heavy = interop(require('heavy'));
exports.light = () => 'light';
exports.lift = () => heavy.default.lift();
exports.make = () => new heavy.default();
exports.call = () => heavy.default();
exports.start = () => heavy.default.setUp();
`;

type Library = Record<'light' | 'lift' | 'make' | 'call' | 'start', () => unknown>;

async function load(root: string, leftOut: readonly LeftOut[]): Promise<Library & { text: string }> {
  const { code } = await bundleWithInputs(join(root, 'functions/a/index.ts'), root, leftOut);
  const file = join(root, `out-${leftOut.length}.cjs`);
  await writeFile(file, code);
  return { ...(createRequire(file)(file) as Library), text: Buffer.from(code).toString() };
}

test('a module that is left out is not in the bundle, and what does not use it works', async () => {
  const root = await makeRepository(LIBRARY);
  const whole = await load(root, []);
  expect(whole.text).toContain('the whole weight');
  expect(whole.lift()).toBe('the whole weight');
  const light = await load(root, [HEAVY]);
  expect(light.text).not.toContain('the whole weight');
  expect(light.light()).toBe('light');
});

test('every use of it is an error that names it, the use and the reason', async () => {
  const { lift, make, call } = await load(await makeRepository(LIBRARY), [HEAVY]);
  const says = (use: string): string =>
    `heavy is left out of this bundle, and ${use} was used: nobody lifts (scripts/build/left-out.ts)`;
  expect(lift).toThrow(says('lift'));
  expect(make).toThrow(says('a new one of it'));
  expect(call).toThrow(says('a call of it'));
});

test('what is called in every program passes, and what it gives refuses in its turn', async () => {
  const { start } = await load(await makeRepository(LIBRARY), [HEAVY]);
  const client = start() as { models: unknown };
  expect(() => client.models).toThrow('heavy is left out of this bundle, and models was used');
});

test('it is left out of the package that is named, and of no other', async () => {
  const root = await makeRepository(LIBRARY);
  const { lift } = await load(root, [{ ...HEAVY, by: 'another' }]);
  expect(lift()).toBe('the whole weight');
});

test('a library that no longer asks for it stops the build, since what it uses now was never looked at', async () => {
  const root = await makeRepository(LIBRARY.replace(`require('heavy')`, '{}'));
  await expect(bundleWithInputs(join(root, 'functions/a/index.ts'), root, [HEAVY])).rejects.toThrow(
    /^build: library no longer asks for heavy, which scripts\/build\/left-out\.ts leaves out of it: .*correct the list$/,
  );
});

test('an expression that is left out of a file counts as undefined there, and nowhere else', async () => {
  const root = await makeRepository(LIBRARY.replace("'light'", 'String(globals.Form)'));
  const entry = { by: 'library', module: 'index.js', expression: 'globals.Form', why: 'nobody sends forms' };
  expect((await load(root, [entry])).light()).toBe('undefined');
  const another = { ...entry, by: 'another' };
  expect((await load(root, [another, HEAVY])).text).toContain('globals.Form');
});

test('a file without that expression stops the build', async () => {
  const entry = { by: 'library', module: 'index.js', expression: 'globals.Form', why: 'nobody sends forms' };
  const bundled = bundleWithInputs(join(await makeRepository(LIBRARY), 'functions/a/index.ts'), ROOT, [
    entry,
  ]);
  await expect(bundled).rejects.toThrow(/^build: library no longer asks for globals\.Form, which/);
});

/** zlib is asked for by axios and by nothing else that is in the bundles. */
function hasAxiosRun(code: string): boolean {
  const script = `${code}; process.stdout.write(String(process.moduleLoadList.includes('NativeModule zlib')))`;
  return execFileSync(process.execPath, ['--input-type=commonjs', '-e', script]).toString() === 'true';
}

test.for(['getAccessToken', 'refreshAccessToken'])('%s loads without running axios', (name) => {
  const file = JSON.stringify(join(ROOT, `dist/functions/${name}/index.js`));
  expect(hasAxiosRun(`require(${file})`)).toBe(false);
  expect(hasAxiosRun(`require('axios')`)).toBe(true);
});

test('a request to WeChat does not make Node.js load its fetch', async () => {
  const hasFetch = async (leftOut: readonly LeftOut[]): Promise<string> => {
    const { code } = await bundleWithInputs(join(ROOT, 'functions/_shared/wechat/send.ts'), ROOT, leftOut);
    const file = join(await makeRepository(''), 'send.cjs');
    await writeFile(file, code);
    const script = `
      const { send } = require(${JSON.stringify(file)});
      const server = require('node:http').createServer((_, response) => response.end('{}'));
      server.listen(0, '127.0.0.1', async () => {
        const url = 'http://127.0.0.1:' + server.address().port;
        const kinds = [];
        for (const body of [null, '{}']) kinds.push((await send({ url, body, timeoutMs: 5_000 })).kind);
        const hasFetch = process.moduleLoadList.some((name) => name.includes('undici'));
        process.stdout.write(kinds.concat(hasFetch).join(' '), () => process.exit());
      });`;
    return execFileSync(process.execPath, ['--input-type=commonjs', '-e', script]).toString();
  };
  expect(await hasFetch(LEFT_OUT)).toBe('answered answered false');
  expect(await hasFetch([])).toBe('answered answered true');
});

test.for(['getAccessToken', 'refreshAccessToken'])('%s loads none of the tables of Intl', async (name) => {
  // 15 ms and 8 MB of every cold start for one formatter.
  const code = await readFile(join(ROOT, `dist/functions/${name}/index.js`), 'utf8');
  expect(code.match(/\bIntl\.\w+/g)).toBeNull();
});

test('the list says of each module once why it is left out', () => {
  const names = LEFT_OUT.map(({ by, module, expression }) => `${by} ${module} ${expression}`);
  expect(new Set(names).size).toBe(names.length);
  expect(LEFT_OUT.filter(({ why }) => why.length < 15)).toEqual([]);
});
