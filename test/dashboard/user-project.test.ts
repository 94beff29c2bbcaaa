/** The user's functions and collections on the dashboard: read only, with the secret, and nothing of ours. */

import { describe, expect, it, onTestFinished } from 'vitest';
import { embeddedSource } from '../../scripts/dashboard/embedded.ts';
import { createUserProject } from '../../scripts/dashboard/user-project.ts';
import { startDashboard } from '../../scripts/dashboard/serve.ts';
import { createTicks } from '../../scripts/dashboard/ticks.ts';
import { OUR_COLLECTIONS } from '../../scripts/local/our-collections.ts';
import { readUserFunctions } from '../../scripts/local/user-functions.ts';
import { APPID, bearer, ROOT, SECRET, startTestCloud } from '../support/cloud.ts';
import { folderOf, unedited } from '../local/folder.ts';
import { hasBrowser, openOn, unlessSkipped } from './browser.ts';
import { listenTo } from './support.ts';

const CODE = `exports.main = async ({ fail }) => {
  console.log('<b>hello</b>');
  if (fail) throw new Error('meant');
};`;

async function serveUserProject() {
  const root = folderOf({ 'mine/index.js': CODE });
  const { functions } = await readUserFunctions({ folders: [root], projects: [] }, []);
  const seed = { documents: { orders: [{ _id: 'a', n: 1 }] }, rules: new Map() };
  const cloud = await startTestCloud({ guests: unedited(functions), seed });
  const userProject = createUserProject(cloud, ['mine']);
  const variables = { WX_APPID: APPID, WX_APPSECRET: SECRET };
  const ticks = createTicks();
  const source = await embeddedSource({
    root: ROOT,
    cloud,
    variables,
    ticks,
    knobs: undefined,
    userProject,
    at: { isInstalled: false, isSandbox: true, flags: '' },
  });
  const dashboard = await startDashboard({ port: 0, secret: 'of-this-start', source, userProject });
  onTestFinished(() => dashboard.close());
  const ask = async (path: string, headers = bearer('of-this-start'), method = 'GET') => {
    const response = await fetch(dashboard.url + path, { headers, method });
    return [response.status, await response.text()] as const;
  };
  return { cloud, dashboard, ask };
}

it('tells of calls, errors, cold starts and the last line, and lists collections', async () => {
  const { cloud, dashboard } = await serveUserProject();
  await cloud.visit('mine');
  await expect(cloud.visit('mine', { fail: true })).rejects.toThrow('meant');
  const stream = await listenTo(dashboard.address);
  const { snapshot } = await stream.until(
    ({ snapshot: told }) => told?.userProject?.functions[0]?.lastLine.includes(' failed ') ?? false,
  );
  expect(snapshot?.userProject).toMatchObject({
    functions: [{ name: 'mine', calls: 2, errors: 1, coldStarts: 1 }],
    collections: ['orders'],
  });
});

it('shows lines and documents, and neither ours nor anything without the secret', async () => {
  const { cloud, ask } = await serveUserProject();
  await cloud.visit('mine');
  expect(await ask('/functions/mine')).toEqual([200, expect.stringContaining('<b>hello</b>')]);
  const [status, text] = await ask('/collections/orders');
  expect(status).toBe(200);
  expect((JSON.parse(text) as { lines: string[] }).lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { _id: 'a', n: 1 },
  ]);
  for (const path of [
    ...OUR_COLLECTIONS.map((name) => `/collections/${name}`),
    '/functions/getAccessToken',
    '/collections/none',
    '/collections/%',
    '/functions/mine/more',
    '/other/mine',
  ])
    expect([path, (await ask(path))[0]]).toEqual([path, 404]);
  expect((await ask('/collections/orders', bearer('another')))[0]).toBe(401);
  expect((await ask('/collections/orders', undefined, 'DELETE'))[0]).toBe(404);
});

describe.skipIf(!hasBrowser)(`the page${unlessSkipped}`, () => {
  it('shows them, and what is in them when they are opened', async () => {
    const { cloud, dashboard } = await serveUserProject();
    await cloud.visit('mine');
    const page = await openOn(dashboard.address, {}, '#user-project');
    expect(await page.locator('summary', { hasText: 'mine' }).innerText()).toContain('1 calls, 0 failed');
    await page.locator('summary', { hasText: 'mine' }).click();
    await page.locator('pre', { hasText: '<b>hello</b>' }).waitFor();
    await page.locator('summary', { hasText: 'orders' }).click();
    await page.locator('pre', { hasText: '"n": 1' }).waitFor();
  });
});
