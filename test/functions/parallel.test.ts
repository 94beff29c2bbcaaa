/** Several apps in one tick: so many at a time, in order, and each on its own. */

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { TokenError } from '../../functions/_shared/token/ports.ts';
import { createApp } from '../../functions/_shared/token/app.ts';
import type { App } from '../../functions/_shared/token/app.ts';
import type { TokenStore } from '../../functions/_shared/token/ports.ts';
import { forEachBounded } from '../../functions/refreshAccessToken/tick.ts';
import { tick } from '../../functions/refreshAccessToken/tick.ts';
import { createHarness } from '../support/harness.ts';

describe('forEachBounded', () => {
  it.each([1, 3, 8, 100])('runs at most %i at once, uses all of them, and keeps the order', async (most) => {
    const items = Array.from({ length: 40 }, (_, index) => index);
    const running = { now: 0, most: 0 };
    const results = await forEachBounded(items, most, async (item) => {
      running.most = Math.max(running.most, ++running.now);
      // The later ones are the faster ones.
      await sleep(items.length - item);
      running.now -= 1;
      return `result ${item}`;
    });
    expect(results).toEqual(items.map((item) => `result ${item}`));
    expect(running.most).toBe(Math.min(most, items.length));
  });

  it('does not wait for a slow one to begin the others', async () => {
    const ended: string[] = [];
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const whole = forEachBounded(['slow', 'a', 'b', 'c'], 2, async (item) => {
      if (item === 'slow') await held;
      ended.push(item);
    });
    await expect.poll(() => ended, { timeout: 5_000 }).toEqual(['a', 'b', 'c']);
    release();
    await whole;
    expect(ended).toEqual(['a', 'b', 'c', 'slow']);
  });

  it('has nothing to do for no items', async () => {
    expect(await forEachBounded([], 8, () => Promise.reject(new Error('called')))).toEqual([]);
  });
});

describe('a tick of several apps', () => {
  const harness = createHarness();

  /** A app of the harness with one of its ports in the hands of a fault. */
  function failing(appid: string, ports: Partial<App['ports']>): App {
    const { policy, ports: sound } = harness.process();
    return createApp(appid, policy, { ...sound, ...ports });
  }

  function throwing(error: Error): TokenStore {
    const fail = async (): Promise<never> => {
      throw error;
    };
    return { read: fail, swap: fail };
  }

  const down = failing('wxDOWN', { store: throwing(new TokenError('STORE_UNAVAILABLE', 'down (E)')) });
  const missing = failing('wxMISSING', {
    store: throwing(new TokenError('STORE_MISCONFIGURED', 'npm run deploy')),
  });
  const buggy = failing('wxBUG', { store: throwing(new TypeError('canary of undefined')) });

  it('serves the sound one between those that fail, and tells each its own reason', async () => {
    const apps = [down, missing, harness.process(), buggy];
    const ticks = await harness.timeline.settle(forEachBounded(apps, 2, tick));
    expect(ticks).toMatchObject([
      { isRetryable: true, reply: { appid: 'wxDOWN', action: 'failed', errcode: 503, errmsg: 'down (E)' } },
      { isRetryable: false, reply: { appid: 'wxMISSING', action: 'failed', errcode: 500 } },
      { isRetryable: false, reply: { action: 'refreshed', errcode: 0, errmsg: 'ok' } },
      { isRetryable: true, reply: { appid: 'wxBUG', errcode: 503, errmsg: 'internal error' } },
    ]);
    expect(ticks[2]?.reply.expires_in).toBeGreaterThan(6_600);
  });

  it('says no word of a token', async () => {
    const ticks = await harness.timeline.settle(forEachBounded([harness.process(), buggy], 2, tick));
    const token = harness.stored().token?.value ?? '';
    expect(token).not.toBe('');
    for (const secret of [token, token.slice(4), 'canary'])
      expect(JSON.stringify(ticks)).not.toContain(secret);
  });
});
