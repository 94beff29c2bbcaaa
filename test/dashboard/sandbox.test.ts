/** The sandbox's knobs on the page: something breaks, the page turns, and it heals. */

import type { HistoryEntry } from '../../functions/_shared/token/ports.ts';
import type { Page, Route } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { createCloudClock, type CloudClock } from '../../scripts/local/clock.ts';
import { SECRET } from '../support/cloud.ts';
import { nextDayAtMs } from '../../functions/_shared/token/backoff.ts';
import { flip, hasBrowser, headline, openOn, press, SOON, unlessSkipped } from './browser.ts';
import { serveCloud, type Served } from './support.ts';

const MINUTE_MS = 60_000;
/**
 * Runs from 20:00 of today in UTC+8, where the quotas turn at midnight: two hours later it is the same day, whatever
 * the time is here. Of today, since the knobs move a clock 30 days ahead of the machine's and no further.
 */
function eveningClock(): CloudClock {
  return createCloudClock(nextDayAtMs(Date.now()) - 4 * 60 * MINUTE_MS);
}

const historyOf = ({ cloud }: Served): HistoryEntry[] => cloud.stored()!['history'] as HistoryEntry[];
const outcomes = (served: Served): string[] => historyOf(served).map(({ outcome }) => outcome);

/** Presses, and holds the answer back: the server has done what was asked for, and the page has yet to hear of it. */
async function pressUnheard(page: Page, button: string, url: string): Promise<() => Promise<void>> {
  const held = new Promise<() => Promise<void>>((resolve) => {
    const hold = async (route: Route): Promise<void> => {
      const response = await route.fetch();
      resolve(() => route.fulfill({ response }));
    };
    // The page goes on to other tests.
    void page.route(url, hold, { times: 1 });
  });
  await press(page, button);
  return held;
}

describe.skipIf(!hasBrowser)(`the dashboard’s knobs${unlessSkipped}`, () => {
  it('turns when WeChat is out and the token runs out, and heals when it is back', async () => {
    const served = await serveCloud({ hasTimer: true, clock: eveningClock() });
    await served.tick();
    const page = await openOn(served.address);
    await flip(page, 'Outage');
    await press(page, '+2 h');
    await expect.poll(() => headline(page), SOON).toBe('WeChat gives no token, and none is left');
    expect(await page.locator('.badge').innerText()).toContain('token dead');
    await press(page, 'Call getAccessToken');
    await expect.poll(() => page.locator('.steps li.ill').innerText(), SOON).toMatch(/-1 system error/);
    await flip(page, 'Outage');
    await press(page, '+5 min');
    await expect.poll(() => headline(page), SOON).toBe('Nothing to do');
    await press(page, 'Call getAccessToken');
    await expect.poll(() => page.locator('.steps li.well').count(), SOON).toBe(2);
  });

  it('moves two hours with the timer’s ticks on the way, so that the token is replaced after 110 minutes; shows how a revoked one is reported and replaced', async () => {
    const served = await serveCloud({ hasTimer: true, clock: eveningClock() });
    await served.tick();
    const page = await openOn(served.address);
    const offsetMs = served.cloud.clock.offsetMs();
    await press(page, '+2 h');
    await expect.poll(() => outcomes(served), SOON).toEqual(['minted', 'minted']);
    const gapMs = historyOf(served).at(-1)!.gapMs!;
    expect(gapMs / MINUTE_MS).toBeGreaterThan(109);
    expect(gapMs / MINUTE_MS).toBeLessThan(112);
    await expect.poll(() => served.cloud.clock.offsetMs() - offsetMs, SOON).toBe(120 * MINUTE_MS);
    expect(served.cloud.isAlive(served.cloud.storedToken())).toBe(true);
    await expect.poll(() => headline(page), SOON).toBe('Nothing to do');

    const mints = served.cloud.mints();
    const letHear = await pressUnheard(page, '+5 min', '**/knobs/forward');
    await press(page, 'Revoke the token');
    await page.getByText('WeChat has revoked the token').waitFor();
    // A late answer to the control before replaces nothing.
    const heard = page.waitForEvent('requestfinished', (request) => request.url().endsWith('/forward'));
    await letHear();
    await heard;
    await page.evaluate('new Promise(requestAnimationFrame)');
    await page.getByText('WeChat has revoked the token').waitFor();
    await press(page, 'Call getAccessToken');
    const steps = page.locator('.steps li');
    await expect.poll(() => steps.count(), SOON).toBe(4);
    expect(await steps.allInnerTexts()).toEqual([
      expect.stringContaining('110_…'),
      expect.stringContaining('40001'),
      expect.stringContaining('another token'),
      expect.stringContaining('accepts the token'),
    ]);
    expect([mints, served.cloud.mints()]).toEqual([2, 3]);
  });

  it('says what to do when the day’s quota is spent, and when the AppSecret has changed', async () => {
    const served = await serveCloud({ hasTimer: true, clock: eveningClock() });
    await served.tick();
    const page = await openOn(served.address);
    for (const { knob, title, errcode } of [
      { knob: 'Day’s quota spent', title: 'Find out who uses up the quota', errcode: 45009 },
      { knob: 'AppSecret changed', title: 'Correct the AppSecret', errcode: 40125 },
    ]) {
      const mints = served.cloud.mints();
      await flip(page, knob);
      await press(page, '+2 h');
      await expect.poll(() => headline(page), SOON).toBe(title);
      expect(await page.locator('.card .said').innerText()).toContain(String(errcode));
      await flip(page, knob);
      // The quota's pause lasts until the day turns; the configuration's a minute.
      for (let hours = 0; hours < 26 && served.cloud.mints() === mints; hours += 2) {
        await press(page, '+2 h');
        await page.waitForTimeout(300);
      }
      await expect.poll(() => headline(page), SOON).toBe('Nothing to do');
    }
  });

  it('heals from a killed instance, a lost answer and another system', async () => {
    const served = await serveCloud({ hasTimer: true, clock: eveningClock() });
    await served.tick();
    const page = await openOn(served.address);
    await press(page, 'Kill the instances');
    await page.getByText('0 instances are running').waitFor();
    await press(page, 'Call getAccessToken');
    await expect.poll(() => page.locator('.steps li.well').count(), SOON).toBe(2);
    await press(page, 'Lose the next answer');
    await press(page, '+2 h');
    // The tick at 110 minutes loses it, and the one after it heals what that left.
    await expect.poll(() => outcomes(served), SOON).toEqual(['minted', 'unknown', 'minted']);
    expect(served.cloud.isAlive(served.cloud.storedToken())).toBe(true);
    await expect.poll(() => headline(page), SOON).toBe('Nothing to do');
    await press(page, 'Another system fetches');
    await page.getByText('ours is valid for 5 more minutes').waitFor();
  });

  it('has one section per app, and knobs for each', async () => {
    const apps = ['wxtest000000000001', 'wxtest000000000002'].map((appid) => ({ appid, secret: SECRET }));
    const served = await serveCloud({ variables: { WX_APPS: JSON.stringify(apps) } });
    await served.tick();
    const page = await openOn(served.address);
    await page.getByRole('meter').nth(1).waitFor();
    await page.getByRole('combobox').selectOption('wxtest000000000002');
    await flip(page, 'AppSecret changed');
    await expect
      .poll(() => page.getByRole('switch', { name: 'AppSecret' }).getAttribute('aria-checked'), SOON)
      .toBe('true');
    await page.getByRole('combobox').selectOption('wxtest000000000001');
    await expect
      .poll(() => page.getByRole('switch', { name: 'AppSecret' }).getAttribute('aria-checked'), SOON)
      .toBe('false');
  });
});
