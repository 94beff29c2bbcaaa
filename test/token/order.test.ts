/** An operator's order: a mint now, or the death of a leaked token. */

import { describe, expect, it } from 'vitest';
import { orderLeak, orderNow } from '../../functions/_shared/token/order.ts';
import type { TokenRecord } from '../../functions/_shared/token/record.ts';
import { APPID, createHarness, tokenOf, type Harness } from '../support/harness.ts';

const MINUTE_MS = 60_000;

/** Writes the order as `npm run refresh` does: by compare-and-swap on what is stored. */
async function place(
  harness: Harness,
  order: (record: TokenRecord, nowMs: number) => TokenRecord,
): Promise<void> {
  const { store } = harness.process().ports;
  const { record, basis } = await harness.timeline.settle(store.read());
  const written = await harness.timeline.settle(store.swap(basis, order(record, harness.timeline.now())));
  expect(written).not.toBeNull();
}

describe('orders', () => {
  it('are carried out once, although nothing is due', async () => {
    const harness = createHarness();
    const keeper = harness.process();
    const before = tokenOf(await harness.get(keeper));
    await harness.advance(MINUTE_MS);
    await place(harness, orderNow);
    expect(await harness.tick(keeper)).toMatchObject({ action: 'refreshed' });
    expect(harness.stored().token!.value).not.toBe(before);
    expect(harness.stored().order).toBeNull();
    expect(await harness.tick(keeper)).toMatchObject({ action: 'fresh' });
    expect(harness.isAlive(before)).toBe(true);
  });

  it('kill a leaked token with the second mint in token mode', async () => {
    const harness = createHarness();
    const keeper = harness.process();
    const leaked = tokenOf(await harness.get(keeper));
    await harness.advance(MINUTE_MS);
    await place(harness, orderLeak);
    await harness.tick(keeper);
    expect(harness.isAlive(leaked)).toBe(true);
    expect(harness.stored().order).toMatchObject({ mintsLeft: 1 });
    expect(await harness.tick(keeper)).toMatchObject({ action: 'refreshed' });
    expect(harness.isAlive(leaked)).toBe(false);
    expect(harness.isAlive(harness.stored().token!.value)).toBe(true);
    expect(harness.stored().order).toBeNull();
  });

  it('force both mints 30 s apart in stable mode', async () => {
    const harness = createHarness({ policy: { api: 'stable' } });
    const keeper = harness.process();
    const leaked = tokenOf(await harness.get(keeper));
    await harness.advance(MINUTE_MS);
    await place(harness, orderLeak);
    expect(await harness.tick(keeper)).toMatchObject({ action: 'refreshed' });
    const wait = await harness.tick(keeper);
    expect(wait).toMatchObject({ action: 'busy', errmsg: 'forced refreshes have to be 30 s apart' });
    expect(wait.refresh_in).toBeLessThanOrEqual(30);
    expect(harness.isAlive(leaked)).toBe(true);
    await harness.advance(wait.refresh_in * 1_000 + 100);
    expect(await harness.tick(keeper)).toMatchObject({ action: 'refreshed' });
    expect(harness.isAlive(leaked)).toBe(false);
    expect(harness.isAlive(harness.stored().token!.value)).toBe(true);
    expect(harness.stored().forces).toMatchObject({ count: 2 });
  });

  it('stop at the 20 forced refreshes that WeChat allows a day', async () => {
    const harness = createHarness({ policy: { api: 'stable' } });
    const keeper = harness.process();
    await harness.get(keeper);
    for (let forced = 0; forced < 20; forced += 2) {
      await place(harness, orderLeak);
      for (let mint = 0; mint < 2; mint++) {
        await harness.advance(31_000);
        expect(await harness.tick(keeper)).toMatchObject({ action: 'refreshed' });
      }
    }
    await harness.advance(31_000);
    await place(harness, orderLeak);
    expect(await harness.tick(keeper)).toMatchObject({ action: 'failed', errcode: 45009 });
    expect(harness.wechat.mints(APPID).stable).toBe(21);
  });

  it('pass an open breaker and the daily limit, for a person answers for them', async () => {
    const harness = createHarness({ policy: { mintLimitPerDay: 1 } });
    const keeper = harness.process();
    await harness.get(keeper);
    await harness.advance(MINUTE_MS);
    await place(harness, orderNow);
    harness.lineFaults.push({ kind: 'errcode', errcode: 40164, errmsg: 'invalid ip' });
    expect(await harness.tick(keeper)).toMatchObject({ action: 'failed', errcode: 40164 });
    expect(await harness.tick(keeper)).toMatchObject({ action: 'refreshed' });
  });

  it('don’t mint inside the hold of an unsettled mint, unless the token has leaked', async () => {
    const harness = createHarness();
    const keeper = harness.process();
    await harness.get(keeper);
    await harness.advance(110 * MINUTE_MS);
    harness.lineFaults.push({ kind: 'lost-answer' });
    await harness.tick(keeper);
    await place(harness, orderNow);
    expect(await harness.tick(keeper)).toMatchObject({ action: 'busy' });
    await place(harness, orderLeak);
    expect(await harness.tick(keeper)).toMatchObject({ action: 'refreshed' });
  });

  it('are forgotten after a quarter of an hour', async () => {
    const harness = createHarness();
    const keeper = harness.process();
    await harness.get(keeper);
    await place(harness, orderNow);
    await harness.advance(16 * MINUTE_MS);
    expect(await harness.tick(keeper)).toMatchObject({ action: 'fresh' });
  });
});
