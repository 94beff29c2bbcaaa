/** R7: each failure has an owner, and the owner decides when the next attempt is allowed. */

import { describe, expect, it } from 'vitest';
import { backoffAfter, isMidnightBlur, nextDayAtMs } from '../../functions/_shared/token/backoff.ts';
import type { Owner } from '../../functions/_shared/token/record.ts';
import { emptyRecord } from '../../functions/_shared/token/record.ts';
import { APPID, createHarness, START_MS, tokenOf } from '../support/harness.ts';

const MINUTE_MS = 60_000;

const MIDNIGHT_MS = nextDayAtMs(START_MS);
const failureOf = (owner: Owner) => ({ owner, errcode: 1, errmsg: 'no' });
const before = (owner: Owner, failures: number) =>
  backoffAfter(
    {
      ...emptyRecord,
      backoff: { ...failureOf(owner), failures, sinceAtMs: 1, retryAtMs: 2, fingerprint: 'f1' },
    },
    failureOf(owner),
    'f1',
    START_MS,
    0.5,
  );

describe('a pause', () => {
  it.each([
    { owner: 'transient', random: 0, atMs: START_MS, pauseMs: 750 },
    { owner: 'transient', random: 1, atMs: START_MS, pauseMs: 1_250 },
    { owner: 'configuration', random: 1, atMs: START_MS, pauseMs: MINUTE_MS },
    { owner: 'quota', random: 1, atMs: MIDNIGHT_MS - 1, pauseMs: 1 },
    { owner: 'quota', random: 1, atMs: MIDNIGHT_MS, pauseMs: 10 * MINUTE_MS },
    { owner: 'quota', random: 1, atMs: MIDNIGHT_MS + 3 * MINUTE_MS, pauseMs: 7 * MINUTE_MS },
    { owner: 'quota', random: 1, atMs: MIDNIGHT_MS + 10 * MINUTE_MS, pauseMs: (24 * 60 - 10) * MINUTE_MS },
  ] as const)(
    'of a first failure ($owner, chance $random) lasts $pauseMs ms',
    ({ owner, random, atMs, pauseMs }) => {
      const next = backoffAfter(emptyRecord, failureOf(owner), 'f1', atMs, random);
      expect(next.retryAtMs - atMs).toBe(pauseMs);
    },
  );

  it('knows the first ten minutes of a day, and not the eleventh', () => {
    expect([-1, 0, 10 * MINUTE_MS - 1, 10 * MINUTE_MS].map((ms) => isMidnightBlur(MIDNIGHT_MS + ms))).toEqual(
      [false, true, true, false],
    );
  });

  it('counts on only for the same owner and the same configuration', () => {
    const backoff = before('transient', 3);
    expect(backoff).toMatchObject({ failures: 4, sinceAtMs: 1 });
    const after = (owner: Owner, fingerprint: string) =>
      backoffAfter({ ...emptyRecord, backoff }, failureOf(owner), fingerprint, START_MS, 0.5);
    expect(after('transient', 'f1')).toMatchObject({ failures: 5, sinceAtMs: 1 });
    expect(after('transient', 'f2')).toMatchObject({ failures: 1, sinceAtMs: START_MS });
    expect(after('quota', 'f1')).toMatchObject({ failures: 1, sinceAtMs: START_MS });
  });

  it('stores an advice only where there is one: the database knows no undefined', () => {
    const next = (advice?: string) =>
      backoffAfter(emptyRecord, { ...failureOf('quota'), ...(advice && { advice }) }, 'f1', START_MS, 0);
    expect(Object.keys(next())).not.toContain('advice');
    expect(next('do this').advice).toBe('do this');
  });
});

describe('backoffs', () => {
  it('asks WeChat at most 5 times in 10 minutes of 1 000 calls with a wrong secret, and tells each caller', async () => {
    const harness = createHarness({ wrongSecret: true });
    const apps = Array.from({ length: 4 }, () => harness.process());
    for (let call = 0; call < 1_000; call++) {
      const answer = await harness.get(apps[call % 4]!);
      expect(answer).toMatchObject({ ok: false, errcode: 40125 });
      expect(!answer.ok && answer.errmsg).toContain('WX_APPSECRET');
      await harness.advance(600);
    }
    expect(harness.upstream.calls).toBeLessThanOrEqual(5);
    expect(harness.upstream.calls).toBeGreaterThanOrEqual(4);
  });

  it('opens for a changed configuration at once', async () => {
    const harness = createHarness({ wrongSecret: true });
    await harness.get(harness.process());
    await harness.get(harness.process({ fingerprint: 'f2' }));
    expect(harness.upstream.calls).toBe(2);
  });

  it('grows the pause of a configuration error from a minute to an hour', async () => {
    const harness = createHarness({ wrongSecret: true });
    const app = harness.process();
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 8; attempt++) {
      await harness.tick(app);
      const pauseMs = harness.stored().backoff!.retryAtMs - harness.timeline.now();
      pauses.push(Math.round(pauseMs / MINUTE_MS));
      await harness.advance(pauseMs + 1);
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('returns a configuration error to the platform and throws nothing, tick after tick', async () => {
    const harness = createHarness({ wrongSecret: true });
    const app = harness.process();
    const { tick } = await import('../../functions/refreshAccessToken/tick.ts');
    const first = await harness.timeline.settle(tick(app));
    expect(first).toMatchObject({ isRetryable: false, reply: { action: 'failed', errcode: 40125 } });
    await harness.advance(10_000);
    const second = await harness.timeline.settle(tick(app));
    expect(second).toMatchObject({ isRetryable: false, reply: { action: 'failed', errcode: 40125 } });
    expect(harness.upstream.calls).toBe(1);
  });

  it('mints nothing after 45009 until the day turns in UTC+8, and serves what is alive', async () => {
    const harness = createHarness();
    const app = harness.process();
    const token = tokenOf(await harness.get(app));
    await harness.advance(110 * MINUTE_MS);
    harness.lineFaults.push({ kind: 'errcode', errcode: 45009, errmsg: 'reach max api daily quota limit' });
    expect(await harness.tick(app)).toMatchObject({ action: 'failed', errcode: 45009 });
    expect(tokenOf(await harness.get(harness.process()))).toBe(token);
    const calls = harness.upstream.calls;
    while (harness.timeline.now() < nextDayAtMs(START_MS) - 5 * MINUTE_MS) {
      await harness.advance(5 * MINUTE_MS);
      await harness.tick(app);
    }
    expect(harness.upstream.calls).toBe(calls);
    expect(await harness.get(harness.process())).toMatchObject({ ok: false, errcode: 45009 });
    await harness.timeline.runUntil(nextDayAtMs(START_MS));
    expect(await harness.tick(app)).toMatchObject({ action: 'refreshed' });
  });

  it('stops at MINT_LIMIT_PER_DAY and names it', async () => {
    const harness = createHarness({ policy: { mintLimitPerDay: 3 } });
    const app = harness.process();
    let token = tokenOf(await harness.get(app));
    for (let index = 0; index < 2; index++) {
      await harness.advance(MINUTE_MS);
      harness.wechat.account(APPID).revoke(harness.timeline.now());
      token = tokenOf(await harness.get(app, token));
    }
    await harness.advance(MINUTE_MS);
    harness.wechat.account(APPID).revoke(harness.timeline.now());
    const answer = await harness.get(app, token);
    expect(answer).toMatchObject({ ok: false, errcode: 503 });
    expect(!answer.ok && answer.errmsg).toContain('MINT_LIMIT_PER_DAY');
    expect(harness.mints()).toBe(3);
  });

  it('backs off after transient failures with nothing alive, up to a minute, and heals by itself', async () => {
    const harness = createHarness();
    const app = harness.process();
    harness.outage.wechat = true;
    for (let call = 0; call < 600; call++) {
      expect(await harness.get(app)).toMatchObject({ ok: false, errcode: 503 });
      await harness.advance(1_000);
    }
    expect(harness.upstream.calls).toBeLessThanOrEqual(25);
    harness.outage.wechat = false;
    await harness.advance(MINUTE_MS + 1_000);
    expect(harness.isAlive(tokenOf(await harness.get(app)))).toBe(true);
  });

  it('asks again within the same call when WeChat is busy, twice and no more', async () => {
    const harness = createHarness();
    const busy = { kind: 'errcode', errcode: -1, errmsg: 'system error' } as const;
    harness.lineFaults.push(busy, busy);
    expect(await harness.tick(harness.process())).toMatchObject({ action: 'refreshed' });
    expect(harness.upstream.calls).toBe(3);
    const other = createHarness();
    other.lineFaults.push(busy, busy, busy, busy);
    expect(await other.tick(other.process())).toMatchObject({ action: 'failed', errcode: -1 });
    expect(other.upstream.calls).toBe(3);
  });

  it('waits for the next minute after 45011', async () => {
    const harness = createHarness();
    harness.lineFaults.push({ kind: 'errcode', errcode: 45011, errmsg: 'api minute-quota reach limit' });
    const answer = await harness.get(harness.process());
    expect(answer).toMatchObject({ ok: false, errcode: 45011 });
    expect(!answer.ok && answer.retryAfterMs).toBeGreaterThan(55_000);
  });
});

describe('the daily limit', () => {
  it('keeps mints back for the timer from reports of one dead token after another', async () => {
    const harness = createHarness({ policy: { mintLimitPerDay: 50 } });
    const [rogue, healthy] = [harness.process(), harness.process()];
    for (let report = 0; report < 100; report++) {
      const answer = await harness.get(rogue);
      await harness.advance(31_000);
      harness.wechat.account(APPID).revoke(harness.timeline.now());
      if (answer.ok) await harness.get(rogue, answer.token);
    }
    expect(harness.mints()).toBe(45);
    await harness.advance(120 * MINUTE_MS);
    expect(await harness.tick(healthy)).toMatchObject({ action: 'refreshed' });
    expect(harness.isAlive(tokenOf(await harness.get(harness.process())))).toBe(true);
  });

  it('is not used up by half a day of lost answers', async () => {
    const harness = createHarness({ policy: { mintLimitPerDay: 100 } });
    const app = harness.process();
    harness.outage.wechat = true;
    for (let call = 0; call < 11 * 60; call++) {
      await harness.get(app);
      await harness.advance(MINUTE_MS);
    }
    harness.outage.wechat = false;
    await harness.advance(2 * MINUTE_MS);
    expect(harness.isAlive(tokenOf(await harness.get(app)))).toBe(true);
  });
});
