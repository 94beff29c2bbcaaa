/** docs/recipes.md: its JavaScript runs, in the cloud and outside of it, with the versions it names. */

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { FunctionDeclaration } from '../scripts/build/declarations.ts';
import { buildFunctions } from '../scripts/build/functions.ts';
import { createUserCode } from '../scripts/local/wechat/user-codes.ts';
import { documentsOf } from '../scripts/place/local-documents.ts';
import { borrowOutsideCloud, type OutsideCloud } from './outside/harness.ts';
import { readPage, type Page } from './readme/markdown.ts';
import { snippetsOf, writeSource } from './readme/snippets.ts';
import { APPID, borrowCloud, ROOT, SECRET, type TestCloud } from './support/cloud.ts';

const english = readPage('docs/recipes.md');
const chinese = readPage('docs/recipes.zh-CN.md');
const unrun = readPage('docs/recipes-read-not-run.md');
const unrunInChinese = readPage('docs/recipes-read-not-run.zh-CN.md');
const sources = 'dist/recipes/sources';
const require = createRequire(import.meta.url);

const snippets = snippetsOf(english);
const functions = snippets.flatMap((text, index) => (text.includes('exports.main') ? [nameOf(index)] : []));
const exporting = snippets.flatMap((text, index) => (text.includes('module.exports') ? [nameOf(index)] : []));
const signing = exporting.filter((name) =>
  snippets[Number(name.slice('recipe'.length)) - 1]!.includes('jssdk'),
);
const outside = exporting.filter((name) => !signing.includes(name));

function nameOf(index: number): string {
  return `recipe${index + 1}`;
}

/** The code is run as it stands, but WeChat's address is the sandbox's, and a busy machine has more than 3 s to answer. */
beforeAll(() => {
  mkdirSync(join(ROOT, sources), { recursive: true });
  const libraries = {
    'co-wechat-api': 'this.prefix = `${process.env.WX_API_BASE_URL}/cgi-bin/`',
    'wechat-api': 'this.endpoint = process.env.WX_API_BASE_URL',
  };
  for (const [name, statement] of Object.entries(libraries)) {
    const body = `constructor(...args) { super(...args); ${statement}; }
  setOpts(options) { super.setOpts({ timeout: 30_000, ...options }); }`;
    write(`${name}.cjs`, `module.exports = class extends require('${name}') { ${body} };\n`);
  }
  // As npm installs it: NestJS requires packages that only some have, which a bundler takes for missing ones.
  write(
    'nest-wechat.cjs',
    `module.exports = require('node:module').createRequire(${JSON.stringify(join(ROOT, 'package.json'))})('nest-wechat');\n`,
  );
  const easyWeChat = `constructor(...args) {
    super(...args);
    this.getHttpClient().getInstance().defaults.baseURL = process.env.WX_API_BASE_URL + '/';
  }`;
  write(
    'node-easywechat.cjs',
    `exports.MiniApp = class extends require('node-easywechat').MiniApp { ${easyWeChat} };\n`,
  );
  for (const [index, text] of snippets.entries()) {
    const onSandbox = text
      .replace(/require\('((?:co-)?wechat-api|node-easywechat|nest-wechat)'\)/, "require('./$1.cjs')")
      .replace('`https://api.weixin.qq.com', '`${process.env.WX_API_BASE_URL}')
      .replace('createWeChat({ app', 'createWeChat({ baseUrl: process.env.WX_API_BASE_URL, app');
    write(`${nameOf(index)}.cjs`, onSandbox);
  }
});

function write(name: string, text: string): void {
  writeSource(join(ROOT, sources, name), text);
}

it('there are snippets of three kinds, and no other', () => {
  expect([functions.length, outside.length, signing.length]).toEqual([7, 3, 1]);
  expect(functions.length + outside.length + signing.length).toBe(snippets.length);
});

describe('in a cloud function', () => {
  let guests: FunctionDeclaration[];
  beforeAll(async () => {
    const entries = functions.map((name) => ({ name, entry: `${sources}/${name}.cjs` }));
    const outDir = join(ROOT, 'dist/recipes/functions');
    const built = await buildFunctions({ root: ROOT, outDir, functions: entries });
    const variables = ['WX_API_BASE_URL', 'WX_APPID'].map((name) => [name, `{{env.${name}}}`]);
    guests = built.map(({ name, directory }) => ({
      name,
      directory,
      handler: 'index.main',
      timeout: 20,
      memorySize: 256,
      envVariables: { ...Object.fromEntries(variables), SUBSCRIBE_TEMPLATE_ID: 'template-1' },
      triggers: [],
    }));
  });

  it.each(functions)('%s works, and after the token is revoked works again', async (name) => {
    const cloud = await borrowCloud({ guests });
    await logIn(cloud);
    const first = await cloud.visit(name);
    expect(first).toMatchObject({ errcode: 0 });
    cloud.clock.advance(31_000);
    cloud.sandbox.wechat.account(APPID).revoke(cloud.clock.now());
    expect(await cloud.visit(name)).toEqual(first);
    expect(cloud.mints()).toBe(2);
    expect(JSON.stringify(first)).not.toContain(cloud.storedToken());
  });
});

/** Leaves what the login function stores, for the snippet about it. */
async function logIn({ sandbox, database, clock }: TestCloud): Promise<void> {
  const code = createUserCode('login', 'oVisitor', clock.now());
  const sent = { appid: APPID, secret: SECRET, js_code: code, grant_type: 'authorization_code' };
  const session = sandbox.wechat.code2Session(sent, clock.now());
  if (database.hasCollection('sessions')) await database.collection('sessions').remove({}, true);
  else database.createCollection('sessions');
  await documentsOf(database, 'sessions').insert('oVisitor', { ...session });
}

describe('outside', () => {
  it.each(outside)('%s works with a server key and no AppSecret', async (name) => {
    const cloud = await borrowOutsideCloud();
    const recipe = load(name, cloud, await cloud.addKey());
    await use(recipe, cloud);
    await use(recipe, cloud);
    expect(cloud.mints()).toBe(1);
  });

  it.each(outside)('%s works again after the token is revoked', async (name) => {
    const cloud = await borrowOutsideCloud();
    const recipe = load(name, cloud, await cloud.addKey());
    await use(recipe, cloud);
    cloud.revoke();
    await use(recipe, cloud, { isRefused: true });
    expect(cloud.mints()).toBe(2);
  });

  it.each(outside)('%s hands on that a key is wrong', async (name) => {
    const cloud = await borrowOutsideCloud();
    const { call, accessToken } = load(name, cloud, 'wrong');
    await expect((call ?? accessToken)?.()).rejects.toThrow('invalid appsecret');
  });
});

it.each(signing)('%s signs a page for wx.config with the shared ticket', async (name) => {
  const variables = { WX_APPID: APPID, WX_APPSECRET: SECRET, WX_TICKETS: 'jsapi' };
  const cloud = await borrowOutsideCloud({ variables });
  const { sign } = load(name, cloud, await cloud.addKey());
  const { appId: appid, ...signed } = await sign!('https://www.example.com/a/b?x=1&y=%E4%B8%AD#/route');
  const body = JSON.stringify({ appid, ...signed });
  const judged = await fetch(`${cloud.sandbox.url}/verify`, { method: 'POST', body });
  expect(await judged.json()).toMatchObject({ errcode: 0 });
  expect(cloud.fetches()).toBe(1);
});

interface Recipe {
  sign?(url: string): Promise<{ appId: string }>;
  call?(): Promise<{ ip_list: string[] }>;
  accessToken?(options?: { isRefused: boolean }): Promise<string>;
}

/** Anew for each test: the snippets keep a token. */
function load(name: string, cloud: OutsideCloud, key: string): Recipe {
  const variables = { WX_APPID: APPID, WX_SERVER_KEY: key, WX_DOOR_URL: cloud.url };
  Object.assign(process.env, variables, { WX_API_BASE_URL: cloud.sandbox.url });
  onTestFinished(() => {
    for (const variable of [...Object.keys(variables), 'WX_API_BASE_URL']) delete process.env[variable];
  });
  const file = join(ROOT, sources, `${name}.cjs`);
  delete require.cache[file];
  return require(file) as Recipe;
}

async function use(
  { call, accessToken }: Recipe,
  cloud: OutsideCloud,
  options?: { isRefused: boolean },
): Promise<void> {
  const answer = await (call?.() ?? accessToken?.(options));
  const isAnswered = typeof answer === 'string' ? cloud.isAlive(answer) : answer?.ip_list.length === 2;
  expect(isAnswered).toBe(true);
}

it('names the versions that are installed', () => {
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  ) as Record<'dependencies' | 'devDependencies', Record<string, string>>;
  const installed: Record<string, string> = { ...dependencies, ...devDependencies };
  const libraries = [...snippets.join().matchAll(/require\('([^']+)'\)/g)].map(([, name = '']) => name);
  const named = [...new Set(libraries)].filter((name) => !/^node:|^cloudbase-access-token/.test(name));
  const rows = english.tables[0]?.rows.filter(([name = '']) => Object.hasOwn(installed, name)) ?? [];
  expect(rows).toHaveLength(named.length);
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(named.map((name) => [name, installed[name]])));
});

describe.each([
  [english, chinese],
  [unrun, unrunInChinese],
])('$path and its Chinese twin', (one, other) => {
  it.each<[string, (page: Page) => unknown]>([
    ['sections', ({ headings }) => headings.map(({ level }) => level)],
    ['commands and snippets', ({ fences }) => fences.map(({ language, text }) => `${language}\n${text}`)],
    ['tables, row by row', ({ tables }) => tables.map(({ rows }) => rows.length)],
    [
      'links to files',
      ({ links }) =>
        links
          .slice(1)
          .filter((link) => !link.startsWith('#'))
          .map((link) => link.replace('.zh-CN.md', '.md')),
    ],
    ['code in backticks', ({ codes }) => codes.map(({ text }) => text).toSorted()],
  ])('have the same %s', (_, part) => {
    expect(part(other)).toEqual(part(one));
  });

  it.each([one, other])('the links of $path lead somewhere', ({ path, links, headings }) => {
    const files = links.filter((link) => !link.startsWith('#'));
    expect(files.filter((link) => !existsSync(join(ROOT, dirname(path), link)))).toEqual([]);
    const anchors = new Set(headings.map(({ title }) => `#${title.toLowerCase().replaceAll(' ', '-')}`));
    expect(links.filter((link) => link.startsWith('#') && !anchors.has(link))).toEqual([]);
  });
});
