/** The example page in a real browser: signed by the user's function with a ticket that is kept, judged by the sandbox. */

import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startHttpServer, type HttpAnswer, type HttpRequest } from '../../scripts/local/http-server.ts';
import { buildGuests } from '../../scripts/start/prepare.ts';
import { hasBrowser, openOn, unlessSkipped } from '../dashboard/browser.ts';
import { APPID, bearer, openTestCloud, ROOT, SECRET, type TestCloud } from '../support/cloud.ts';
import { lend } from '../support/lend.ts';

const JWEIXIN = 'https://res.wx.qq.com/open/js/jweixin-1.6.0.js';
/** As a share leaves it: what has to be signed is what the browser has, byte for byte. */
const ADDRESS = '/shop/%E5%95%86%E5%93%81?x=1&from=singlemessage&q=%E4%B8%AD%20%2B#/route?z=2';

interface Site extends TestCloud {
  address: string;
  /** What happens to the page's address on its way to the function. */
  spoil(url: string): string;
}

const borrow = lend(openSite);

/** Static hosting, HTTP access and WeChat's script under one address, as a custom domain has them. */
async function openSite(): Promise<Site> {
  const server = await startHttpServer({
    port: 0,
    secret: null,
    handle: (request) => respond(site, request),
  });
  const folder = await mkdtemp(join(tmpdir(), 'webpage-test-'));
  const guests = await buildGuests(ROOT, folder, ['jsConfig']);
  for (const guest of guests) {
    guest.envVariables['PAGE_HOSTS'] = new URL(server.url).host;
    // Longer than a busy machine needs to start three instances.
    guest.timeout = 120;
  }
  const variables = { WX_APPID: APPID, WX_APPSECRET: SECRET, WX_TICKETS: 'jsapi' };
  const cloud = await openTestCloud({ guests, variables });
  // So that the pages find warm instances.
  await cloud.ticket();
  const site: Site = {
    ...cloud,
    address: server.url,
    spoil: (url) => url,
    async renew() {
      await cloud.renew();
      site.spoil = (url) => url;
    },
    async end() {
      await server.close();
      await cloud.end();
      await rm(folder, { recursive: true });
    },
  };
  return site;
}

async function respond(site: Site, { method, path, query, body }: HttpRequest): Promise<HttpAnswer> {
  const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
  if (path === '/verify') return pass(`${site.sandbox.url}/verify`, { method, body: body.toString() });
  if (path === '/jsConfig') {
    const url = site.spoil(new URLSearchParams(query).get('url') ?? '');
    const asked = `${site.door.url}/http/jsConfig?${new URLSearchParams({ url }).toString()}`;
    return pass(asked, { headers: bearer(site.secret) });
  }
  if (path === '/jweixin.js') return typed('text/javascript', read('test/examples/jweixin.js'));
  if (path.endsWith('/page.js')) return typed('text/javascript', read('examples/webpage/page.js'));
  return typed(
    'text/html; charset=utf-8',
    read('examples/webpage/index.html').replace(JWEIXIN, '/jweixin.js'),
  );
}

async function pass(url: string, init: RequestInit): Promise<HttpAnswer> {
  const response = await fetch(url, init);
  return typed('application/json', await response.text(), response.status);
}

function typed(type: string, body: string, status = 200): HttpAnswer {
  return { status, headers: { 'content-type': type }, body };
}

async function told({ address }: Site): Promise<string> {
  const page = await openOn(`${address}${ADDRESS}`, {}, '[role=status]:not(:empty)');
  return page.getByRole('status').innerText();
}

describe.skipIf(!hasBrowser)(`the example page${unlessSkipped}`, () => {
  it('is told config:ok', async () => {
    const site = await borrow();
    expect(await told(site)).toBe('config:ok');
  });

  it('is told invalid signature where its address was decoded on the way', async () => {
    const site = await borrow();
    site.spoil = (url) => url.replace('%2B', '+');
    expect(await told(site)).toBe('config:invalid signature');
  });

  it('is told invalid url domain outside of the account’s domains', async () => {
    const site = await borrow();
    site.sandbox.wechat.account(APPID).setJsDomains(['example.com']);
    expect(await told(site)).toBe('config:invalid url domain');
  });

  it('is not signed at a host that the function doesn’t list', async () => {
    const site = await borrow();
    site.spoil = (url) => url.replace('127.0.0.1', '127.0.0.2');
    expect(await told(site)).toBe('not a page of ours');
  });
});
