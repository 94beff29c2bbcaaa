/** The dashboard has a line for each ticket, and no part of it that opens anything; without tickets: page.test.ts. */

import { describe, expect, it } from 'vitest';
import { APPID, NOON_MS, SECRET } from '../support/cloud.ts';
import { hasBrowser, openOn, SOON, unlessSkipped } from './browser.ts';
import { serveCloud } from './support.ts';

describe.skipIf(!hasBrowser)(`tickets on the dashboard’s page${unlessSkipped}`, () => {
  it('are a line each, good or bad', async () => {
    const variables = { WX_APPID: APPID, WX_APPSECRET: SECRET, WX_TICKETS: 'jsapi' };
    const served = await serveCloud({ variables, startAtMs: NOON_MS });
    await served.tick();
    const { ticket = '' } = await served.cloud.ticket();
    const page = await openOn(served.address);
    const section = page.getByRole('region', { name: 'Tickets' });
    await expect.poll(() => section.innerText(), SOON).toContain(`${APPID}:jsapi`);
    expect(await section.innerText()).toMatch(/\(86 characters\) fetched .* · 1 × today/);
    expect(await page.content()).not.toContain(ticket);

    served.cloud.sandbox.wechat.account(APPID).setKind('mini');
    served.cloud.clock.advance(40 * 60_000);
    await served.tick();
    await expect.poll(() => section.innerText(), SOON).toContain('48001');
  });
});
