/** An operator's order: a mint now, or the death of a leaked token. */

import { describe, expect, it } from 'vitest';
import { orderLeak, orderNow } from '../../functions/_shared/token/order.ts';
import type { TokenRecord } from '../../functions/_shared/token/record.ts';
import { APPID, createRig, tokenOf, type Rig } from '../support/rig.ts';

const MINUTE_MS = 60_000;

/** Writes the order as `npm run refresh` does: by compare-and-swap on what is stored. */
async function place(rig: Rig, order: (record: TokenRecord, nowMs: number) => TokenRecord): Promise<void> {
  const { store } = rig.process().ports;
  const { record, basis } = await rig.timeline.settle(store.read());
  const written = await rig.timeline.settle(store.swap(basis, order(record, rig.timeline.now())));
  expect(written).not.toBeNull();
}

describe('orders', () => {
  it('are carried out once, although nothing is due', async () => {
    const rig = createRig();
    const keeper = rig.process();
    const before = tokenOf(await rig.get(keeper));
    await rig.advance(MINUTE_MS);
    await place(rig, orderNow);
    expect(await rig.tick(keeper)).toMatchObject({ action: 'refreshed' });
    expect(rig.stored().token!.value).not.toBe(before);
    expect(rig.stored().order).toBeNull();
    expect(await rig.tick(keeper)).toMatchObject({ action: 'fresh' });
    expect(rig.isAlive(before)).toBe(true);
  });

  it('kill a leaked token with the second mint in token mode', async () => {
    const rig = createRig();
    const keeper = rig.process();
    const leaked = tokenOf(await rig.get(keeper));
    await rig.advance(MINUTE_MS);
    await place(rig, orderLeak);
    await rig.tick(keeper);
    expect(rig.isAlive(leaked)).toBe(true);
    expect(rig.stored().order).toMatchObject({ mintsLeft: 1 });
    expect(await rig.tick(keeper)).toMatchObject({ action: 'refreshed' });
    expect(rig.isAlive(leaked)).toBe(false);
    expect(rig.isAlive(rig.stored().token!.value)).toBe(true);
    expect(rig.stored().order).toBeNull();
  });

  it('force both mints 30 s apart in stable mode', async () => {
    const rig = createRig({ policy: { api: 'stable' } });
    const keeper = rig.process();
    const leaked = tokenOf(await rig.get(keeper));
    await rig.advance(MINUTE_MS);
    await place(rig, orderLeak);
    expect(await rig.tick(keeper)).toMatchObject({ action: 'refreshed' });
    const wait = await rig.tick(keeper);
    expect(wait).toMatchObject({ action: 'busy', errmsg: 'forced refreshes have to be 30 s apart' });
    expect(wait.refresh_in).toBeLessThanOrEqual(30);
    expect(rig.isAlive(leaked)).toBe(true);
    await rig.advance(wait.refresh_in * 1_000 + 100);
    expect(await rig.tick(keeper)).toMatchObject({ action: 'refreshed' });
    expect(rig.isAlive(leaked)).toBe(false);
    expect(rig.isAlive(rig.stored().token!.value)).toBe(true);
    expect(rig.stored().forces).toMatchObject({ count: 2 });
  });

  it('stop at the 20 forced refreshes that WeChat allows a day', async () => {
    const rig = createRig({ policy: { api: 'stable' } });
    const keeper = rig.process();
    await rig.get(keeper);
    for (let forced = 0; forced < 20; forced += 2) {
      await place(rig, orderLeak);
      for (let mint = 0; mint < 2; mint++) {
        await rig.advance(31_000);
        expect(await rig.tick(keeper)).toMatchObject({ action: 'refreshed' });
      }
    }
    await rig.advance(31_000);
    await place(rig, orderLeak);
    expect(await rig.tick(keeper)).toMatchObject({ action: 'failed', errcode: 45009 });
    expect(rig.wechat.mints(APPID).stable).toBe(21);
  });

  it('pass an open breaker and the daily limit, for a person answers for them', async () => {
    const rig = createRig({ policy: { mintLimitPerDay: 1 } });
    const keeper = rig.process();
    await rig.get(keeper);
    await rig.advance(MINUTE_MS);
    await place(rig, orderNow);
    rig.lineFaults.push({ kind: 'errcode', errcode: 40164, errmsg: 'invalid ip' });
    expect(await rig.tick(keeper)).toMatchObject({ action: 'failed', errcode: 40164 });
    expect(await rig.tick(keeper)).toMatchObject({ action: 'refreshed' });
  });

  it('don’t mint inside the hold of an unsettled mint, unless the token has leaked', async () => {
    const rig = createRig();
    const keeper = rig.process();
    await rig.get(keeper);
    await rig.advance(110 * MINUTE_MS);
    rig.lineFaults.push({ kind: 'lost-answer' });
    await rig.tick(keeper);
    await place(rig, orderNow);
    expect(await rig.tick(keeper)).toMatchObject({ action: 'busy' });
    await place(rig, orderLeak);
    expect(await rig.tick(keeper)).toMatchObject({ action: 'refreshed' });
  });

  it('are forgotten after a quarter of an hour', async () => {
    const rig = createRig();
    const keeper = rig.process();
    await rig.get(keeper);
    await place(rig, orderNow);
    await rig.advance(16 * MINUTE_MS);
    expect(await rig.tick(keeper)).toMatchObject({ action: 'fresh' });
  });
});
