/** A refused token is never the answer to its own report: real processes, the real SDK, and a WeChat that is slow. */

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { APPID, borrowCloud, SECRET, type Reply, type TestCloud } from '../support/cloud.ts';

const MINUTE_MS = 60_000;
const INSTANCES = 8;
const STABLE = 'wxtest000000000002';
const REPORTS_EACH = 25;

/** An app in each mode. */
const APPS = [
  { appid: APPID, secret: SECRET, api: 'token' },
  { appid: STABLE, secret: SECRET, api: 'stable' },
];
const borrow = () =>
  borrowCloud({ host: { maxInstances: INSTANCES }, variables: { WX_APPS: JSON.stringify(APPS) } });

/** From now on WeChat takes 1.5 to 2 s for an answer. Returns the paths of all calls since. */
function slowDown({ sandbox }: TestCloud): string[] {
  const paths: string[] = [];
  sandbox.faults.intercept(async ({ stage, path }) => {
    if (stage === 'before') await sleep(1_500 + 500 * Math.random());
    else paths.push(path);
  });
  return paths;
}

/** A stored token that is alive for the document, and dead for WeChat. */
async function storeDead(cloud: TestCloud): Promise<string> {
  await Promise.all(Array.from({ length: 40 }, () => cloud.get({ appid: APPID })));
  cloud.clock.advance(MINUTE_MS);
  cloud.sandbox.wechat.account(APPID).revoke(cloud.clock.now());
  return cloud.storedToken()!;
}

/** Two forced mints from elsewhere leave nothing of the token before them. */
async function storeForcedAway(cloud: TestCloud): Promise<string> {
  await Promise.all(Array.from({ length: 40 }, () => cloud.get({ appid: STABLE })));
  const force = { grant_type: 'client_credential', appid: STABLE, secret: SECRET, force_refresh: true };
  for (let times = 0; times < 2; times += 1) {
    cloud.clock.advance(MINUTE_MS);
    expect(cloud.sandbox.wechat.stableToken(force, cloud.clock.now())).toHaveProperty('access_token');
  }
  const dead = cloud.storedToken(STABLE)!;
  expect(cloud.isAlive(dead)).toBe(false);
  return dead;
}

async function reportAll(cloud: TestCloud, dead: string, appid = APPID): Promise<Reply[]> {
  const replies = await Promise.all(
    Array.from({ length: INSTANCES * REPORTS_EACH }, () => cloud.get({ appid, invalid_access_token: dead })),
  );
  expect(cloud.host.instances('getAccessToken').length).toBe(INSTANCES);
  return replies;
}

/** Each reporter has a living token, or is told when to come again; none has what it reported. */
function expectNoneRefused(cloud: TestCloud, replies: Reply[], dead: string): void {
  expect(replies.filter(({ access_token }) => access_token === dead)).toEqual([]);
  const served = replies.filter(({ errcode }) => errcode === 0);
  expect(served.filter(({ access_token }) => !cloud.isAlive(access_token))).toEqual([]);
  const others = replies.filter(({ errcode }) => errcode !== 0);
  expect(others.filter(({ errcode, retry_after }) => errcode !== 503 || retry_after === undefined)).toEqual(
    [],
  );
  expect(served.length).toBeGreaterThan(replies.length / 2);
}

describe('8 instances × 25 reports of a dead token, WeChat taking 1.5 to 2 s', () => {
  it('in stable mode: one call of WeChat, and nobody gets the reported token', async () => {
    const cloud = await borrow();
    const dead = await storeForcedAway(cloud);
    const calls = slowDown(cloud);
    expectNoneRefused(cloud, await reportAll(cloud, dead, STABLE), dead);
    expect(calls).toEqual(['/cgi-bin/stable_token']);
  }, 60_000);

  it('in token mode: one call of WeChat, and nobody gets the reported token', async () => {
    const cloud = await borrow();
    const dead = await storeDead(cloud);
    const calls = slowDown(cloud);
    expectNoneRefused(cloud, await reportAll(cloud, dead), dead);
    expect(calls).toEqual(['/cgi-bin/token']);
  }, 60_000);

  it('in token mode, for the second time within the hour: a probe, then a mint', async () => {
    const cloud = await borrow();
    await cloud.get({ appid: APPID, invalid_access_token: await storeDead(cloud) });
    const dead = await storeDead(cloud);
    const calls = slowDown(cloud);
    expectNoneRefused(cloud, await reportAll(cloud, dead), dead);
    expect(calls).toEqual(['/cgi-bin/get_api_domain_ip', '/cgi-bin/token']);
  }, 60_000);
});
