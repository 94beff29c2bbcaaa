/** R3: a mint whose token is not stored puts the stored one under sentence. */

import { describe, expect, it } from 'vitest';
import { APPID, createRig, tokenOf } from '../support/rig.ts';

const MINUTE_MS = 60_000;
const DUE_MS = 110 * MINUTE_MS;

/** A rig with a token that is due, and a process that has just lost the answer of its next mint. */
async function withLostAnswer() {
  const rig = createRig();
  const keeper = rig.process();
  await rig.tick(keeper);
  const first = rig.stored().token!.value;
  await rig.advance(DUE_MS);
  rig.lineFaults.push({ kind: 'lost-answer' });
  const lostAtMs = rig.timeline.now();
  const failed = await rig.tick(keeper);
  return { rig, keeper, first, lostAtMs, failed };
}

describe('unsettled mints', () => {
  it('promises no more than 240 s after a lost answer, although the record says ten minutes', async () => {
    const { rig, first, failed } = await withLostAnswer();
    expect(failed.action).toBe('failed');
    expect(failed.expires_in).toBeLessThanOrEqual(240);
    const answer = await rig.get(rig.process());
    expect(tokenOf(answer)).toBe(first);
    expect(answer).toMatchObject({ ok: true });
    expect(answer.ok && answer.leftMs).toBeLessThanOrEqual(240_000);
  });

  it('does not mint again before the hold is over, whoever asks', async () => {
    const { rig, keeper, lostAtMs } = await withLostAnswer();
    for (let second = 20; second < 240; second += 20) {
      await rig.timeline.runUntil(lostAtMs + second * 1_000);
      expect(await rig.tick(keeper)).toMatchObject({ action: 'busy', errcode: 0 });
      await rig.get(rig.process());
    }
    expect(rig.mints()).toBe(2);
  });

  it('mints at once when the hold is over, and every token handed out on the way is alive', async () => {
    const { rig, keeper, lostAtMs } = await withLostAnswer();
    for (let second = 10; second <= 230; second += 10) {
      await rig.timeline.runUntil(lostAtMs + second * 1_000);
      expect(rig.isAlive(tokenOf(await rig.get(keeper)))).toBe(true);
    }
    await rig.timeline.runUntil(lostAtMs + 240_000);
    expect(await rig.tick(keeper)).toMatchObject({ action: 'refreshed' });
    expect(rig.stored().unsettledSinceAtMs).toBeNull();
    expect(rig.isAlive(rig.stored().token!.value)).toBe(true);
  });

  it('lets the sentence stand when a refusal follows a lost answer', async () => {
    const { rig, keeper, lostAtMs } = await withLostAnswer();
    const since = rig.stored().unsettledSinceAtMs;
    await rig.timeline.runUntil(lostAtMs + 241_000);
    rig.lineFaults.push({ kind: 'errcode', errcode: 40164, errmsg: 'invalid ip' });
    expect(await rig.tick(keeper)).toMatchObject({ action: 'failed', errcode: 40164 });
    expect(rig.stored().unsettledSinceAtMs).toBe(since);
    expect(await rig.get(rig.process())).toMatchObject({ ok: false, errcode: 40164 });
  });

  it('lifts the claim’s own sentence after a definite refusal', async () => {
    const rig = createRig();
    const keeper = rig.process();
    await rig.tick(keeper);
    await rig.advance(DUE_MS);
    rig.lineFaults.push({ kind: 'errcode', errcode: 40164, errmsg: 'invalid ip' });
    await rig.tick(keeper);
    expect(rig.stored()).toMatchObject({ unsettledSinceAtMs: null, claim: null });
    const answer = await rig.get(rig.process());
    expect(answer.ok && answer.leftMs).toBeGreaterThan(240_000);
  });

  it('counts a host that can’t be reached as a refusal and asks the next one', async () => {
    const rig = createRig();
    rig.lineFaults.push({ kind: 'unreachable' });
    expect(await rig.tick(rig.process())).toMatchObject({ action: 'refreshed' });
    expect(rig.upstream.calls).toBe(2);
  });

  it('asks no other host once a request was sent', async () => {
    const { rig } = await withLostAnswer();
    expect(rig.upstream.calls).toBe(2);
  });

  it('asks another host after a lost answer in stable mode, where a repeated call is harmless', async () => {
    const rig = createRig({ policy: { api: 'stable' } });
    rig.lineFaults.push({ kind: 'lost-answer' });
    expect(await rig.tick(rig.process())).toMatchObject({ action: 'refreshed' });
    expect(rig.mints()).toBe(1);
  });

  it('takes over from a dead holder only when the hold is over', async () => {
    const rig = createRig();
    const holder = rig.process();
    await rig.tick(holder);
    await rig.advance(DUE_MS);
    holder.ports.mint = () => new Promise(() => undefined);
    const tickAtMs = rig.timeline.now();
    void rig.timeline.settle(
      Promise.race([
        rig.timeline.sleep(1_000),
        import('../../functions/refreshAccessToken/tick.ts').then(({ tick }) => tick(holder)),
      ]),
    );
    await rig.advance(30_000);
    const other = rig.process();
    expect(await rig.tick(other)).toMatchObject({ action: 'busy' });
    await rig.timeline.runUntil(tickAtMs + 242_000);
    expect(await rig.tick(other)).toMatchObject({ action: 'refreshed' });
    expect(rig.mints()).toBe(2);
  });

  it('marks the winner’s document when a frozen holder wakes up after its claim was taken over', async () => {
    const rig = createRig();
    const zombie = rig.process();
    await rig.tick(zombie);
    await rig.advance(119 * MINUTE_MS + 58_000);
    const mint = zombie.ports.mint;
    // Frozen with the request on its way: WeChat carries it out, the process sees the answer six minutes later.
    zombie.ports.mint = async () => {
      zombie.ports.mint = mint;
      const outcome = await mint();
      await rig.timeline.sleep(360_000);
      return outcome;
    };
    const { tick } = await import('../../functions/refreshAccessToken/tick.ts');
    const waking = tick(zombie);
    await rig.advance(300_000);
    const winner = rig.process();
    expect(await rig.tick(winner)).toMatchObject({ action: 'refreshed' });
    const winnersToken = rig.stored().token!.value;
    await rig.timeline.settle(waking);
    expect(rig.logged).toContainEqual({ event: 'claim_lost', fields: { appid: APPID, isMarked: true } });
    // The mark says that the hold is long over, so the zombie's next step is an orderly mint.
    expect(rig.stored().token!.value).not.toBe(winnersToken);
    expect(rig.stored().unsettledSinceAtMs).toBeNull();
    expect(rig.isAlive(rig.stored().token!.value)).toBe(true);
    expect(rig.isAlive(winnersToken)).toBe(true);
    expect(rig.mints()).toBe(4);
  });

  it('keeps the zombie’s mark through the commit of the winner that is still minting', async () => {
    const rig = createRig();
    const zombie = rig.process();
    const mint = zombie.ports.mint;
    zombie.ports.mint = async () => {
      const outcome = await mint();
      await rig.timeline.sleep(60_000);
      return outcome;
    };
    const { tick } = await import('../../functions/refreshAccessToken/tick.ts');
    const waking = tick(zombie);
    await rig.advance(59_000);
    const winner = rig.process();
    const slowMint = winner.ports.mint;
    winner.ports.mint = async () => {
      const outcome = await slowMint();
      await rig.timeline.sleep(3_000);
      return outcome;
    };
    const winning = tick(winner);
    await rig.timeline.settle(waking);
    expect(rig.stored().claim?.contestedSinceAtMs).not.toBeNull();
    expect(await rig.timeline.settle(winning)).toMatchObject({ reply: { action: 'refreshed' } });
    expect(rig.stored().unsettledSinceAtMs).not.toBeNull();
  });

  it('does not mint with a claim that has nearly run out while the process was frozen', async () => {
    const rig = createRig();
    const keeper = rig.process();
    const { swap } = keeper.ports.store;
    keeper.ports.store.swap = async (basis, next) => {
      const stored = await swap(basis, next);
      if (next.claim !== null) await rig.timeline.sleep(15_000);
      return stored;
    };
    expect(await rig.tick(keeper)).toMatchObject({ action: 'failed', errcode: 503 });
    expect(rig.upstream.calls).toBe(0);
    expect(rig.stored()).toMatchObject({ claim: null, mints: { count: 0 } });
  });

  it('keeps callers from a dead token when WeChat carries a request out that was given up for lost', async () => {
    const rig = createRig();
    const [first, second] = [rig.process(), rig.process()];
    // Nothing is alive, so the second mint comes at once; nine seconds after the first one was sent it is overtaken.
    rig.lineFaults.push({ kind: 'late-answer' });
    await rig.get(first);
    await rig.advance(1_500);
    const token = tokenOf(await rig.get(second));
    await rig.advance(10_000);
    expect(rig.mints()).toBe(2);
    for (let step = 0; step < 40; step++) {
      const answer = await rig.get(second);
      expect(rig.isAlive(tokenOf(answer))).toBe(true);
      await rig.advance(10_000);
    }
    expect(rig.isAlive(token)).toBe(false);
  });
});
