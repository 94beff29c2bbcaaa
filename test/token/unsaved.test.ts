/** The unsaved result of a mint whose commit got lost in two ways at once: it must not be taken for a lost claim. */

import { describe, expect, it } from 'vitest';
import type { StoreFault } from '../../scripts/simulate/memory-collection.ts';
import { createHarness, tokenOf } from '../support/harness.ts';

const MINUTE_MS = 60_000;

describe('a commit that was written although no answer said so', () => {
  it.each<[StoreFault, StoreFault]>([
    ['applied-but-lost', 'lost'],
    ['applied-late', 'lost'],
  ])('is recognised later, and costs no second mint (%s, then the look %s)', async (write, look) => {
    const harness = createHarness();
    const app = harness.process();
    harness.storeFaults.push('none', 'none', write, look);
    await harness.tick(app);
    await harness.advance(5 * MINUTE_MS);
    expect(await harness.tick(app)).toMatchObject({ action: 'fresh' });
    expect(harness.mints()).toBe(1);
    expect(harness.stored()).toMatchObject({ unsettledSinceAtMs: null, claim: null });
    expect(harness.logged.map(({ event }) => event)).not.toContain('claim_lost');
  });

  it('is forgotten when a younger token is stored by then: it can’t have hit that one', async () => {
    const harness = createHarness();
    const [idle, other] = [harness.process(), harness.process()];
    harness.storeFaults.push('none', 'none', 'lost', 'lost', 'lost', 'lost');
    await harness.tick(idle);
    await harness.advance(110 * MINUTE_MS);
    await harness.tick(other);
    const token = harness.stored().token!.value;
    await harness.advance(5 * MINUTE_MS);
    expect(tokenOf(await harness.get(idle))).toBe(token);
    expect(harness.stored()).toMatchObject({ unsettledSinceAtMs: null, token: { value: token } });
    expect(harness.mints()).toBe(2);
  });

  it('is stored once, however many calls find it unsaved at the same time', async () => {
    const harness = createHarness();
    const app = harness.process();
    harness.storeFaults.push('none', 'none', 'lost', 'lost', 'lost', 'lost');
    await harness.tick(app);
    expect(harness.stored().token).toBeNull();
    const before = harness.collection.calls.writes;
    const ticks = await Promise.all([harness.tick(app), harness.tick(app), harness.tick(app)]);
    expect(ticks.map(({ action }) => action)).toEqual(['fresh', 'fresh', 'fresh']);
    expect(harness.collection.calls.writes - before).toBe(1);
    expect(harness.stored()).toMatchObject({ claim: null, token: { api: 'token' } });
    expect(harness.mints()).toBe(1);
  });
});
