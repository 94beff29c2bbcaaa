/** One tick in the words of its reply: what was done, how long the token lasts, and when the next one is due. */

import { describe, expect, it } from 'vitest';
import { tick } from '../../functions/refreshAccessToken/tick.ts';
import { createHarness } from '../support/harness.ts';

const MINUTE_MS = 60_000;
/** 110 min, less half a minute of tolerance. */
const DUE_S = 110 * 60 - 30;

describe('a tick', () => {
  it('that mints says "refreshed", and one that has nothing to do "fresh"', async () => {
    const harness = createHarness();
    const app = harness.process();
    expect(await harness.tick(app)).toMatchObject({ action: 'refreshed', errcode: 0, errmsg: 'ok' });
    await harness.advance(10 * MINUTE_MS);
    const reply = await harness.tick(app);
    expect(reply).toMatchObject({ action: 'fresh', errcode: 0, errmsg: 'ok' });
    const mintedAtMs = harness.stored().token?.mintedAtMs ?? 0;
    const ageS = (harness.timeline.now() - mintedAtMs) / 1_000;
    expect(reply.refresh_in).toBe(Math.ceil(DUE_S - ageS));
    expect(reply.expires_in).toBe(Math.floor(DUE_S + 240 - ageS));
  });

  it('during a mint elsewhere says "busy", and until when at the latest', async () => {
    const harness = createHarness({ latencyMs: 2_000 });
    const first = tick(harness.process());
    await harness.advance(2_500);
    const reply = await harness.tick(harness.process());
    await harness.timeline.settle(first);
    expect(reply).toMatchObject({ action: 'busy', errcode: 0, errmsg: 'another instance is minting' });
    expect(reply.refresh_in).toBeGreaterThan(0);
    expect(reply.refresh_in).toBeLessThanOrEqual(20);
  });

  it('that WeChat refuses says "failed" with its code, and keeps the life of the token that is left', async () => {
    const harness = createHarness();
    const app = harness.process();
    await harness.tick(app);
    await harness.advance(110 * MINUTE_MS);
    harness.lineFaults.push({ kind: 'errcode', errcode: 40164, errmsg: 'invalid ip 1.2.3.4' });
    const { reply, isRetryable } = await harness.timeline.settle(tick(app));
    expect(isRetryable).toBe(false);
    expect(reply).toMatchObject({ action: 'failed', errcode: 40164, refresh_in: 60 });
    expect(reply.errmsg).toContain('invalid ip 1.2.3.4');
    expect(reply.expires_in).toBeGreaterThan(200);
  });

  it('that does not reach WeChat is one that the platform may repeat', async () => {
    const harness = createHarness();
    harness.lineFaults.push({ kind: 'unreachable' }, { kind: 'unreachable' });
    const { reply, isRetryable } = await harness.timeline.settle(tick(harness.process()));
    expect(isRetryable).toBe(true);
    expect(reply).toMatchObject({ action: 'failed', errcode: 503, expires_in: 0 });
    expect(reply.refresh_in).toBeGreaterThan(0);
  });
});
