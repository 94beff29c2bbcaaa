/** axe's judgement of the page, in both languages and themes, when all is well and when nothing is. */

import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { APPID, NOON_MS } from '../support/cloud.ts';
import { hasBrowser, openOn, unlessSkipped } from './browser.ts';
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

/** Put in by the debugger's way: the page's own policy lets no foreign script in. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate<axe.AxeResults>('axe.run()');
  expect(found.passes.length).toBeGreaterThan(15);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`);
}
