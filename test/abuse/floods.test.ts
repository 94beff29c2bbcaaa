/** A flood of calls costs no more mints than the rules allow, and leaves nothing behind in memory or database. */

import { describe, expect, it } from 'vitest';
import { borrowCloud, NOON_MS } from '../support/cloud.ts';
import { createHarness, tokenOf } from '../support/harness.ts';

const MINUTE_MS = 60_000;

describe('a flood of reports', () => {
  it('of tokens that are none of ours mints nothing, and none of them is kept', async () => {
    const harness = createHarness();
    const app = harness.process();
    const token = tokenOf(await harness.get(app));
    await harness.advance(MINUTE_MS);
    const sizeOf = (): number => JSON.stringify([app.memory, harness.stored(), app.unsaved]).length;
    const before = sizeOf();
    const reports = Array.from({ length: 2_000 }, (_, index) => `${index}-`.padEnd(2_048, 'x'));
    for (let at = 0; at < reports.length; at += 500) {
      const flights = reports.slice(at, at + 500).map((report) => harness.get(app, report));
      for (const answer of await Promise.all(flights)) expect(tokenOf(answer)).toBe(token);
    }
    expect(harness.mints()).toBe(1);
    expect(app.flights.size).toBe(0);
    // Not to the byte: there are counters in it.
    expect(sizeOf()).toBeLessThan(before + 20);
  });

  it('of the token that is stored is believed once an hour, and leaves the timer its share of the day', async () => {
    const harness = createHarness({ policy: { mintLimitPerDay: 20 } });
    const apps = [harness.process(), harness.process()];
    tokenOf(await harness.get(apps[0]!));
    let tokensAt = harness.mints();
    for (let seconds = 0; seconds < 1_200; seconds += 10) {
      await harness.advance(10_000);
      const { value } = harness.stored().token!;
      await Promise.all(apps.flatMap((app) => [harness.get(app, value), harness.get(app, value)]));
      expect(harness.mints() - tokensAt).toBeLessThanOrEqual(1);
      if (seconds % 30 === 0) tokensAt = harness.mints();
    }
    // The first token, and the one that the first report was believed for; WeChat takes it whenever it is shown.
    expect(harness.mints()).toBe(2);
    expect(harness.mints()).toBeLessThanOrEqual(20);
    expect(harness.stored().refusedAtMs.length).toBeLessThanOrEqual(10);
    for (const { flights } of apps) expect(flights.size).toBe(0);
  });

  it('through the bundles: 60 reporters in 8 instances, one mint', async () => {
    const cloud = await borrowCloud({ startAtMs: NOON_MS });
    const { access_token: token = '' } = await cloud.get();
    cloud.clock.advance(MINUTE_MS);
    const garbage = Array.from({ length: 30 }, (_, index) =>
      cloud.get({ invalid_access_token: `none-${index}` }),
    );
    for (const reply of await Promise.all(garbage)) expect(reply.access_token).toBe(token);
    expect(cloud.mints()).toBe(1);
    const reports = Array.from({ length: 30 }, () => cloud.get({ invalid_access_token: token }));
    const replies = await Promise.all(reports);
    expect(new Set(replies.map(({ access_token }) => access_token))).toEqual(new Set([cloud.storedToken()]));
    expect(cloud.mints()).toBe(2);
  });
});

describe('a flood of refused calls', () => {
  it('reaches neither database nor WeChat', async () => {
    const cloud = await borrowCloud({ startAtMs: NOON_MS });
    const calls = Array.from({ length: 40 }, () => cloud.get({}, { kind: 'client', openid: 'o1' }));
    expect((await Promise.all(calls)).every(({ errcode }) => errcode === 403)).toBe(true);
    expect((await cloud.refresh({ kind: 'client', openid: 'o1' })).errcode).toBe(403);
    expect(cloud.stored()).toBeUndefined();
    expect(cloud.mints()).toBe(0);
  });
});
