/** Many apps on one page: the sick ones first, an alarm in the tab, and nothing that is told stays when it is no longer known. */

import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { readPage } from '../../scripts/dashboard/assets.ts';
import { COLLECTION } from '../../scripts/local/cloud.ts';
import { NOON_MS, ROOT, SECRET } from '../support/cloud.ts';
import { hasBrowser, judge, openOn, press, SOON, unlessSkipped } from './browser.ts';
import { serveCloud, type Served } from './support.ts';

/** Forty rows, in twelve appearances, on a machine that is busy. */
const PATIENCE_MS = 300_000;
/** As long as an AppID may be. */
const LONGEST = `wx${'0123456789abcdef'.repeat(4)}`.slice(0, 64);
/** All of it, as it is and as a browser asks for it. */
const MOST_BYTES = 120_000;
const MOST_GZIPPED = 60_000;
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };
const APPEARANCES = [DESKTOP, PHONE].flatMap((viewport) =>
  ['English', '中文'].flatMap((language) =>
    (['light', 'dark'] as const).map((colorScheme) => ({ viewport, language, colorScheme })),
  ),
);
type Appearance = (typeof APPEARANCES)[number];
/** With two apps opened: each language, theme and width twice. */
const SOME: Appearance[] = [
  { viewport: DESKTOP, language: 'English', colorScheme: 'light' },
  { viewport: DESKTOP, language: '中文', colorScheme: 'dark' },
  { viewport: PHONE, language: '中文', colorScheme: 'light' },
  { viewport: PHONE, language: 'English', colorScheme: 'dark' },
];

function serveApps(count: number): Promise<Served> {
  const apps = Array.from({ length: count }, (_, index) => ({
    appid: index === count - 1 ? LONGEST : `wxmany${String(index).padStart(12, '0')}`,
    secret: SECRET,
  }));
  return serveCloud({ variables: { WX_APPS: JSON.stringify(apps) }, startAtMs: NOON_MS });
}

/** The last of all in the order of names. */
function killToken({ cloud }: Served, appid: string): Promise<unknown> {
  const update = { $set: { token: null } };
  return cloud.database.collection(COLLECTION).update({ query: { _id: appid }, update, multi: false });
}

const isPictured = process.env['SCREENSHOTS'] !== undefined;
const FITS = `fits in both languages, on desktop and phone, in light and dark${isPictured ? '' : ' (with SCREENSHOTS=1: pictures in .local/pictures, and axe in each)'}`;
const widthOf = (page: Page): Promise<unknown> => page.evaluate('document.documentElement.scrollWidth');
const iconOf = (page: Page): Promise<string | null> => page.locator('link[rel=icon]').getAttribute('href');

/** Another language is chosen, theme and width are the browser's. */
async function wear(page: Page, { viewport, language, colorScheme }: Appearance): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize(viewport);
  const other = page.getByRole('button', { name: language });
  if ((await other.count()) > 0) await other.click();
}

async function expectFits(page: Page, count: number): Promise<void> {
  for (const appearance of APPEARANCES) {
    await wear(page, appearance);
    const { viewport, language, colorScheme } = appearance;
    const shown = [count, language, colorScheme, viewport.width];
    expect([...shown, await widthOf(page)]).toEqual([...shown, viewport.width]);
    expect(isPictured ? await picture(page, shown.join('-')) : []).toEqual([]);
  }
}

describe.skipIf(!hasBrowser)(`the dashboard of several apps${unlessSkipped}`, () => {
  it(
    `shows of 40 apps the dead one first, in title and icon, too, finds each by a part of its AppID, and ${FITS}`,
    async () => {
      const served = await serveApps(40);
      await served.tick();
      const page = await openOn(served.address);
      await page.getByText('All 40 apps are healthy').waitFor();
      expect(await page.title()).toBe('access_token dashboard');
      expect(await iconOf(page)).toBe('/icon.svg');
      await killToken(served, 'wxmany000000000038');
      await page.getByText('39 of 40 apps are healthy').waitFor();
      await expect.poll(() => page.title(), SOON).toMatch(/^✗ 1\/40 Fetch a token/);
      expect(await iconOf(page)).toBe('/icon-act.svg');
      const first = page.locator('main section').nth(1);
      expect(await first.innerText()).toMatch(/wxmany000000000038\s+Fetch a token/);
      expect((await first.boundingBox())!.y).toBeLessThan(400);
      expect((await first.boundingBox())!.height).toBeLessThan(80);
      await page.getByRole('searchbox').fill('ABCDEF');
      await expect.poll(() => page.locator('.row').count(), SOON).toBe(1);
      await page.getByRole('searchbox').fill('');
      await expectFits(page, 40);
      await wear(page, { viewport: DESKTOP, language: 'English', colorScheme: 'light' });
      await page.getByRole('button', { name: 'wxmany000000000038' }).click();
      expect(await page.locator('.todo').innerText()).toMatch(/npm run refresh -- --local/);
      expect(await page.locator('.facts').count()).toBe(1);
      await page.getByRole('button', { name: LONGEST }).click();
      await page.locator('.facts').nth(1).waitFor();
      for (const appearance of SOME) {
        await wear(page, appearance);
        expect([appearance, await widthOf(page)]).toEqual([appearance, appearance.viewport.width]);
        expect(appearance.language === '中文' ? (await judge(page)).violations : []).toEqual([]);
      }
    },
    PATIENCE_MS,
  );

  it.each([
    [1, '一切正常，无需处理'],
    [5, '5 个应用全部正常'],
  ])(
    `with %i in all has no search, and ${FITS}`,
    async (count, told) => {
      const served = await serveApps(count);
      await served.tick();
      const page = await openOn(served.address, { locale: 'zh-CN', viewport: PHONE });
      await page.getByText(told).waitFor();
      expect(await page.getByRole('searchbox').count()).toBe(0);
      expect(await widthOf(page)).toBe(PHONE.width);
      if (count > 1) {
        await killToken(served, 'wxmany000000000001');
        await page.getByText('5 个应用，4 个正常').waitFor();
      }
      await expectFits(page, count);
    },
    PATIENCE_MS,
  );

  it('tells nothing that is no longer known: a call is dated, and a lost connection stops knobs and verdicts', async () => {
    const served = await serveApps(1);
    await served.tick();
    const page = await openOn(served.address);
    await press(page, 'Call getAccessToken');
    expect(await page.locator('.asked-at').innerText()).toMatch(/^\d\d:\d\d:\d\d$/);
    await press(page, '+2 h');
    await expect.poll(() => page.locator('.asked-at').innerText(), SOON).toMatch(/ · 2 h ago$/);
    const [clock, told] = [page.locator('.knobs').first(), page.getByText('The clock was moved.')];
    const distance = (await told.boundingBox())!.y - (await clock.boundingBox())!.y;
    expect(distance).toBeLessThan(140);
    await served.close();
    await page.locator('.warning').waitFor();
    expect(await page.locator('header').innerText()).toMatch(/connection lost/);
    expect(await page.locator('header').innerText()).not.toMatch(/live/);
    expect(await page.getByRole('button', { name: '+2 h' }).isDisabled()).toBe(true);
    expect(await page.locator('main .tone-lost').count()).toBe(1);
    expect(await page.title()).toMatch(/^\? connection lost/);
    expect(await iconOf(page)).toBe('/icon-lost.svg');
  });
});

it('the page is small', async () => {
  const assets = [...(await readPage()).values()];
  expect(assets.reduce((sum, { body }) => sum + body.length, 0)).toBeLessThan(MOST_BYTES);
  expect(assets.reduce((sum, { gzipped }) => sum + gzipped.length, 0)).toBeLessThan(MOST_GZIPPED);
});

/** For a person to look at; what axe says of it. */
async function picture(page: Page, name: string): Promise<string[]> {
  const path = join(ROOT, '.local/pictures', `${name}.png`);
  await page.screenshot({ path, animations: 'disabled', fullPage: true });
  return (await judge(page)).violations;
}
