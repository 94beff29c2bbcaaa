/** The page of an environment that is looked at from outside: no knobs, no ticks, and honest about its age. */

import { describe, expect, it, onTestFinished } from 'vitest';
import { readingSource } from '../../scripts/dashboard/reading.ts';
import { startDashboard } from '../../scripts/dashboard/serve.ts';
import { readReports } from '../../scripts/place/apps.ts';
import type { Reach } from '../../scripts/place/reach.ts';
import { readSettings } from '../../scripts/place/settings.ts';
import { startOperator, type Operator } from '../place/support.ts';
import { hasBrowser, openOn, SOON, unlessSkipped } from './browser.ts';
import { listenTo } from './support.ts';

/** An operator's dashboard, of an environment that this cloud plays. */
async function serveReading(operator: Operator, documents: Reach['documents']): Promise<string> {
  const reach: Reach = { ...operator.reach, kind: 'cloud', envId: 'prod-1a2b3c', documents };
  const source = readingSource({ reach, values: operator.values }, operator.clock.now);
  const dashboard = await startDashboard({ port: 0, secret: 'looking', source });
  onTestFinished(() => dashboard.close());
  return dashboard.address;
}

it('tells the very reports that status prints', async () => {
  const operator = await startOperator();
  await operator.cloud.refresh();
  const address = await serveReading(operator, operator.reach.documents);
  const { snapshot } = await (await listenTo(address)).until(() => true);
  const { reach, values, clock } = operator;
  const reports = await readReports(reach, readSettings(values), clock.now());
  expect(snapshot?.apps).toEqual(JSON.parse(JSON.stringify(reports)));
});

describe.skipIf(!hasBrowser)(`the page of an environment${unlessSkipped}`, () => {
  it('says which one, how often it looks, how old the figures are, and has no knobs', async () => {
    const operator = await startOperator();
    await operator.cloud.refresh();
    const address = await serveReading(operator, operator.reach.documents);
    const page = await openOn(address);
    const head = await page.locator('header').innerText();
    expect(head).toMatch(/CloudBase environment · prod-1a2b3c · updated \d\S* s ago/);
    expect(head).toContain('Reads the database every 30 s while this page is open');
    expect(await page.locator('main').innerText()).toContain('not recorded: a tick with nothing to do');
    expect(await page.getByRole('switch').count()).toBe(0);
    expect(await page.locator('aside').count()).toBe(0);
  });

  it('says why nothing can be read, as text', async () => {
    const operator = await startOperator();
    const list = () => Promise.reject(new Error('AuthFailure <b>: npx tcb login'));
    const address = await serveReading(operator, (name) => ({ ...operator.reach.documents(name), list }));
    const page = await openOn(address, {}, '.warning');
    expect(await page.locator('.warning').innerText()).toBe('Nothing could be read yet.');
    await expect.poll(() => page.locator('.said').innerText(), SOON).toBe('AuthFailure <b>: npx tcb login');
  });
});
