/** The browser of the page's tests: a Chromium of this machine, kept away from everything but loopback. */

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';

const require = createRequire(import.meta.url);
const PLACES = [
  // The same engine without the window around it, at three quarters of the processor time.
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const path = [process.env['CHROMIUM'] ?? '', ...PLACES].find((place) => existsSync(place));

export const hasBrowser = path !== undefined;
/** For the title of what can't be tested without one. */
export const unlessSkipped = hasBrowser
  ? ''
  : ' (SKIPPED: no Chromium here; install one, or name it in CHROMIUM)';

/**
 * What draws nothing that a test looks at. The address bar's lists of suggestions are two pages of Chromium's own in
 * each new window, though no window is shown: two seconds of processor time for each context. The others are
 * Playwright's, since the last such flag counts alone.
 */
const NOT_NEEDED = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'AimEnabled',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
];
const FLAGS = [
  `--disable-features=${NOT_NEEDED.join(',')}`,
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A process for each page would cost each a second of processor time.
  '--renderer-process-limit=1',
  '--disable-site-isolation-trials',
  // No name is looked up, and no other address can be reached, whatever a page asks for.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** One for all files of a worker, which ends it with itself. */
let browser: Promise<Browser> | undefined;
/** Pages that tests have left, by what can't be changed of one: a new one costs a second of processor time. */
const left = new Map<string, Page[]>();
/** Pages that a test has, and what can't be changed of each. */
const taken = new Map<Page, string>();

/** A fetch that fails is repeated, so an outage takes seconds to be one. */
export const SOON = { timeout: 60_000 };

export const headline = (page: Page): Promise<string> => page.locator('.headline').innerText();
export const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name }).click();
export const flip = (page: Page, name: string): Promise<void> => page.getByRole('switch', { name }).click();

/**
 * What axe finds wrong with the page, and how many of its rules found something to pass. Put in by the debugger's way:
 * the page's own policy lets no foreign script in. Of the rules that pass axe describes no element, which is most of
 * its work.
 */
export async function judge(page: Page): Promise<{ violations: string[]; passes: number }> {
  if (await page.evaluate("typeof axe === 'undefined'")) await page.evaluate(readFileSync(AXE, 'utf8'));
  return page.evaluate(JUDGE);
}

/** Half as much to read as what `axe-core` itself gives, which this process would have to run as well. */
const AXE = require.resolve('axe-core/axe.min.js');
const JUDGE = `axe.run({ resultTypes: ['violations'] }).then(({ violations, passes }) => ({
  violations: violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join('\\n')),
  passes: passes.length,
}))`;

type Appearance = Pick<BrowserContextOptions, 'locale' | 'colorScheme' | 'viewport' | 'timezoneId'>;

/** Opens the page and waits for what it is told. The test ends with the proof that it asked nobody but its server. */
export async function openOn(
  address: string,
  appearance: Appearance = {},
  awaited = '[role=meter]',
): Promise<Page> {
  const page = await takePage(appearance);
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(address).origin)
      complaints.push(`asked for ${request.url()}`);
  });
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    // A server that a test has closed is complained of, too; what the policy refuses is another text.
    const isOfNetwork = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isOfNetwork) complaints.push(message.text());
  });
  onTestFinished(async () => {
    await leave(page);
    expect(complaints).toEqual([]);
  });
  await page.goto(address);
  await page.locator(awaited).first().waitFor();
  return page;
}

/** Nothing of a test before is in it: each server has an origin of its own, and with it a storage of its own. */
async function takePage(appearance: Appearance): Promise<Page> {
  const { colorScheme = 'light', viewport = { width: 1280, height: 900 }, ...rest } = appearance;
  const fixed = { locale: 'en-GB', ...rest };
  const key = JSON.stringify(fixed);
  const page = left.get(key)?.pop() ?? (await newPage(fixed));
  taken.set(page, key);
  // To draw the bar of each app thirty times a second is work that no test looks at.
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  if (viewport !== null) await page.setViewportSize(viewport);
  return page;
}

/** For the next that opens one alike, in this test or in another; at the end of a test it has happened to all pages. */
export async function leave(page: Page): Promise<void> {
  const key = taken.get(page);
  if (key === undefined) return;
  taken.delete(page);
  if (page.isClosed()) return page.context().close();
  await page.evaluate('sessionStorage.clear(); localStorage.clear()');
  await page.goto('about:blank');
  page.removeAllListeners();
  left.set(key, [...(left.get(key) ?? []), page]);
}

async function newPage(fixed: BrowserContextOptions): Promise<Page> {
  browser ??= chromium.launch({ executablePath: path ?? '', headless: true, args: FLAGS });
  const context = await (await browser).newContext(fixed);
  const page = await context.newPage();
  page.setDefaultTimeout(SOON.timeout);
  return page;
}
