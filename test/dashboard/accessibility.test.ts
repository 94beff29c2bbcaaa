/** axe's judgement of the page, in both languages and themes, when all is well and when nothing is. */

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { APPID, NOON_MS } from '../support/cloud.ts';
import { hasBrowser, judge, openOn, press, unlessSkipped } from './browser.ts';
import { twoDays } from './history.ts';
import { serveCloud } from './support.ts';

/** From English in light through all four, and back. One page for all: to take in axe costs more than to be judged. */
const SWITCHES = ['Dark', '中文', '浅色', 'English'];
const NOTHING = ['en dark', 'zh-CN dark', 'zh-CN light', 'en light'].map((appearance) => [appearance, []]);
const APPEARANCE = '`${document.documentElement.lang} ${document.documentElement.dataset.theme}`';

describe.skipIf(!hasBrowser)(`axe finds nothing wrong with the dashboard${unlessSkipped}`, () => {
  it('in English and Chinese, in light and dark, when all is well and when nothing is', async () => {
    const { address, cloud, tick, writeHistory } = await serveCloud({ startAtMs: NOON_MS });
    await tick();
    await writeHistory(twoDays(cloud.clock.now()));
    const page = await openOn(address);
    await page.locator('summary').click();
    await page.locator('.primary').click();
    await page.locator('.steps li').nth(1).waitFor();
    expect(await judgeEach(page)).toEqual(NOTHING);
    cloud.sandbox.wechat.account(APPID).setSecret('another one', cloud.clock.now());
    await page.getByRole('switch').first().click();
    cloud.clock.advance(3 * 3_600_000);
    await tick();
    await page.locator('.tone-act .said').waitFor();
    await page.locator('.primary').click();
    await page.locator('.steps li.ill').waitFor();
    expect(await judgeEach(page)).toEqual(NOTHING);
  });
});

/** What is wrong in each appearance. */
async function judgeEach(page: Page): Promise<[appearance: unknown, violations: string[]][]> {
  const found: [unknown, string[]][] = [];
  for (const name of SWITCHES) {
    await press(page, name);
    const { violations, passes } = await judge(page);
    expect(passes).toBeGreaterThan(15);
    found.push([await page.evaluate(APPEARANCE), violations]);
  }
  return found;
}
