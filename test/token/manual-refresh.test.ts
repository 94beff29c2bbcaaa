/** An operator's manualRefresh: a mint now, or the death of a leaked token. */

import { describe, expect, it } from 'vitest';
import { requestLeakRefresh, requestRefresh } from '../../functions/_shared/token/manual-refresh.ts';
import type { TokenRecord } from '../../functions/_shared/token/record.ts';
import { APPID, createHarness, tokenOf, type Harness } from '../support/harness.ts';

const MINUTE_MS = 60_000;

/** Writes the request as `npm run refresh` does: by compare-and-swap on what is stored. */
async function place(
  harness: Harness,
  request: (record: TokenRecord, nowMs: number) => TokenRecord,
): Promise<void> {
  const { store } = harness.process().ports;
  const { record, basis } = await harness.timeline.settle(store.read());
  const written = await harness.timeline.settle(store.swap(basis, request(record, harness.timeline.now())));
  expect(written).not.toBeNull();
}

describe('a manual refresh', () => {
  it('are carried out once, although nothing is due', async () => {
    const harness = createHarness();
    const app = harness.process();
    const before = tokenOf(await harness.get(app));
    await harness.advance(MINUTE_MS);
    await place(harness, requestRefresh);
    expect(await harness.tick(app)).toMatchObject({ action: 'refreshed' });
    expect(harness.stored().token!.value).not.toBe(before);
    expect(harness.stored().manualRefresh).toBeNull();
    expect(await harness.tick(app)).toMatchObject({ action: 'fresh' });
    expect(harness.isAlive(before)).toBe(true);
  });

  it('kill a leaked token with the second mint in token mode', async () => {
    const harness = createHarness();
    const app = harness.process();
    const leaked = tokenOf(await harness.get(app));
    await harness.advance(MINUTE_MS);
    await place(harness, requestLeakRefresh);
    await harness.tick(app);
    expect(harness.isAlive(leaked)).toBe(true);
    expect(harness.stored().manualRefresh).toMatchObject({ mintsLeft: 1 });
    expect(await harness.tick(app)).toMatchObject({ action: 'refreshed' });
    expect(harness.isAlive(leaked)).toBe(false);
    expect(harness.isAlive(harness.stored().token!.value)).toBe(true);
    expect(harness.stored().manualRefresh).toBeNull();
  });

  it('force both mints 30 s apart in stable mode', async () => {
    const harness = createHarness({ policy: { api: 'stable' } });
    const app = harness.process();
    const leaked = tokenOf(await harness.get(app));
    await harness.advance(MINUTE_MS);
    await place(harness, requestLeakRefresh);
    expect(await harness.tick(app)).toMatchObject({ action: 'refreshed' });
    const wait = await harness.tick(app);
    expect(wait).toMatchObject({ action: 'busy', errmsg: 'forced refreshes have to be 30 s apart' });
    expect(wait.refresh_in).toBeLessThanOrEqual(30);
    expect(harness.isAlive(leaked)).toBe(true);
    await harness.advance(wait.refresh_in * 1_000 + 100);
    expect(await harness.tick(app)).toMatchObject({ action: 'refreshed' });
    expect(harness.isAlive(leaked)).toBe(false);
    expect(harness.isAlive(harness.stored().token!.value)).toBe(true);
    expect(harness.stored().forces).toMatchObject({ count: 2 });
  });

  it('stop at the 20 forced refreshes that WeChat allows a day', async () => {
    const harness = createHarness({ policy: { api: 'stable' } });
    const app = harness.process();
    await harness.get(app);
    for (let forced = 0; forced < 20; forced += 2) {
      await place(harness, requestLeakRefresh);
      for (let mint = 0; mint < 2; mint++) {
        await harness.advance(31_000);
        expect(await harness.tick(app)).toMatchObject({ action: 'refreshed' });
      }
    }
    await harness.advance(31_000);
    await place(harness, requestLeakRefresh);
    expect(await harness.tick(app)).toMatchObject({ action: 'failed', errcode: 45009 });
    expect(harness.wechat.mints(APPID).stable).toBe(21);
  });

  it('that WeChat refuses because others have forced stop for the day, and ordinary calls go on', async () => {
    const harness = createHarness({ policy: { api: 'stable' } });
    const app = harness.process();
    const token = tokenOf(await harness.get(app));
    await harness.advance(MINUTE_MS);
    await place(harness, requestLeakRefresh);
    harness.lineFaults.push({ kind: 'errcode', errcode: 45_009, errmsg: 'reach max api daily quota limit' });
    expect(await harness.tick(app)).toMatchObject({ action: 'failed', errcode: 45_009 });
    expect(harness.stored()).toMatchObject({ backoff: null, forces: { count: 20 }, learnedLimit: null });
    const calls = harness.upstream.calls;
    expect(await harness.tick(app)).toMatchObject({ action: 'failed', errcode: 45_009 });
    expect(harness.upstream.calls).toBe(calls);
    // The request is still open, and whoever finds the token dead gets another one all the same.
    harness.wechat.account(APPID).revoke(harness.timeline.now());
    const next = tokenOf(await harness.get(app, token));
    expect([next !== token, harness.isAlive(next)]).toEqual([true, true]);
    expect(harness.stored()).toMatchObject({ manualRefresh: { mintsLeft: 2 }, forces: { count: 20 } });
    await harness.advance(130 * MINUTE_MS);
    expect(tokenOf(await harness.get(app))).not.toBe(next);
  });

  it('pass an open breaker and the daily limit, for a person answers for them', async () => {
    const harness = createHarness({ policy: { mintLimitPerDay: 1 } });
    const app = harness.process();
    await harness.get(app);
    await harness.advance(MINUTE_MS);
    await place(harness, requestRefresh);
    harness.lineFaults.push({ kind: 'errcode', errcode: 40164, errmsg: 'invalid ip' });
    expect(await harness.tick(app)).toMatchObject({ action: 'failed', errcode: 40164 });
    expect(await harness.tick(app)).toMatchObject({ action: 'refreshed' });
  });

  it('don’t mint inside the hold of an unsettled mint, unless the token has leaked', async () => {
    const harness = createHarness();
    const app = harness.process();
    await harness.get(app);
    await harness.advance(110 * MINUTE_MS);
    harness.lineFaults.push({ kind: 'lost-answer' });
    await harness.tick(app);
    await place(harness, requestRefresh);
    expect(await harness.tick(app)).toMatchObject({ action: 'busy' });
    await place(harness, requestLeakRefresh);
    expect(await harness.tick(app)).toMatchObject({ action: 'refreshed' });
  });

  it('are forgotten after a quarter of an hour', async () => {
    const harness = createHarness();
    const app = harness.process();
    await harness.get(app);
    await place(harness, requestRefresh);
    await harness.advance(16 * MINUTE_MS);
    expect(await harness.tick(app)).toMatchObject({ action: 'fresh' });
  });
});
