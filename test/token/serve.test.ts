/** R4 and R5: a failure makes nothing worse, and what is alive is served with its honest life. */

import { describe, expect, it } from 'vitest';
import { createHarness, tokenOf } from '../support/harness.ts';

const MINUTE_MS = 60_000;

describe('serving', () => {
  it('answers from memory for a minute and then reads once', async () => {
    const harness = createHarness();
    const app = harness.process();
    await harness.get(app);
    harness.collection.calls.reads = 0;
    for (let second = 0; second < 59; second++) {
      await harness.get(app);
      await harness.advance(1_000);
    }
    expect(harness.collection.calls.reads).toBe(0);
    await harness.advance(2_000);
    await harness.get(app);
    expect(harness.collection.calls.reads).toBe(1);
  });

  it('mints by itself on an empty database, once for all that ask', async () => {
    const harness = createHarness();
    const apps = Array.from({ length: 8 }, () => harness.process());
    const { getAccessToken } = await import('../../functions/_shared/token/getAccessToken.ts');
    const calls = apps.flatMap((app) => Array.from({ length: 25 }, () => getAccessToken(app, null)));
    const answers = await harness.timeline.settle(Promise.all(calls));
    expect(new Set(answers.map(tokenOf)).size).toBe(1);
    expect(harness.mints()).toBe(1);
    expect(harness.upstream.calls).toBe(1);
  });

  it('promises no more than four minutes beyond our own next refresh, which may be interrupted and followed by another', async () => {
    const harness = createHarness();
    await harness.tick(harness.process());
    const fresh = await harness.get(harness.process());
    expect(fresh.ok && Math.round(fresh.leftMs / 1_000)).toBe(110 * 60 - 30 + 240);
    await harness.advance(112 * MINUTE_MS);
    const late = await harness.get(harness.process());
    expect(late.ok && late.leftMs).toBeLessThanOrEqual(240_000);
  });

  it('refreshes by itself when no tick came within five minutes of the due time, with more than four minutes left', async () => {
    const harness = createHarness();
    const app = harness.process();
    const first = tokenOf(await harness.get(app));
    await harness.advance(114 * MINUTE_MS);
    expect(tokenOf(await harness.get(app))).toBe(first);
    await harness.advance(MINUTE_MS);
    expect(tokenOf(await harness.get(app))).not.toBe(first);
    expect(harness.mints()).toBe(2);
  });

  it('serves everybody else the living token while a reader refreshes it, and when that fails', async () => {
    const harness = createHarness();
    const first = tokenOf(await harness.get(harness.process()));
    await harness.advance(115 * MINUTE_MS);
    harness.outage.wechat = true;
    const answers = Promise.all([1, 2, 3].map(() => harness.get(harness.process())));
    await harness.advance(30_000);
    expect((await answers).map(tokenOf)).toEqual([first, first, first]);
    harness.outage.wechat = false;
    await harness.advance(4 * MINUTE_MS + 30_000);
    expect(tokenOf(await harness.get(harness.process()))).not.toBe(first);
    expect(harness.isAlive(harness.stored().token!.value)).toBe(true);
  });

  it('keeps the stored token and its life through an outage of WeChat, and recovers without help', async () => {
    const harness = createHarness();
    const app = harness.process();
    const first = tokenOf(await harness.get(app));
    await harness.advance(90 * MINUTE_MS);
    harness.outage.wechat = true;
    for (let tick = 0; tick < 4; tick++) {
      await harness.advance(5 * MINUTE_MS);
      await harness.tick(app);
      expect(harness.isAlive(tokenOf(await harness.get(app)))).toBe(true);
    }
    expect(harness.stored().token!.value).toBe(first);
    harness.outage.wechat = false;
    await harness.advance(5 * MINUTE_MS);
    expect(await harness.tick(app)).toMatchObject({ action: 'refreshed' });
  });

  it('serves from memory while the database is down, asks it rarely, mints nothing, and stops at the promise’s end', async () => {
    const harness = createHarness();
    const app = harness.process();
    const first = tokenOf(await harness.get(app));
    harness.outage.store = true;
    harness.collection.calls.reads = 0;
    await harness.advance(2 * MINUTE_MS);
    for (let call = 0; call < 400; call++) {
      expect(tokenOf(await harness.get(app))).toBe(first);
      await harness.advance(100);
    }
    expect(harness.collection.calls.reads).toBeLessThanOrEqual(15);
    await harness.timeline.runUntil(harness.timeline.now() + 115 * MINUTE_MS);
    expect(await harness.get(app)).toMatchObject({ ok: false, errcode: 503 });
    expect(harness.mints()).toBe(1);
  });

  it('keeps a minted token that could not be stored, and stores it later instead of minting again', async () => {
    const harness = createHarness();
    const app = harness.process();
    const { swap } = app.ports.store;
    let isDown = true;
    app.ports.store.swap = async (basis, next) => {
      if (isDown && next.claim === null) harness.storeFaults.push('lost', 'lost', 'lost', 'lost');
      return swap(basis, next);
    };
    const token = tokenOf(await harness.get(app));
    expect(harness.stored().token).toBeNull();
    isDown = false;
    await harness.advance(61_000);
    expect(tokenOf(await harness.get(app))).toBe(token);
    expect(harness.stored()).toMatchObject({
      token: { value: token },
      claim: null,
      unsettledSinceAtMs: null,
    });
    expect(harness.mints()).toBe(1);
  });

  it.each([
    { fault: 'applied-but-lost', what: 'the claim’s answer is lost after the database did it' },
    { fault: 'lost', what: 'the claim is lost on its way' },
    { fault: 'applied-late', what: 'the claim is applied after the caller gave up' },
  ] as const)('mints once when $what', async ({ fault }) => {
    const harness = createHarness();
    const app = harness.process();
    harness.storeFaults.push('none', fault);
    const answer = await harness.get(app);
    expect(harness.isAlive(tokenOf(answer))).toBe(true);
    expect(harness.mints()).toBe(1);
    await harness.advance(30_000);
    expect(harness.stored().token?.value).toBe(tokenOf(answer));
  });

  it.each([
    ['an HTML page', 200, '<html>busy</html>'],
    ['nothing', 200, ''],
    ['{}', 200, '{}'],
    ['an empty token', 200, '{"access_token":"","expires_in":7200}'],
    ['expires_in 0', 200, '{"access_token":"A_TOKEN","expires_in":0}'],
    ['expires_in -1', 200, '{"access_token":"A_TOKEN","expires_in":-1}'],
    ['HTTP 502', 502, '{"access_token":"A_TOKEN","expires_in":7200}'],
    ['errcode -1 three times', 200, '{"errcode":-1,"errmsg":"system error"}'],
  ])('stores nothing and keeps the old token when WeChat answers %s', async (_, status, body) => {
    const harness = createHarness();
    const app = harness.process();
    const first = tokenOf(await harness.get(app));
    await harness.advance(110 * MINUTE_MS);
    for (let tries = 0; tries < 3; tries++) harness.lineFaults.push({ kind: 'body', status, body });
    expect(await harness.tick(app)).toMatchObject({ action: 'failed' });
    expect(harness.stored().token).toMatchObject({ value: first });
    expect(tokenOf(await harness.get(harness.process()))).toBe(first);
  });

  it.each([
    ['"7200"', 7_200],
    ['1e308', 7_200],
    ['100000', 7_200],
    ['null', 600],
    ['"soon"', 600],
    ['250', 250],
  ])('stores a finite life when expires_in is %s', async (expiresIn, seconds) => {
    const harness = createHarness();
    harness.lineFaults.push({
      kind: 'body',
      status: 200,
      body: `{"access_token":"A_TOKEN","expires_in":${expiresIn}}`,
    });
    await harness.tick(harness.process());
    const { mintedAtMs, expiresAtMs } = harness.stored().token!;
    expect((expiresAtMs - mintedAtMs) / 1_000).toBe(seconds);
  });

  it('refreshes a token of 250 s at half its life, neither at once nor never', async () => {
    const harness = createHarness();
    const app = harness.process();
    harness.lineFaults.push({
      kind: 'body',
      status: 200,
      body: '{"access_token":"A_TOKEN","expires_in":250}',
    });
    await harness.tick(app);
    await harness.advance(120_000);
    expect(await harness.tick(app)).toMatchObject({ action: 'fresh' });
    await harness.advance(6_000);
    expect(await harness.tick(app)).toMatchObject({ action: 'refreshed' });
  });

  it('heals a document whose fields are damaged, whatever is in them', async () => {
    for (const version of [undefined, null, 'seven', Number.NaN, -1, 1.5, 0]) {
      const harness = createHarness();
      harness.collection.documents.set('wxAPP0000000000001', {
        _id: 'x',
        version,
        token: 42,
        claim: 'me',
        unsettledSinceAtMs: 'x',
        backoff: [],
        mints: null,
      });
      expect(harness.isAlive(tokenOf(await harness.get(harness.process())))).toBe(true);
      expect(harness.stored().version).toBeGreaterThan(1_000_000);
      expect(harness.logged.some(({ event }) => event === 'document_damaged')).toBe(true);
    }
  });
});
