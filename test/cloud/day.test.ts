/** A virtual day of ticks through the built bundles, the real SDK and the sandbox. */

import { describe, expect, it } from 'vitest';
import { APPID, borrowCloud, NOON_MS, SECRET } from '../support/cloud.ts';

const MINUTE_MS = 60_000;

async function liveADay(api: 'token' | 'stable') {
  const cloud = await borrowCloud({
    startAtMs: NOON_MS,
    variables: { WX_APPID: APPID, WX_APPSECRET: SECRET, WX_TOKEN_API: api },
  });
  const noonMs = cloud.clock.now();
  const refreshedAtMinutes: number[] = [];
  const deadMinutes: number[] = [];
  let stored: string | undefined;
  for (let minute = 0; minute < 24 * 60; minute++) {
    if (minute % 5 === 0) {
      // Seconds early and seconds late, by turns, as a real timer is.
      const jitterMs = (minute % 10 === 0 ? -1 : 1) * (minute % 3) * 1_000;
      cloud.clock.advance(noonMs + minute * MINUTE_MS + 20_000 + jitterMs - cloud.clock.now());
      const { results } = await cloud.refresh();
      if (results[0]?.action === 'refreshed') refreshedAtMinutes.push(minute);
      // Nobody else writes.
      stored = cloud.storedToken();
    }
    cloud.clock.advance(noonMs + minute * MINUTE_MS + 50_000 - cloud.clock.now());
    if (!cloud.isAlive(stored)) deadMinutes.push(minute);
  }
  expect(cloud.storedToken()).toBe(stored);
  return { cloud, refreshedAtMinutes, deadMinutes };
}

describe('a day of ticks', () => {
  it('mints at 0, 110, 220 … minutes in token mode, and the stored token is good at every minute', async () => {
    const { cloud, refreshedAtMinutes, deadMinutes } = await liveADay('token');
    expect(refreshedAtMinutes).toEqual(Array.from({ length: 14 }, (_, index) => index * 110));
    expect(deadMinutes).toEqual([]);
    expect(cloud.mints()).toBe(14);
  });

  it('keeps the stored token good at every minute in stable mode', async () => {
    const { cloud, deadMinutes } = await liveADay('stable');
    expect(deadMinutes).toEqual([]);
    expect(cloud.mints()).toBeLessThanOrEqual(14);
  });

  it('costs one database read, no write and no call of WeChat for a tick with nothing to do', async () => {
    const cloud = await borrowCloud({ startAtMs: NOON_MS });
    await cloud.refresh();
    cloud.gateway.stats.reset();
    cloud.clock.advance(5 * MINUTE_MS);
    expect((await cloud.refresh()).results[0]).toMatchObject({ action: 'fresh', errcode: 0 });
    const { reads, writes } = cloud.gateway.stats.snapshot();
    expect(reads).toEqual({ wx_access_tokens: 1 });
    expect(writes).toEqual({});
    expect(cloud.mints()).toBe(1);
  });
});
