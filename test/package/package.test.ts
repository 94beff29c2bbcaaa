/** The published package as a stranger gets it: packed, installed into an empty project, run and type-checked. */

import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import type * as Client from '../../functions/getAccessToken/client.ts';
import { startHttpServer } from '../../scripts/local/http-server.ts';
import { ROOT } from '../support/cloud.ts';
import { installPackage, type Installed } from './installed.ts';

const run = promisify(execFile);
let project = '';
let packed: Installed['packed'];

beforeAll(async () => {
  ({ project, packed } = await installPackage());
}, 120_000);

it('is less than 21 kB, brings nothing along and holds nothing else', () => {
  console.log(
    `npm pack: ${packed.size} bytes, unpacked ${packed.unpackedSize} bytes, ${packed.files.length} files`,
  );
  expect(packed.size).toBeLessThan(20_480);
  expect(readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
    'cloudbase-access-token',
  ]);
  expect(packed.files.map(({ path }) => path).toSorted()).toEqual(
    [
      'LICENSE',
      'README.md',
      'package.json',
      'bin.cjs',
      'client.js',
      'client.d.ts',
      'esm/client.js',
      'esm/client.d.ts',
      'esm/package.json',
      ...['client.js', 'client.d.ts', 'client/error.d.ts', 'client/types.d.ts'].map((name) => `cjs/${name}`),
    ].toSorted(),
  );
});

it('names no path of the machine that built it', () => {
  const text = packed.files
    .map(({ path }) => readFileSync(join(project, 'node_modules/cloudbase-access-token', path), 'utf8'))
    .join('\n');
  expect(text).not.toContain(ROOT);
  // The folder of this run, and the one of all runs.
  expect(text).not.toContain(dirname(tmpdir()));
});

const BODY = `
const app = { callFunction: async ({ data }) => ({ result: { errcode: 0, errmsg: 'ok', access_token: data.invalid_access_token ? 't2' : 't1', expires_in: 60 } }) };
const wechat = createWeChat({ app, baseUrl: process.argv[2], sleep: async () => {} });
const main = async () => {
  const reply = await wechat.post('/wxa/x', { a: '茶' });
  const error = await wechat.get('/refused').catch((thrown) => thrown);
  return { reply, isOurs: error instanceof WeChatError, errcode: error.errcode };
};
main().then((result) => console.log(JSON.stringify(result)));
`;

describe.each([
  ['main.mjs', `import { createWeChat, WeChatError } from 'cloudbase-access-token/client';${BODY}`],
  ['main.cjs', `const { createWeChat, WeChatError } = require('cloudbase-access-token/client');${BODY}`],
])('%s', (name, code) => {
  it('runs', async () => {
    const server = await startHttpServer({ port: 0, secret: null, handle: answerCall });
    try {
      writeFileSync(join(project, name), code);
      const { stdout, stderr } = await run(process.execPath, [name, server.url], { cwd: project });
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toEqual({ reply: { got: '{"a":"茶"}' }, isOurs: true, errcode: 43101 });
    } finally {
      await server.close();
    }
  });
});

/** t1 is refused; the answer says what came with t2. */
function answerCall({ path, query, body }: { path: string; query: string; body: Buffer }) {
  const isRefused = new URLSearchParams(query).get('access_token') === 't1';
  const reply = isRefused
    ? { errcode: 42001, errmsg: 'expired' }
    : path === '/refused'
      ? { errcode: 43101, errmsg: 'no' }
      : { got: body.toString() };
  return { status: 200, body: JSON.stringify(reply) };
}

const TYPED = `
const wechat: WeChat = createWeChat({ app: { callFunction: async () => ({ result: {} }) }, appid: 'wx1' });
export const used = async (): Promise<string> => {
  const { phone_info: phone } = await wechat.post<{ phone_info: { purePhoneNumber: string } }>('/x', { code: 'c' });
  const file = await wechat.download('/x', { scene: 'a' });
  const upload: UploadFile = { filename: 'a', contentType: 'image/png', data: new Uint8Array(1) };
  await wechat.upload('/x', upload, { type: 'image', n: 1 });
  const error = new WeChatError({ what: 'x', errcode: 1, errmsg: 'y' });
  const seconds: number | undefined = error.retry_after;
  // @ts-expect-error an unknown answer has to be looked at first
  (await wechat.get('/x')).list.length;
  return phone.purePhoneNumber + file.data.length + String(seconds) + (error.rid ?? '');
};
// @ts-expect-error app is needed
createWeChat({});
`;

type Check = [version: 'today' | '4.9', what: string, name: string, module: string, moduleResolution: string];

const CHECKS: Check[] = [
  ['today', 'an ES module', 'module.mts', 'nodenext', 'nodenext'],
  ['today', 'CommonJS', 'common.cts', 'nodenext', 'nodenext'],
  ['today', 'an ES module', 'module.mts', 'node16', 'node16'],
  ['today', 'a bundler', 'bundled.ts', 'preserve', 'bundler'],
  ['4.9', 'an ES module', 'module.mts', 'nodenext', 'nodenext'],
  ['4.9', 'CommonJS', 'common.cts', 'node16', 'node16'],
  ['4.9', 'a resolver of old', 'old.ts', 'commonjs', 'node'],
];

/** Writes file and configuration; returns the name of the configuration. */
function prepareCheck([version, , name, module, moduleResolution]: Check): string {
  const code = `import { createWeChat, WeChatError } from 'cloudbase-access-token/client';
import type { UploadFile, WeChat } from 'cloudbase-access-token/client';${TYPED}`;
  writeFileSync(join(project, name), code);
  const options = {
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    // TypeScript's own are right, and most of what there is to check.
    skipDefaultLibCheck: true,
    target: 'es2022',
    lib: ['es2022'],
    types: [],
    module,
    moduleResolution,
  };
  const config = `tsconfig.${name}.${version}.${moduleResolution}.json`;
  writeFileSync(join(project, config), JSON.stringify({ compilerOptions: options, files: [name] }));
  return config;
}

const compile = (...args: string[]): Promise<{ stdout: string; stderr: string }> =>
  run(process.execPath, args, { cwd: project }).catch((error: { stdout: string; stderr: string }) => error);

let byOld: ReturnType<typeof compile> | undefined;

/** All in one process: the old compiler takes two seconds to load. */
const compileByOld = () =>
  (byOld ??= compile(
    join(ROOT, 'test/package/old-compiler.cjs'),
    ...CHECKS.filter(([version]) => version === '4.9').map(prepareCheck),
  ));

it.each(CHECKS)(
  'type-checks without the types of Node or the DOM, by TypeScript %s: %s',
  async (...check) => {
    const isOld = check[0] === '4.9';
    const config = prepareCheck(check);
    const { stdout, stderr } = isOld
      ? await compileByOld()
      : await compile(join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', config);
    expect(stderr).toBe('');
    const own = stdout.split('\n').filter((line) => !isOld || line.startsWith(`${config}: `));
    expect(own.join('\n')).toMatch(
      isOld ? /^tsconfig\.\S+: TypeScript 4\.9\.\d: 0 errors in 1 files$/ : /^$/,
    );
  },
);

/** The resolver of webpack 4, as webpack 4 sets it up: lib/WebpackOptionsDefaulter.js of 4.47.0. */
const require = createRequire(import.meta.url);
const { create } = require('enhanced-resolve') as {
  create: { sync(options: object): (context: object, folder: string, name: string) => string };
};
const resolve = (mainFields: string[]) =>
  create.sync({ extensions: ['.wasm', '.mjs', '.js', '.json'], mainFields, mainFiles: ['index'] });

it.each([
  ['node', ['module', 'main']],
  ['web', ['browser', 'module', 'main']],
])('webpack 4 finds it without "exports" for the target %s', (_, mainFields) => {
  const entry = resolve(mainFields)({}, project, 'cloudbase-access-token/client');
  const folder = join(project, 'node_modules/cloudbase-access-token');
  expect(entry).toBe(join(folder, 'client.js'));
  // What that file requires in turn is found as well.
  const required = /require\(["'](.+?)["']\)/.exec(readFileSync(entry, 'utf8'))?.[1] ?? '';
  expect(resolve(mainFields)({}, folder, required)).toBe(join(folder, 'cjs/client.js'));
});

it('can be loaded without "exports", and parsed by what knows no syntax after ES2019', async () => {
  const folder = join(project, 'node_modules/cloudbase-access-token');
  const entry = join(folder, 'client.js');
  const { createWeChat } = createRequire(entry)(entry) as typeof Client;
  expect(createWeChat).toBeTypeOf('function');
  const built = readFileSync(join(folder, 'cjs/client.js'), 'utf8');
  expect(built).not.toMatch(/require\(["']node:/);
  const { code } = await transform(built, { target: 'es2019', minifyWhitespace: true });
  const again = await transform(built, { target: 'esnext', minifyWhitespace: true });
  // Nothing in it had to be made older.
  expect(code).toBe(again.code);
});

it('is one and the same for import and require: an error of one is an error of the other', async () => {
  const code = `import { WeChatError } from 'cloudbase-access-token/client';
import { createRequire } from 'node:module';
const other = createRequire(import.meta.url)('cloudbase-access-token/client');
console.log(other.WeChatError === WeChatError);`;
  writeFileSync(join(project, 'both.mjs'), code);
  expect((await run(process.execPath, ['both.mjs'], { cwd: project })).stdout).toBe('true\n');
});
