/** The page in a real browser: read, switched, used by keyboard and on a telephone. */

import { describe, expect, it } from 'vitest';
import { dayOf } from '../../functions/_shared/token/backoff.ts';
import { kindOf } from '../../scripts/dashboard/page/kinds.ts';
import { median } from '../../scripts/bench/figures.ts';
import { APPID, NOON_MS, SECRET } from '../support/cloud.ts';
import { hasBrowser, headline, leave, openOn, press, SOON, unlessSkipped } from './browser.ts';
import { twoDays } from './history.ts';
import { serveCloud } from './support.ts';

const NEWS_MS = 1_000;

describe.skipIf(!hasBrowser)(`the dashboard’s page${unlessSkipped}`, () => {
  it('shows the state, no tickets where none is configured, and no token, in what it shows and in its sources; lets the life run down before one’s eyes, and shows a change within a second', async () => {
    const served = await serveCloud();
    await served.tick();
    const page = await openOn(served.address);
    await expect.poll(() => headline(page), SOON).toBe('Nothing to do');
    expect(await page.locator('main').innerText()).toMatch(/110_… \(142 characters\)/);
    expect(await page.getByRole('meter').getAttribute('aria-valuetext')).toMatch(/^1 h 5\d min left$/);
    const html = await page.content();
    expect(html).not.toContain(served.cloud.storedToken());
    expect(html).not.toContain(SECRET);
    expect(await page.getByRole('region', { name: 'Tickets' }).count()).toBe(0);

    const read = () => page.locator('.countdown').innerText();
    const before = await read();
    await expect.poll(read, SOON).not.toBe(before);

    const day = dayOf(served.cloud.clock.now());
    const tookMs: number[] = [];
    for (let count = 2; count <= 6; count++) {
      await served.write({ mints: { day, count } });
      const beganAtMs = performance.now();
      await page.getByText(`${count} of 500`).waitFor();
      tookMs.push(performance.now() - beganAtMs);
    }
    // One of them may fall into a pause of a busy machine.
    expect(median(tookMs)).toBeLessThan(NEWS_MS);
  });

  it('remembers language and theme, and fits a telephone of 360 pixels without scrolling sideways in each language', async () => {
    const served = await serveCloud({ startAtMs: NOON_MS });
    await served.tick();
    const page = await openOn(served.address, {
      colorScheme: 'light',
      viewport: { width: 360, height: 740 },
    });
    await page.locator('summary').click();
    const width = () => page.evaluate('document.documentElement.scrollWidth');
    expect(await width()).toBe(360);
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await ground();
    await press(page, '中文');
    await press(page, '深色');
    const check = async (): Promise<void> => {
      await expect.poll(() => headline(page), SOON).toBe('一切正常，无需处理');
      expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
      expect(await ground()).not.toBe(light);
    };
    await check();
    expect(await width()).toBe(360);
    await page.reload();
    await check();
  });

  it.each([
    ['zh-CN', 'dark', '一切正常，无需处理'],
    ['de-DE', 'light', 'Nothing to do'],
  ] as const)('a browser in %s with a %s theme finds its own', async (locale, colorScheme, title) => {
    const served = await serveCloud();
    await served.tick();
    const page = await openOn(served.address, { locale, colorScheme });
    await expect.poll(() => headline(page), SOON).toBe(title);
    expect(await page.locator('html').getAttribute('data-theme')).toBe(colorScheme);
  });

  it('keeps the secret in the tab and out of the address bar, and says what is missing without it', async () => {
    const served = await serveCloud();
    const page = await openOn(served.address);
    expect(page.url()).toBe(`${served.url}/`);
    await page.reload();
    await page.locator('[role=meter]').first().waitFor();
    await leave(page);
    const stranger = await openOn(served.url, {}, '.warning');
    expect(await stranger.locator('.warning').first().innerText()).toContain('open the address');
    // The address of this start, pasted into that tab, changes the part behind the # alone.
    await stranger.goto(served.address);
    await stranger.locator('[role=meter]').first().waitFor();
  });

  it('can be used by keyboard alone', async () => {
    const served = await serveCloud();
    await served.tick();
    const page = await openOn(served.address);
    const focused = () => page.evaluate<string>('document.activeElement?.textContent?.trim() ?? ""');
    async function tabTo(text: string): Promise<void> {
      for (let presses = 0; presses < 30; presses++) {
        await page.keyboard.press('Tab');
        if ((await focused()).startsWith(text)) return;
      }
      throw new Error(`"${text}" can't be reached with the tabulator`);
    }
    await tabTo('To the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement?.id')).toBe('content');
    await tabTo('As a table');
    await page.keyboard.press('Enter');
    await page.getByRole('cell', { name: 'fetched' }).waitFor();
    await tabTo('Outage');
    await page.keyboard.press('Space');
    await expect.poll(() => served.cloud.sandbox.faults.list(served.cloud.clock.now()), SOON).toHaveLength(1);
  });

  it.each([
    ['outside', 'meant to come from outside'],
    ['readers', 'none is meant to come (TICKS=readers): callers alone keep the token alive'],
  ])('says where ticks are meant to come from: %s', async (TICKS, told) => {
    const variables = { WX_APPID: APPID, WX_APPSECRET: SECRET, TICKS };
    const served = await serveCloud({ hasTimer: true, variables });
    await served.tick();
    const page = await openOn(served.address);
    await page.getByText(told).waitFor();
    expect(await page.locator('.facts').innerText()).not.toContain('next at');
    // Nothing ticks here by itself.
    await expect(served.cloud.timer.fireNow('refreshAccessToken-tick')).rejects.toThrow('no timer trigger');
  });

  it('shows the last 48 hours as plots and as a table', async () => {
    const served = await serveCloud({ startAtMs: NOON_MS });
    await served.tick();
    const nowMs = served.cloud.clock.now();
    const history = twoDays(nowMs);
    await served.writeHistory(history);
    const page = await openOn(served.address);
    await page.getByText('As a table').click();
    const shown = history.filter(({ atMs }) => atMs > nowMs + 60_000 - 48 * 3_600_000);
    await expect.poll(() => page.locator('tbody tr').count(), SOON).toBe(shown.length);
    expect(await page.locator('tr.failed').count()).toBe(2);
    expect(await page.locator('table').innerText()).toContain('6921a3f0-1b2c3d4e-5f607182');
    const label = await page
      .getByRole('img', { name: 'Time since the previous token' })
      .getAttribute('aria-label');
    expect(label).toContain(`${shown.length} refreshes, 2 failed, 1 after a report`);
    // In the second plot every refresh has its mark; in the first one the very first had no token before it.
    const took = page.getByRole('img', { name: 'WeChat’s response time' });
    const marks = (kind: string) => took.locator(`.mark.kind-${kind}`).count();
    const kinds = ['timer', 'report', 'manual', 'failed', 'reader'];
    const counts = await Promise.all(kinds.map(marks));
    expect(counts).toEqual(kinds.map((kind) => shown.filter((entry) => kindOf(entry) === kind).length));
    expect(counts.slice(0, 4).every((count) => count > 0)).toBe(true);
    const box = (await took.locator('.ground').boundingBox())!;
    const last = (await took.locator('.mark').last().boundingBox())!;
    expect(last.x + last.width).toBeLessThanOrEqual(box.x + box.width + 6);
    await took.locator('.ground').hover({ position: { x: box.width - 1, y: 9 } });
    await expect
      .poll(() => page.locator('figcaption .numbers').allInnerTexts())
      .toEqual([expect.stringMatching(/ · /), expect.stringMatching(/ · /)]);
  });

  it('shows WeChat’s text as text; says so when the server is gone, and how old the figures are', async () => {
    const served = await serveCloud();
    const { faults } = served.cloud.sandbox;
    const errmsg = '<img src=x onerror=alert(1)> <b>40013</b>';
    faults.add({ fault: { do: 'refuse', errcode: 40013, errmsg }, times: 3 });
    await served.tick();
    const page = await openOn(served.address);
    await expect.poll(() => page.locator('.card .said').innerText(), SOON).toContain('<b>40013</b>');
    expect(await page.locator('.said *').count()).toBe(0);

    await served.close();
    await expect
      .poll(() => page.locator('.warning').innerText(), SOON)
      .toMatch(/^Connection lost: the figures are \d+ s old/);
  });
});
