/** Draws the pictures of the README: `SCREENSHOTS=1 npx vitest run test/dashboard/screenshots.test.ts`. */

import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createCloudClock } from '../../scripts/local/clock.ts';
import { NOON_MS, ROOT } from '../support/cloud.ts';
import { hasBrowser, openOn, unlessSkipped } from './browser.ts';
import { twoDays } from './history.ts';
import { serveCloud } from './support.ts';

const MOST_BYTES = 200_000;
const isWanted = process.env['SCREENSHOTS'] !== undefined;
const APPEARANCES = [
  { name: 'en-light', locale: 'en-GB', colorScheme: 'light' },
  { name: 'en-dark', locale: 'en-GB', colorScheme: 'dark' },
  { name: 'zh-light', locale: 'zh-CN', colorScheme: 'light' },
  { name: 'zh-dark', locale: 'zh-CN', colorScheme: 'dark' },
] as const;

it.skipIf(!isWanted || !hasBrowser).each(APPEARANCES)(
  `draws the page for docs/images: $name${isWanted ? unlessSkipped : ' (only with SCREENSHOTS=1)'}`,
  async ({ name, locale, colorScheme }) => {
    const { address, cloud, tick, writeHistory } = await serveCloud({
      clock: createCloudClock(NOON_MS),
      startAtMs: NOON_MS,
    });
    await tick();
    await writeHistory(twoDays(NOON_MS));
    // The last tick as a timer would have it: minutes ago, with nothing to do.
    cloud.clock.advance(20 * 60_000 + 20_000);
    await tick();
    cloud.clock.advance(3 * 60_000 + 58_000);
    const appearance = {
      locale,
      colorScheme,
      timezoneId: 'Asia/Shanghai',
      viewport: { width: 1180, height: 900 },
    };
    const page = await openOn(address, appearance);
    // The browser's clock stands still like the cloud's: the same figures each time.
    await page.clock.setFixedTime(NOON_MS);
    await page.getByRole('button', { name: /getAccessToken/ }).click();
    await page.locator('.steps li').nth(1).waitFor();
    // Today's time of day, once the browser's clock is believed.
    await page.getByText(/(shows |：)12:24:18$/).waitFor();
    const file = join(ROOT, `docs/images/dashboard-${name}.png`);
    await page.screenshot({ path: file, animations: 'disabled', fullPage: true });
    // Its clock stands still.
    await page.close();
    expect((await stat(file)).size).toBeLessThan(MOST_BYTES);
  },
);

it.each(['README.md', 'README.zh-CN.md'])(
  '%s shows pictures that are there, and not too large',
  async (page) => {
    const text = await readFile(join(ROOT, page), 'utf8');
    const pictures = [...text.matchAll(/(?:src|srcset)="(docs\/images\/[^"]+)"/g)].map(
      ([, path = '']) => path,
    );
    expect(pictures).toHaveLength(2);
    for (const path of pictures) expect((await stat(join(ROOT, path))).size).toBeLessThan(MOST_BYTES);
  },
);
