/** Where installed packages find each other is told to later instances, until something is installed. */

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readUserFunctions } from '../../../scripts/local/user-functions.ts';
import { folderOf, unedited } from '../folder.ts';
import { CLIENT, startTestHost } from './test-host.ts';

const LOCK = 'node_modules/.package-lock.json';
const INNER = 'node_modules/inner/package.json';

/** A function asks `outer`, which asks `inner`; and `inner` by itself. */
async function startAsking(files: Record<string, string> = {}) {
  const root = folderOf({
    'functions/asks/index.js':
      "exports.main = async () => [require('outer'), require('inner')];\nrequire('outer');",
    'node_modules/outer/index.js': "module.exports = require('inner');",
    [INNER]: '{ "main": "one.js" }',
    'node_modules/inner/one.js': "module.exports = 'one';",
    'node_modules/inner/two.js': "module.exports = 'two';",
    [LOCK]: '{}',
    ...files,
  });
  const { functions } = await readUserFunctions({ folders: [join(root, 'functions')], projects: [] }, []);
  const host = await startTestHost({ functions: unedited(functions) });
  return {
    edit: (path: string, text: string) => writeFileSync(join(root, path), text),
    remove: (path: string) => rmSync(join(root, path)),
    async callCold() {
      await host.recycle('asks');
      return host.invoke({ name: 'asks', event: {}, caller: CLIENT });
    },
  };
}

it('what a package asked for is not looked up again by the next instance; what the function asks for is', async () => {
  const { edit, callCold } = await startAsking();
  expect(await callCold()).toEqual({ result: ['one', 'one'] });
  edit(INNER, '{ "main": "two.js" }');
  expect(await callCold()).toEqual({ result: ['one', 'two'] });
});

it('after an installation all of it is looked up', async () => {
  const { edit, callCold } = await startAsking();
  expect(await callCold()).toEqual({ result: ['one', 'one'] });
  edit(INNER, '{ "main": "two.js" }');
  edit(LOCK, '{ "installed": "something" }');
  expect(await callCold()).toEqual({ result: ['two', 'two'] });
});

it('without the list that npm writes nothing is told', async () => {
  const { edit, remove, callCold } = await startAsking();
  remove(LOCK);
  expect(await callCold()).toEqual({ result: ['one', 'one'] });
  edit(INNER, '{ "main": "two.js" }');
  expect(await callCold()).toEqual({ result: ['two', 'two'] });
});

it('an instance that could not load what it was told of costs one call: the next looks itself', async () => {
  const { edit, remove, callCold } = await startAsking();
  await callCold();
  edit(INNER, '{ "main": "two.js" }');
  remove('node_modules/inner/one.js');
  expect(await callCold()).toMatchObject({
    failure: { message: expect.stringContaining('one.js') as string },
  });
  expect(await callCold()).toEqual({ result: ['two', 'two'] });
});

it('code within packages is never told of to a function that is itself among them', async () => {
  const own = 'node_modules/own/functions';
  const root = folderOf({
    [`${own}/asks/index.js`]: "exports.main = async () => require('./answer');\nrequire('./answer');",
    [`${own}/asks/answer/index.js`]: "module.exports = 'folder';",
    [LOCK]: '{}',
  });
  const { functions } = await readUserFunctions({ folders: [join(root, own)], projects: [] }, []);
  const host = await startTestHost({ functions });
  const call = () => host.invoke({ name: 'asks', event: {}, caller: CLIENT });
  expect(await call()).toEqual({ result: 'folder' });
  writeFileSync(join(root, own, 'asks/answer.js'), "module.exports = 'file';");
  expect(await call()).toEqual({ result: 'file' });
});
