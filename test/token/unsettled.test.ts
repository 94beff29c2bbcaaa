/** R3: a mint whose token is not stored makes the stored one expire early. */

import { describe, expect, it } from 'vitest';
import { APPID, createHarness, tokenOf } from '../support/harness.ts';

const MINUTE_MS = 60_000;
const DUE_MS = 110 * MINUTE_MS;

/** A harness with a token that is due, and a process that has just lost the answer of its next mint. */
async function withLostAnswer() {
  const harness = createHarness();
  const app = harness.process();
  await harness.tick(app);
  const first = harness.stored().token!.value;
  await harness.advance(DUE_MS);
  harness.lineFaults.push({ kind: 'lost-answer' });
  const lostAtMs = harness.timeline.now();
  const failed = await harness.tick(app);
  return { harness, app, first, lostAtMs, failed };
}

describe('unsettled mints', () => {
  it('promises no more than 240 s after a lost answer, although the record says ten minutes', async () => {
    const { harness, first, failed } = await withLostAnswer();
    expect(failed.action).toBe('failed');
    expect(failed.expires_in).toBeLessThanOrEqual(240);
    const answer = await harness.get(harness.process());
    expect(tokenOf(answer)).toBe(first);
    expect(answer).toMatchObject({ ok: true });
    expect(answer.ok && answer.leftMs).toBeLessThanOrEqual(240_000);
  });

  it('does not mint again before the hold is over, whoever asks', async () => {
    const { harness, app, lostAtMs } = await withLostAnswer();
    for (let second = 20; second < 240; second += 20) {
      await harness.timeline.runUntil(lostAtMs + second * 1_000);
      expect(await harness.tick(app)).toMatchObject({ action: 'busy', errcode: 0 });
      await harness.get(harness.process());
    }
    expect(harness.mints()).toBe(2);
  });

  it('mints at once when the hold is over, and every token handed out on the way is alive', async () => {
    const { harness, app, lostAtMs } = await withLostAnswer();
    for (let second = 10; second <= 230; second += 10) {
      await harness.timeline.runUntil(lostAtMs + second * 1_000);
      expect(harness.isAlive(tokenOf(await harness.get(app)))).toBe(true);
    }
    await harness.timeline.runUntil(lostAtMs + 240_000);
    expect(await harness.tick(app)).toMatchObject({ action: 'refreshed' });
    expect(harness.stored().unsettledSinceAtMs).toBeNull();
    expect(harness.isAlive(harness.stored().token!.value)).toBe(true);
  });

  it('keeps the early expiry when a refusal follows a lost answer', async () => {
    const { harness, app, lostAtMs } = await withLostAnswer();
    const since = harness.stored().unsettledSinceAtMs;
    await harness.timeline.runUntil(lostAtMs + 241_000);
    harness.lineFaults.push({ kind: 'errcode', errcode: 40164, errmsg: 'invalid ip' });
    expect(await harness.tick(app)).toMatchObject({ action: 'failed', errcode: 40164 });
    expect(harness.stored().unsettledSinceAtMs).toBe(since);
    expect(await harness.get(harness.process())).toMatchObject({ ok: false, errcode: 40164 });
  });

  it('lifts the claim’s own early expiry after a definite refusal', async () => {
    const harness = createHarness();
    const app = harness.process();
    await harness.tick(app);
    await harness.advance(DUE_MS);
    harness.lineFaults.push({ kind: 'errcode', errcode: 40164, errmsg: 'invalid ip' });
    await harness.tick(app);
    expect(harness.stored()).toMatchObject({ unsettledSinceAtMs: null, claim: null });
    // The early expiry of that claim would leave no more than 180 s.
    await harness.advance(MINUTE_MS);
    const answer = await harness.get(harness.process());
    expect(answer.ok && answer.leftMs).toBeGreaterThan(239_000);
  });

  it('counts a host that can’t be reached as a refusal and asks the next one', async () => {
    const harness = createHarness();
    harness.lineFaults.push({ kind: 'unreachable' });
    expect(await harness.tick(harness.process())).toMatchObject({ action: 'refreshed' });
    expect(harness.upstream.calls).toBe(2);
  });

  it('asks no other host once a request was sent', async () => {
    const { harness } = await withLostAnswer();
    expect(harness.upstream.calls).toBe(2);
  });

  it('asks another host after a lost answer in stable mode, where a repeated call is harmless', async () => {
    const harness = createHarness({ policy: { api: 'stable' } });
    harness.lineFaults.push({ kind: 'lost-answer' });
    expect(await harness.tick(harness.process())).toMatchObject({ action: 'refreshed' });
    expect(harness.mints()).toBe(1);
  });

  it('takes over from a dead holder only when the hold is over', async () => {
    const harness = createHarness();
    const holder = harness.process();
    await harness.tick(holder);
    await harness.advance(DUE_MS);
    holder.ports.mint = () => new Promise(() => undefined);
    const tickAtMs = harness.timeline.now();
    void harness.timeline.settle(
      Promise.race([
        harness.timeline.sleep(1_000),
        import('../../functions/refreshAccessToken/tick.ts').then(({ tick }) => tick(holder)),
      ]),
    );
    await harness.advance(30_000);
    const other = harness.process();
    expect(await harness.tick(other)).toMatchObject({ action: 'busy' });
    await harness.timeline.runUntil(tickAtMs + 242_000);
    expect(await harness.tick(other)).toMatchObject({ action: 'refreshed' });
    expect(harness.mints()).toBe(2);
  });

  it('marks the winner’s document when a frozen holder wakes up after its claim was taken over', async () => {
    const harness = createHarness();
    const zombie = harness.process();
    await harness.tick(zombie);
    await harness.advance(119 * MINUTE_MS + 58_000);
    const mint = zombie.ports.mint;
    // Frozen with the request on its way: WeChat carries it out, the process sees the answer six minutes later.
    zombie.ports.mint = async () => {
      zombie.ports.mint = mint;
      const outcome = await mint();
      await harness.timeline.sleep(360_000);
      return outcome;
    };
    const { tick } = await import('../../functions/refreshAccessToken/tick.ts');
    const waking = tick(zombie);
    await harness.advance(300_000);
    const winner = harness.process();
    expect(await harness.tick(winner)).toMatchObject({ action: 'refreshed' });
    const winnersToken = harness.stored().token!.value;
    await harness.timeline.settle(waking);
    expect(harness.logged).toContainEqual({ event: 'claim_lost', fields: { appid: APPID, isMarked: true } });
    // The mark says that the hold is long over, so the zombie's next step is an orderly mint.
    expect(harness.stored().token!.value).not.toBe(winnersToken);
    expect(harness.stored().unsettledSinceAtMs).toBeNull();
    expect(harness.isAlive(harness.stored().token!.value)).toBe(true);
    expect(harness.isAlive(winnersToken)).toBe(true);
    expect(harness.mints()).toBe(4);
  });

  it('keeps the zombie’s mark through the commit of the winner that is still minting', async () => {
    const harness = createHarness();
    const zombie = harness.process();
    const mint = zombie.ports.mint;
    zombie.ports.mint = async () => {
      const outcome = await mint();
      await harness.timeline.sleep(60_000);
      return outcome;
    };
    const { tick } = await import('../../functions/refreshAccessToken/tick.ts');
    const waking = tick(zombie);
    await harness.advance(59_000);
    const winner = harness.process();
    const slowMint = winner.ports.mint;
    winner.ports.mint = async () => {
      const outcome = await slowMint();
      await harness.timeline.sleep(3_000);
      return outcome;
    };
    const winning = tick(winner);
    await harness.timeline.settle(waking);
    expect(harness.stored().claim?.contestedSinceAtMs).not.toBeNull();
    expect(await harness.timeline.settle(winning)).toMatchObject({ reply: { action: 'refreshed' } });
    expect(harness.stored().unsettledSinceAtMs).not.toBeNull();
  });

  it('does not mint with a claim that has nearly run out while the process was frozen', async () => {
    const harness = createHarness();
    const app = harness.process();
    const { swap } = app.ports.store;
    app.ports.store.swap = async (basis, next) => {
      const stored = await swap(basis, next);
      if (next.claim !== null) await harness.timeline.sleep(15_000);
      return stored;
    };
    expect(await harness.tick(app)).toMatchObject({ action: 'failed', errcode: 503 });
    expect(harness.upstream.calls).toBe(0);
    expect(harness.stored()).toMatchObject({ claim: null, mints: { count: 0 } });
  });

  it('keeps callers from a dead token when WeChat carries a request out that was given up for lost', async () => {
    const harness = createHarness();
    const [first, second] = [harness.process(), harness.process()];
    // Nothing is alive, so the second mint comes at once; nine seconds after the first one was sent it is overtaken.
    harness.lineFaults.push({ kind: 'late-answer' });
    await harness.get(first);
    await harness.advance(1_500);
    const token = tokenOf(await harness.get(second));
    await harness.advance(10_000);
    expect(harness.mints()).toBe(2);
    for (let step = 0; step < 40; step++) {
      const answer = await harness.get(second);
      expect(harness.isAlive(tokenOf(answer))).toBe(true);
      await harness.advance(10_000);
    }
    expect(harness.isAlive(token)).toBe(false);
  });
});
