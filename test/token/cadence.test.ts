/** R1: when a token is replaced, and what a tick with nothing to do costs. */

import { describe, expect, it } from 'vitest';
import { APPID, createHarness } from '../support/harness.ts';

const MINUTE_MS = 60_000;

async function ticksOfADay(api: 'token' | 'stable', jitterMs: (index: number) => number) {
  const harness = createHarness({ policy: { api } });
  const app = harness.process();
  const startAtMs = harness.timeline.now();
  const deadMinutes: number[] = [];
  const refreshedAtMinutes: number[] = [];
  for (let minute = 0; minute < 24 * 60; minute++) {
    if (minute % 5 === 0) {
      await harness.timeline.runUntil(startAtMs + minute * MINUTE_MS + 20_000 + jitterMs(minute / 5));
      const { action } = await harness.tick(app);
      if (action === 'refreshed') refreshedAtMinutes.push(minute);
    }
    await harness.timeline.runUntil(startAtMs + minute * MINUTE_MS + 50_000);
    if (!harness.isAlive(harness.stored().token!.value)) deadMinutes.push(minute);
  }
  return { harness, deadMinutes, refreshedAtMinutes };
}

describe('cadence', () => {
  it('mints at 0, 110, 220 … minutes in token mode and keeps the stored token alive at every minute', async () => {
    const { deadMinutes, refreshedAtMinutes } = await ticksOfADay('token', (index) =>
      index % 2 === 0 ? -2_000 : 2_000,
    );
    expect(refreshedAtMinutes).toEqual(Array.from({ length: 14 }, (_, index) => index * 110));
    expect(deadMinutes).toEqual([]);
  });

  it('asks only near the end in stable mode and keeps the stored token alive at every minute', async () => {
    const { harness, deadMinutes } = await ticksOfADay('stable', (index) => (index % 3) * 700);
    expect(deadMinutes).toEqual([]);
    expect(harness.wechat.mints(APPID).stable).toBeLessThanOrEqual(14);
    expect(harness.upstream.calls).toBeLessThanOrEqual(28);
  });

  it('costs one read and nothing else when there is nothing to do', async () => {
    const harness = createHarness();
    const app = harness.process();
    await harness.tick(app);
    harness.collection.calls.reads = harness.collection.calls.writes = 0;
    await harness.advance(5 * MINUTE_MS);
    expect(await harness.tick(app)).toMatchObject({ action: 'fresh', errcode: 0 });
    expect(harness.collection.calls).toEqual({ reads: 1, writes: 0 });
    expect(harness.upstream.calls).toBe(1);
  });

  it('costs one read and two writes for a refresh', async () => {
    const harness = createHarness();
    await harness.tick(harness.process());
    expect(harness.collection.calls).toEqual({ reads: 1, writes: 2 });
  });
});
