/** R7: each failure has an owner, and the owner decides when the next attempt is allowed. */

import { describe, expect, it } from 'vitest';
import { nextDayAtMs } from '../../functions/_shared/token/setback.ts';
import { APPID, createRig, START_MS, tokenOf } from '../support/rig.ts';

const MINUTE_MS = 60_000;

describe('setbacks', () => {
  it('asks WeChat at most 5 times in 10 minutes of 1 000 calls with a wrong secret, and tells each caller', async () => {
    const rig = createRig({ wrongSecret: true });
    const keepers = Array.from({ length: 4 }, () => rig.process());
    for (let call = 0; call < 1_000; call++) {
      const answer = await rig.get(keepers[call % 4]!);
      expect(answer).toMatchObject({ ok: false, errcode: 40125 });
      expect(!answer.ok && answer.errmsg).toContain('WX_APPSECRET');
      await rig.advance(600);
    }
    expect(rig.upstream.calls).toBeLessThanOrEqual(5);
    expect(rig.upstream.calls).toBeGreaterThanOrEqual(4);
  });

  it('opens for a changed configuration at once', async () => {
    const rig = createRig({ wrongSecret: true });
    await rig.get(rig.process());
    await rig.get(rig.process({ fingerprint: 'f2' }));
    expect(rig.upstream.calls).toBe(2);
  });

  it('grows the pause of a configuration error from a minute to an hour', async () => {
    const rig = createRig({ wrongSecret: true });
    const keeper = rig.process();
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 8; attempt++) {
      await rig.tick(keeper);
      const pauseMs = rig.stored().setback!.retryAtMs - rig.timeline.now();
      pauses.push(Math.round(pauseMs / MINUTE_MS));
      await rig.advance(pauseMs + 1);
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('returns a configuration error to the platform and throws nothing, tick after tick', async () => {
    const rig = createRig({ wrongSecret: true });
    const keeper = rig.process();
    const { tick } = await import('../../functions/refreshAccessToken/tick.ts');
    const first = await rig.timeline.settle(tick(keeper));
    expect(first).toMatchObject({ isRetryable: false, reply: { action: 'failed', errcode: 40125 } });
    await rig.advance(10_000);
    const second = await rig.timeline.settle(tick(keeper));
    expect(second).toMatchObject({ isRetryable: false, reply: { action: 'failed', errcode: 40125 } });
    expect(rig.upstream.calls).toBe(1);
  });

  it('mints nothing after 45009 until the day turns in UTC+8, and serves what is alive', async () => {
    const rig = createRig();
    const keeper = rig.process();
    const token = tokenOf(await rig.get(keeper));
    await rig.advance(110 * MINUTE_MS);
    rig.lineFaults.push({ kind: 'errcode', errcode: 45009, errmsg: 'reach max api daily quota limit' });
    expect(await rig.tick(keeper)).toMatchObject({ action: 'failed', errcode: 45009 });
    expect(tokenOf(await rig.get(rig.process()))).toBe(token);
    const calls = rig.upstream.calls;
    while (rig.timeline.now() < nextDayAtMs(START_MS) - 5 * MINUTE_MS) {
      await rig.advance(5 * MINUTE_MS);
      await rig.tick(keeper);
    }
    expect(rig.upstream.calls).toBe(calls);
    expect(await rig.get(rig.process())).toMatchObject({ ok: false, errcode: 45009 });
    await rig.timeline.runUntil(nextDayAtMs(START_MS));
    expect(await rig.tick(keeper)).toMatchObject({ action: 'refreshed' });
  });

  it('stops at MINT_LIMIT_PER_DAY and names it', async () => {
    const rig = createRig({ policy: { mintLimitPerDay: 3 } });
    const keeper = rig.process();
    let token = tokenOf(await rig.get(keeper));
    for (let index = 0; index < 2; index++) {
      await rig.advance(MINUTE_MS);
      rig.wechat.account(APPID).revoke(rig.timeline.now());
      token = tokenOf(await rig.get(keeper, token));
    }
    await rig.advance(MINUTE_MS);
    const answer = await rig.get(keeper, token);
    expect(answer).toMatchObject({ ok: false, errcode: 503 });
    expect(!answer.ok && answer.errmsg).toContain('MINT_LIMIT_PER_DAY');
    expect(rig.mints()).toBe(3);
  });

  it('backs off after transient failures with nothing alive, up to a minute, and heals by itself', async () => {
    const rig = createRig();
    const keeper = rig.process();
    rig.outage.wechat = true;
    for (let call = 0; call < 600; call++) {
      expect(await rig.get(keeper)).toMatchObject({ ok: false, errcode: 503 });
      await rig.advance(1_000);
    }
    expect(rig.upstream.calls).toBeLessThanOrEqual(25);
    rig.outage.wechat = false;
    await rig.advance(MINUTE_MS + 1_000);
    expect(rig.isAlive(tokenOf(await rig.get(keeper)))).toBe(true);
  });

  it('asks again within the same call when WeChat is busy, twice and no more', async () => {
    const rig = createRig();
    const busy = { kind: 'errcode', errcode: -1, errmsg: 'system error' } as const;
    rig.lineFaults.push(busy, busy);
    expect(await rig.tick(rig.process())).toMatchObject({ action: 'refreshed' });
    expect(rig.upstream.calls).toBe(3);
    const other = createRig();
    other.lineFaults.push(busy, busy, busy, busy);
    expect(await other.tick(other.process())).toMatchObject({ action: 'failed', errcode: -1 });
    expect(other.upstream.calls).toBe(3);
  });

  it('waits for the next minute after 45011', async () => {
    const rig = createRig();
    rig.lineFaults.push({ kind: 'errcode', errcode: 45011, errmsg: 'api minute-quota reach limit' });
    const answer = await rig.get(rig.process());
    expect(answer).toMatchObject({ ok: false, errcode: 45011 });
    expect(!answer.ok && answer.retryAfterMs).toBeGreaterThan(55_000);
  });
});

describe('the daily limit', () => {
  it('keeps mints back for the timer from a caller that reports one good token after another', async () => {
    const rig = createRig({ policy: { mintLimitPerDay: 50 } });
    const [rogue, healthy] = [rig.process(), rig.process()];
    for (let report = 0; report < 100; report++) {
      const answer = await rig.get(rogue);
      if (answer.ok) await rig.get(rogue, answer.token);
      await rig.advance(31_000);
    }
    expect(rig.mints()).toBe(45);
    await rig.advance(120 * MINUTE_MS);
    expect(await rig.tick(healthy)).toMatchObject({ action: 'refreshed' });
    expect(rig.isAlive(tokenOf(await rig.get(rig.process())))).toBe(true);
  });

  it('is not used up by half a day of lost answers', async () => {
    const rig = createRig({ policy: { mintLimitPerDay: 100 } });
    const keeper = rig.process();
    rig.outage.wechat = true;
    for (let call = 0; call < 11 * 60; call++) {
      await rig.get(keeper);
      await rig.advance(MINUTE_MS);
    }
    rig.outage.wechat = false;
    await rig.advance(2 * MINUTE_MS);
    expect(rig.isAlive(tokenOf(await rig.get(keeper)))).toBe(true);
  });
});
