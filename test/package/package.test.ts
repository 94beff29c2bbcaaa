/** The published package as a stranger gets it: packed, installed into an empty project, run and type-checked. */

import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPackage } from '../../scripts/package/package.ts';
import { startHttpServer } from '../../scripts/local/http-server.ts';
import { ROOT } from '../support/cloud.ts';

const run = promisify(execFile);
let folder = '';
let project = '';
let packed: { filename: string; size: number; unpackedSize: number; files: { path: string }[] };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'package-test-'));
  project = join(folder, 'project');
  mkdirSync(project);
  const source = await buildPackage({ root: ROOT, outDir: join(folder, 'package') });
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: source });
  [packed] = JSON.parse(stdout) as [typeof packed];
  writeFileSync(join(project, 'package.json'), '{ "private": true }');
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, packed.filename)], {
    cwd: project,
  });
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

it('is small, brings nothing along and holds nothing else', () => {
  console.log(
    `npm pack: ${packed.size} bytes, unpacked ${packed.unpackedSize} bytes, ${packed.files.length} files`,
  );
  expect(packed.size).toBeLessThan(32_000);
  expect(readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
    'cloudbase-access-token',
  ]);
  expect(packed.files.map(({ path }) => path).toSorted()).toEqual(
    [
      'LICENSE',
      'README.md',
      'package.json',
      ...['cjs', 'esm'].flatMap((format) =>
        ['client.d.ts', 'client.js', 'client/error.d.ts', 'client/types.d.ts', 'package.json'].map(
          (name) => `${format}/${name}`,
        ),
      ),
    ].toSorted(),
  );
});

it('names no path of the machine that built it', () => {
  const text = packed.files
    .map(({ path }) => readFileSync(join(project, 'node_modules/cloudbase-access-token', path), 'utf8'))
    .join('\n');
  expect(text).not.toContain(ROOT);
  expect(text).not.toContain(tmpdir());
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
    const server = await startHttpServer({ port: 0, handle: answerCall });
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

it.each([
  ['an ES module', 'module.mts', 'nodenext'],
  ['CommonJS', 'common.cts', 'nodenext'],
  ['for a bundler', 'bundled.mts', 'bundler'],
])('type-checks without the types of Node or the DOM: %s', async (_, name, resolution) => {
  writeFileSync(
    join(project, name),
    `import { createWeChat, WeChatError } from 'cloudbase-access-token/client';
import type { UploadFile, WeChat } from 'cloudbase-access-token/client';${TYPED}`,
  );
  const module = resolution === 'bundler' ? 'preserve' : 'nodenext';
  const options = {
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    target: 'es2022',
    lib: ['es2022'],
    types: [],
  };
  const config = { compilerOptions: { ...options, module, moduleResolution: resolution }, files: [name] };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(config));
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { stdout } = await run(process.execPath, [compiler, '-p', '.'], { cwd: project }).catch(
    (error: { stdout: string }) => error,
  );
  expect(stdout).toBe('');
});
