/** axe's judgement of the page, in both languages and themes, when all is well and when nothing is. */

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { APPID, NOON_MS } from '../support/cloud.ts';
import { hasBrowser, judge, openOn, unlessSkipped } from './browser.ts';
import { twoDays } from './history.ts';
import { serveCloud } from './support.ts';

const APPEARANCES = ['en-GB', 'zh-CN'].flatMap((locale) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ locale, colorScheme })),
);

describe.skipIf(!hasBrowser)(`axe finds nothing wrong with the dashboard${unlessSkipped}`, () => {
  it.each(APPEARANCES)('in $locale, $colorScheme', async (appearance) => {
    const { address, cloud, tick, writeHistory } = await serveCloud({ startAtMs: NOON_MS });
    await tick();
    await writeHistory(twoDays(cloud.clock.now()));
    const page = await openOn(address, appearance);
    await page.locator('summary').click();
    await page.locator('.primary').click();
    await page.locator('.steps li').nth(1).waitFor();
    expect(await violations(page)).toEqual([]);
    cloud.sandbox.wechat.account(APPID).setSecret('another one', cloud.clock.now());
    await page.getByRole('switch').first().click();
    cloud.clock.advance(3 * 3_600_000);
    await tick();
    await page.locator('.tone-act .said').waitFor();
    await page.locator('.primary').click();
    await page.locator('.steps li.ill').waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

async function violations(page: Page): Promise<string[]> {
  const { violations: found, passes } = await judge(page);
  expect(passes).toBeGreaterThan(15);
  return found;
}
