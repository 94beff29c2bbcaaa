/** The browser of the page's tests: a Chromium of this machine, kept away from everything but loopback. */

import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';

const PLACES = [
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

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // No name is looked up, and no other address can be reached, whatever a page asks for.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: path ?? '', headless: true, args: FLAGS });
}

/** A fetch that fails is repeated, so an outage takes seconds to be one. */
export const SOON = { timeout: 10_000 };

export const headline = (page: Page): Promise<string> => page.locator('.headline').innerText();
export const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name }).click();
export const flip = (page: Page, name: string): Promise<void> => page.getByRole('switch', { name }).click();

/** Opens the page and waits for what it is told. The test ends with the proof that it asked nobody but its server. */
export async function openOn(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
  awaited = '[role=meter]',
): Promise<Page> {
  const viewport = { width: 1280, height: 900 };
  const context = await browser.newContext({ viewport, locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(SOON.timeout);
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
    await context.close();
    expect(complaints).toEqual([]);
  });
  await page.goto(address);
  await page.locator(awaited).first().waitFor();
  return page;
}
