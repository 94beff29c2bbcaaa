/** R6: WeChat is shown a reported token before it costs a mint, and a refused one is never its reporter's answer. */

import { describe, expect, it } from 'vitest';
import { markContested } from '../../functions/_shared/token/result.ts';
import { checkAccessToken, getAccessToken } from '../../functions/_shared/token/getAccessToken.ts';
import type { App } from '../../functions/_shared/token/app.ts';
import { APPID, createHarness, tokenOf } from '../support/harness.ts';
import type { Harness } from '../support/harness.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** One report has been believed; what it brought is a minute old. */
async function believedOnce(harness: Harness): Promise<string> {
  const app = harness.process();
  const first = tokenOf(await harness.get(app));
  await harness.advance(MINUTE_MS);
  const second = tokenOf(await harness.get(app, first));
  await harness.advance(MINUTE_MS);
  return second;
}

const refutations = (harness: Harness) => harness.logged.filter(({ event }) => event === 'reports_refuted');

describe('from the second report within the hour on', () => {
  it('a token that WeChat accepts is handed back, for 30 s without another call, and nothing is minted', async () => {
    const harness = createHarness();
    const token = await believedOnce(harness);
    const before = harness.upstream.calls;
    for (let seconds = 0; seconds < 29; seconds += 4) {
      expect(tokenOf(await harness.get(harness.process(), token))).toBe(token);
      await harness.advance(4 * SECOND_MS);
    }
    expect([harness.upstream.calls - before, harness.mints()]).toEqual([1, 2]);
    await harness.advance(MINUTE_MS);
    expect(tokenOf(await harness.get(harness.process(), token))).toBe(token);
    expect([harness.upstream.calls - before, harness.mints()]).toEqual([2, 2]);
  });

  it('a token that WeChat refuses is replaced: a probe and one mint', async () => {
    const harness = createHarness();
    const token = await believedOnce(harness);
    harness.wechat.account(APPID).revoke(harness.timeline.now());
    const before = harness.upstream.calls;
    const next = tokenOf(await harness.get(harness.process(), token));
    expect([next !== token, harness.isAlive(next)]).toEqual([true, true]);
    expect([harness.upstream.calls - before, harness.mints()]).toEqual([2, 3]);
  });

  it('without a verdict a report is believed as the first one is', async () => {
    const harness = createHarness();
    const token = await believedOnce(harness);
    harness.lineFaults.push({ kind: 'unreachable' }, { kind: 'unreachable' });
    expect(tokenOf(await harness.get(harness.process(), token))).not.toBe(token);
    expect(harness.mints()).toBe(3);
  });

  it('the first report after a quiet hour is believed again', async () => {
    const harness = createHarness();
    const token = await believedOnce(harness);
    await harness.advance(59 * MINUTE_MS);
    expect(tokenOf(await harness.get(harness.process(), token))).not.toBe(token);
    expect(harness.mints()).toBe(3);
  });

  it('after three refuted ones no report is believed unseen for a day, and a dead token still costs one mint', async () => {
    const harness = createHarness();
    let token = await believedOnce(harness);
    for (let reports = 0; reports < 3; reports += 1) {
      await harness.get(harness.process(), token);
      await harness.advance(MINUTE_MS);
    }
    for (let hours = 2; hours < 24; hours += 2) {
      await harness.advance(120 * MINUTE_MS);
      await harness.tick(harness.process());
      await harness.advance(MINUTE_MS);
      const stored = harness.stored().token!.value;
      const minted = harness.mints();
      expect(tokenOf(await harness.get(harness.process(), stored))).toBe(stored);
      expect(harness.mints()).toBe(minted);
      // The verdict holds for 30 s.
      await harness.advance(MINUTE_MS);
      if (hours % 4 !== 0) continue;
      harness.wechat.account(APPID).revoke(harness.timeline.now());
      token = tokenOf(await harness.get(harness.process(), stored));
      expect([harness.isAlive(token), harness.mints()]).toEqual([true, minted + 1]);
      await harness.advance(MINUTE_MS);
    }
  });

  it('a probe begins no early expiry, and the timer need not wait for it', async () => {
    const harness = createHarness({ latencyMs: 1_000, policy: { refreshAfterMs: 30 * MINUTE_MS } });
    const token = await believedOnce(harness);
    await harness.advance(29 * MINUTE_MS);
    const report = getAccessToken(harness.process(), token);
    await harness.advance(1_500);
    expect(harness.stored()).toMatchObject({ verdict: { outcome: 'pending' }, unsettledSinceAtMs: null });
    expect(await harness.tick(harness.process())).toMatchObject({ action: 'refreshed' });
    expect(tokenOf(await harness.timeline.settle(report))).toBe(harness.stored().token?.value);
    expect([harness.mints(), harness.stored().unsettledSinceAtMs]).toEqual([3, null]);
  });

  it('a holder that dies at its probe holds up reports for 30 s, and nobody who needs a token', async () => {
    const harness = createHarness();
    const token = await believedOnce(harness);
    const stuck = harness.process();
    Object.assign(stuck.ports, { probe: () => new Promise<never>(() => undefined) });
    void getAccessToken(stuck, token);
    await harness.advance(22 * SECOND_MS);
    expect(await harness.get(harness.process(), token)).toMatchObject({ ok: false, errcode: 503 });
    expect(tokenOf(await harness.get(harness.process()))).toBe(token);
    await harness.advance(10 * SECOND_MS);
    expect(tokenOf(await harness.get(harness.process(), token))).toBe(token);
    expect(harness.mints()).toBe(2);
  });
});

it('a verdict is saved although a holder that lost its claim has marked the document meanwhile', async () => {
  const harness = createHarness();
  const token = await believedOnce(harness);
  const app = harness.process();
  const { store, probe } = app.ports;
  const beganAtMs = harness.timeline.now();
  Object.assign(app.ports, {
    probe: async (value: string) => {
      const { record, basis } = await store.read();
      await store.swap(basis, markContested(record, beganAtMs, harness.timeline.now()));
      return probe(value);
    },
  });
  expect(tokenOf(await harness.get(app, token))).toBe(token);
  expect(harness.stored()).toMatchObject({
    claim: null,
    verdict: { outcome: 'accepted' },
    unsettledSinceAtMs: beganAtMs,
  });
});

describe('a caller that reports whatever it gets, every 5 s for a day', () => {
  it.each(['token', 'stable'] as const)(
    'costs at most 3 mints beyond the ordinary ones, %s mode',
    async (api) => {
      const harness = createHarness({ policy: { api } });
      const [rogue, timer] = [harness.process(), harness.process()];
      const source = 'wx_client,scf';
      let token = tokenOf(await harness.get(rogue));
      let dead = 0;
      const endsAtMs = harness.timeline.now() + 24 * 60 * MINUTE_MS;
      for (let times = 0; harness.timeline.now() < endsAtMs; times += 1) {
        const answer = await harness.timeline.settle(getAccessToken(rogue, token, source));
        if (answer.ok) token = answer.token;
        if (answer.ok && !harness.isAlive(token)) dead += 1;
        await harness.advance(5 * SECOND_MS);
        if (times % 30 === 0) await harness.tick(timer);
      }
      expect(harness.mints()).toBeLessThanOrEqual(14 + 3);
      expect(dead).toBe(0);
      expect(refutations(harness)[0]?.fields).toMatchObject({ source, refutations: 3 });
    },
    60_000,
  );
});

describe('in stable mode', () => {
  it('a reported token is handed back after a normal call that began after the report, four a minute', async () => {
    const harness = createHarness({ policy: { api: 'stable' } });
    const apps = Array.from({ length: 8 }, () => harness.process());
    const token = tokenOf(await harness.get(apps[0]!));
    await harness.advance(MINUTE_MS);
    harness.wechat.flap(token, harness.timeline.now() + MINUTE_MS);
    const before = harness.upstream.calls;
    const beganAtMs = harness.timeline.now();
    const replies: { ok: boolean; calls: number }[] = [];
    const report = async (app: App): Promise<void> => {
      const calls = harness.upstream.calls;
      const { ok } = await getAccessToken(app, token);
      // Handed back only if WeChat was asked after the report came in.
      replies.push({ ok, calls: harness.upstream.calls - calls });
    };
    for (let seconds = 0; seconds < 60; seconds += 5) {
      await harness.timeline.runUntil(beganAtMs + seconds * SECOND_MS);
      for (const app of apps) {
        void report(app);
      }
    }
    await harness.timeline.runUntil(beganAtMs + 70 * SECOND_MS);
    expect(replies).toHaveLength(96);
    expect(replies.filter(({ ok, calls }) => ok && calls === 0)).toEqual([]);
    expect(replies.filter(({ ok }) => ok).length).toBeGreaterThan(30);
    expect(harness.upstream.calls - before).toBeLessThanOrEqual(5);
    expect([harness.mints(), harness.stored().token?.value]).toEqual([1, token]);
    expect(harness.stored().mints.count).toBe(1);
  });

  it('a result that could be stored only later confirms nothing', async () => {
    const harness = createHarness({ policy: { api: 'stable' } });
    const [late, other] = [harness.process(), harness.process()];
    const token = tokenOf(await harness.get(late));
    await harness.advance(MINUTE_MS);
    const report = getAccessToken(late, token);
    await harness.advance(30);
    harness.outage.store = true;
    await harness.timeline.settle(report);
    harness.outage.store = false;
    const knownId = harness.stored().verdict?.id;
    await harness.advance(MINUTE_MS);
    await harness.get(late);
    expect(harness.stored().verdict?.id === knownId || harness.stored().verdict?.outcome === 'unknown').toBe(
      true,
    );
    expect(tokenOf(await harness.get(other))).toBe(token);
  });
});

describe('a suspicion', () => {
  it('is never believed without a look, and without a verdict the token is handed out', async () => {
    const harness = createHarness();
    const token = tokenOf(await harness.get(harness.process()));
    await harness.advance(MINUTE_MS);
    harness.lineFaults.push({ kind: 'unreachable' }, { kind: 'unreachable' });
    for (const seconds of [0, 31]) {
      await harness.advance(seconds * SECOND_MS);
      const answer = await harness.timeline.settle(checkAccessToken(harness.process(), null));
      expect(tokenOf(answer)).toBe(token);
    }
    expect(harness.mints()).toBe(1);
    expect(harness.stored().reports).toEqual({ lastAtMs: 0, source: null, refutedAtMs: [] });
  });
});
