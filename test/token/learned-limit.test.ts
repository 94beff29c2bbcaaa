/** A quota smaller than MINT_LIMIT_PER_DAY: met once, it is known on the following days. */

import { describe, expect, it } from 'vitest';
import { nextDayAtMs } from '../../functions/_shared/token/backoff.ts';
import { APPID, createHarness, tokenOf } from '../support/harness.ts';
import type { Harness } from '../support/harness.ts';

const MINUTE_MS = 60_000;
const QUOTA = { kind: 'errcode', errcode: 45_009, errmsg: 'reach max api daily quota limit' } as const;

/** Dead tokens are reported until there is no other. Returns how many were minted. */
async function reportDead(harness: Harness, most: number): Promise<number> {
  const app = harness.process();
  const before = harness.mints();
  for (let reports = 0; reports < most; reports += 1) {
    const answer = await harness.get(app);
    harness.wechat.account(APPID).revoke(harness.timeline.now());
    await harness.advance(MINUTE_MS);
    if (!answer.ok || !(await harness.get(app, tokenOf(answer))).ok) break;
  }
  return harness.mints() - before;
}

async function nextDay(harness: Harness): Promise<void> {
  await harness.timeline.runUntil(nextDayAtMs(harness.timeline.now()) + 20 * MINUTE_MS);
}

describe('45009 before our own limit', () => {
  it('is remembered as the limit, and keeps the reserve of the timer from reports on the next day', async () => {
    const harness = createHarness();
    const app = harness.process();
    await harness.get(app);
    await reportDead(harness, 99);
    expect(harness.stored()).toMatchObject({ mints: { count: 100 }, learnedLimit: null });
    harness.wechat.account(APPID).revoke(harness.timeline.now());
    await harness.advance(MINUTE_MS);
    harness.lineFaults.push({ kind: 'none' }, QUOTA);
    expect(await harness.get(app, harness.stored().token!.value)).toMatchObject({
      ok: false,
      errcode: 45_009,
    });
    expect(harness.stored()).toMatchObject({ mints: { count: 100 }, learnedLimit: 100 });
    await nextDay(harness);
    await harness.tick(app);
    // 100 less a tenth for the timer, and one of them was the timer's.
    expect(await reportDead(harness, 140)).toBe(89);
  });

  it('binds reports no longer once more were minted in a day, and says so while it binds', async () => {
    const harness = createHarness();
    const app = harness.process();
    await harness.get(app);
    const tokenOfDay = async (count: number): Promise<string> => {
      const { read, swap } = app.ports.store;
      const { record, basis } = await harness.timeline.settle(read());
      const next = { ...record, mints: { ...record.mints, count }, learnedLimit: 100 };
      await harness.timeline.settle(swap(basis, next));
      harness.wechat.account(APPID).revoke(harness.timeline.now());
      await harness.advance(MINUTE_MS);
      return harness.stored().token!.value;
    };
    const answer = await harness.get(app, await tokenOfDay(95));
    expect(answer).toMatchObject({ ok: false, errcode: 503 });
    expect(answer).toHaveProperty('errmsg', expect.stringContaining('more than 100 a day (45009'));
    expect(answer).toHaveProperty('errmsg', expect.not.stringContaining('MINT_LIMIT'));
    expect(await harness.get(app, await tokenOfDay(100))).toMatchObject({ ok: true });
    expect(await harness.get(app, await tokenOfDay(470))).toHaveProperty(
      'errmsg',
      expect.stringContaining('MINT_LIMIT_PER_DAY leaves no more to reports'),
    );
  });

  it('after fewer than half of the smallest quota that WeChat grants, costs reports nothing', async () => {
    const harness = createHarness();
    const app = harness.process();
    await harness.get(app);
    await reportDead(harness, 74);
    harness.wechat.account(APPID).revoke(harness.timeline.now());
    await harness.advance(MINUTE_MS);
    harness.lineFaults.push({ kind: 'none' }, QUOTA);
    await harness.get(app, harness.stored().token!.value);
    expect(harness.stored().learnedLimit).toBe(75);
    await nextDay(harness);
    await harness.tick(app);
    expect(await reportDead(harness, 80)).toBe(80);
  });

  it('does not bind the timer, and a higher count that works raises it', async () => {
    const harness = createHarness();
    const app = harness.process();
    await harness.get(app);
    await harness.advance(MINUTE_MS);
    harness.lineFaults.push(QUOTA);
    await harness.get(app, harness.stored().token!.value);
    expect(harness.stored().learnedLimit).toBe(1);
    await nextDay(harness);
    for (let ticks = 0; ticks < 3; ticks += 1) {
      expect(await harness.tick(app)).toMatchObject({ action: 'refreshed' });
      await harness.advance(110 * MINUTE_MS);
    }
    expect(harness.stored().learnedLimit).toBe(3);
  });

  it('teaches nothing in the first minutes of a day, which WeChat may count to the day before', async () => {
    const harness = createHarness();
    const app = harness.process();
    await harness.timeline.runUntil(nextDayAtMs(harness.timeline.now()) + MINUTE_MS);
    await harness.get(app);
    await harness.advance(MINUTE_MS);
    harness.lineFaults.push(QUOTA);
    await harness.get(app, harness.stored().token!.value);
    expect(harness.stored()).toMatchObject({ backoff: { errcode: 45_009 }, learnedLimit: null });
  });

  it('does not bind reports once the mode is stable, which has a quota of its own', async () => {
    const harness = createHarness({ policy: { api: 'stable' } });
    const app = harness.process();
    const token = tokenOf(await harness.get(app));
    const { read, swap } = app.ports.store;
    const { record, basis } = await harness.timeline.settle(read());
    const next = { ...record, mints: { ...record.mints, count: 150 }, learnedLimit: 160 };
    await harness.timeline.settle(swap(basis, next));
    await harness.advance(MINUTE_MS);
    expect(tokenOf(await harness.get(app, token))).toBe(token);
  });

  it('in stable mode says nothing about mints', async () => {
    const harness = createHarness({ policy: { api: 'stable' } });
    const app = harness.process();
    await harness.get(app);
    await harness.advance(MINUTE_MS);
    harness.lineFaults.push(QUOTA);
    await harness.get(app, harness.stored().token!.value);
    expect(harness.stored()).toMatchObject({ backoff: { errcode: 45_009 }, learnedLimit: null });
  });
});
