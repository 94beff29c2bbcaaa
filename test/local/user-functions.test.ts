/** The user's own functions: what their folders declare, what is refused, and that they run beside ours. */

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readUserFunctions } from '../../scripts/local/user-functions.ts';
import { startTestCloud } from '../support/cloud.ts';
import { folderOf, unedited } from './folder.ts';

const read = (folders: string[], projects: string[] = []) =>
  readUserFunctions({ folders, projects }, ['getAccessToken']);

const MAIN = 'exports.main = async (event) => ({ event });';

it('a folder with an index.js is a function, and so is one with a main in its package.json', async () => {
  const root = folderOf({
    'one/index.js': MAIN,
    'two/src/app.js': MAIN,
    'two/package.json': { main: './src/app.js' },
    'notes/README.md': 'no function',
    'file.js': MAIN,
  });
  const { functions, warnings } = await read([root]);
  expect(functions.map(({ name, handler }) => [name, handler])).toEqual([
    ['one', 'index.main'],
    ['two', 'src/app.main'],
  ]);
  expect(warnings).toEqual([]);
});

it('config.json wins over cloudbaserc.json, and both over the defaults', async () => {
  const timer = { name: 'hourly', type: 'timer', config: '0 0 * * * * *' };
  const root = folderOf({
    'a/index.js': MAIN,
    'a/config.json': { timeout: 7, triggers: [timer], permissions: { openapi: ['wxacode.getUnlimited'] } },
    'b/index.js': MAIN,
    'cloudbaserc.json': {
      functions: [{ name: 'a', timeout: 20, memorySize: 512, envVariables: { LEVEL: 'high' } }],
    },
  });
  const { functions } = await read([root]);
  expect(functions).toMatchObject([
    { name: 'a', timeout: 7, memorySize: 512, triggers: [timer] },
    { name: 'b', timeout: 3, memorySize: 256, openapi: [] },
  ]);
  expect(functions[0]?.envVariables).toHaveProperty('LEVEL', 'high');
  expect(functions[0]?.openapi).toEqual(['wxacode.getUnlimited']);
});

it.each<[file: string, key: string]>([
  ['project.config.json', 'cloudfunctionRoot'],
  ['cloudbaserc.json', 'functionRoot'],
])('the %s of a project says where its functions are', async (file, key) => {
  const project = folderOf({ [file]: { [key]: 'cloud/' }, 'cloud/mine/index.js': MAIN });
  const { functions } = await read([], [project]);
  expect(functions.map(({ name }) => name)).toEqual(['mine']);
});

it('says once per function that packages are not installed, with the command', async () => {
  const root = folderOf({ 'a/index.js': MAIN, 'a/package.json': { dependencies: { 'no-such-pkg': '1' } } });
  const { warnings } = await read([root]);
  expect(warnings).toEqual([
    `a: its packages are not installed; run npm install --prefix ${join(root, 'a')}`,
  ]);
});

it('their files may have the comments and commas that an editor leaves in them', async () => {
  const root = folderOf({
    'cloudbaserc.json': '{ /* ours */ "functions": [{ "name": "a", "timeout": 9, },], }',
    'a/index.js': MAIN,
    'a/config.json': '{\n  // of DevTools\n  "permissions": { "openapi": ["x"] } }',
  });
  const { functions } = await read([root]);
  expect(functions).toMatchObject([{ name: 'a', timeout: 9, openapi: ['x'] }]);
});

it.each<[what: string, files: Record<string, string | object>, reason: RegExp]>([
  ['no function', { 'x/README.md': '' }, /holds no function/],
  [
    'one named like ours',
    { 'getAccessToken/index.js': MAIN },
    /named getAccessToken, and one of them is ours/,
  ],
  [
    'a config.json that is no JSON',
    { 'a/index.js': MAIN, 'a/config.json': '{' },
    /config\.json: line 1 is no JSON/,
  ],
  [
    'a timeout that is no number',
    { 'a/index.js': MAIN, 'a/config.json': { timeout: 'x' } },
    /can't read timeout/,
  ],
  [
    'a timer that CloudBase refuses',
    {
      'a/index.js': MAIN,
      'a/config.json': { triggers: [{ name: 't', type: 'timer', config: '*/5 * * * *' }] },
    },
    /^a: its timer trigger ".*" has 5 fields; CloudBase wants 7/,
  ],
])('a folder with %s is refused in one line', async (_what, files, reason) => {
  await expect(read([folderOf(files)])).rejects.toThrow(reason);
});

it('a folder that is not there, and a project that names none, are refused in one line', async () => {
  await expect(read(['/no/such/folder'])).rejects.toThrow('/no/such/folder: no such folder of functions');
  await expect(read([], [folderOf({ 'app.json': '{}' })])).rejects.toThrow(
    /name their folder with --functions/,
  );
});

it('they run beside ours, and one that cannot load is an error of its own calls only', async () => {
  const root = folderOf({
    'mine/index.js': MAIN,
    'broken/index.js': 'throw new Error("cannot load");',
  });
  const { functions } = await read([root]);
  const cloud = await startTestCloud({ guests: unedited(functions) });
  expect(await cloud.visit('mine', { a: 1 })).toMatchObject({ event: { a: 1 } });
  await expect(cloud.visit('broken')).rejects.toThrow(/cannot load/);
  // The one crash that is meant; every other one fails the test at its end.
  expect((cloud.host.crashes() as unknown[]).splice(0)).toMatchObject([{ name: 'broken' }]);
  expect((await cloud.refresh()).errcode).toBe(0);
  expect(await cloud.visit('mine', { a: 2 })).toMatchObject({ event: { a: 2 } });
});
