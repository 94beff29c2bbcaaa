/** Scenarios 12, 13, 14, 15, 16, 34: the last minutes of a token's life, and lives that WeChat has told oddly. */

import { describe, expect, it } from 'vitest';
import type { LineFault } from '../../scripts/simulate/wechat-line.ts';
import { createHarness, START_MS, tokenOf, type Harness } from '../support/harness.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** WeChat does its work and tells this life, from now on. */
function answerWith(harness: Harness, expiresIn: unknown): void {
  const edit = (answer: object): object => ({ ...answer, expires_in: expiresIn });
  harness.lineFaults.push(...Array.from({ length: 200 }, (): LineFault => ({ kind: 'edited', edit })));
}

describe('expiry', () => {
  it.each([
    ['token', MINUTE_MS],
    ['stable', 5 * MINUTE_MS],
  ] as const)(
    '12. In %s mode no caller is handed a token with less life than the floor, up to and beyond its last second (googleapis/google-auth-library-nodejs#62, easywechat#129)',
    async (api, floorMs) => {
      const harness = createHarness({ policy: { api } });
      const app = harness.process();
      await harness.get(app);
      await harness.advance(120 * MINUTE_MS - floorMs - 30 * SECOND_MS);
      for (let second = 0; second < 400; second++) {
        const answer = await harness.get(app);
        expect(answer.ok && answer.leftMs).toBeGreaterThanOrEqual(floorMs);
        expect(harness.isAlive(tokenOf(answer))).toBe(true);
        await harness.advance(SECOND_MS);
      }
      expect(harness.upstream.calls).toBe(2);
      // Asked for the first time in its last second, by a process that has seen nothing of it.
      await harness.timeline.runUntil(harness.stored().token!.expiresAtMs - SECOND_MS);
      const answer = await harness.get(harness.process());
      expect(answer.ok && answer.leftMs).toBeGreaterThanOrEqual(floorMs);
      expect(harness.upstream.calls).toBe(3);
    },
  );

  it('13. While stable_token returns the same token later than it should, 1 000 reads in 5 minutes fetch at most once a minute (google-auth-library-python#581, #862; cert-manager#1122)', async () => {
    const harness = createHarness({ policy: { api: 'stable' } });
    const app = harness.process();
    const token = tokenOf(await harness.get(app));
    const endsAtMs = harness.stored().token!.expiresAtMs;
    const fetchedAtMs: number[] = [];
    app.ports.mint = async () => {
      const mintedAtMs = harness.timeline.now();
      fetchedAtMs.push(mintedAtMs);
      return { kind: 'minted', token: { value: token, api: 'stable', mintedAtMs, expiresAtMs: endsAtMs } };
    };
    for (const minutesLeft of [10, 6]) {
      await harness.timeline.runUntil(endsAtMs - minutesLeft * MINUTE_MS);
      fetchedAtMs.length = 0;
      for (let read = 0; read < 1_000; read++) {
        expect(tokenOf(await harness.get(app))).toBe(token);
        await harness.timeline.runUntil(endsAtMs - minutesLeft * MINUTE_MS + (read + 1) * 300);
      }
      const gaps = fetchedAtMs.slice(1).map((atMs, index) => atMs - fetchedAtMs[index]!);
      expect(gaps.filter((gapMs) => gapMs < MINUTE_MS)).toEqual([]);
      // Nothing with 10 to 5 minutes left; then with 5, with half of that and with a quarter of it.
      expect(fetchedAtMs).toHaveLength(minutesLeft === 10 ? 0 : 3);
    }
  });

  it('14. In stable mode a caller 125 minutes after the first fetch has a valid token, even if the timer ticks only at 110 and 220 (oomol-lab/open-connector#558, uni-open-bridge)', async () => {
    const harness = createHarness({ policy: { api: 'stable' } });
    const timer = harness.process();
    await harness.tick(timer);
    await harness.advance(110 * MINUTE_MS);
    expect(await harness.tick(timer)).toMatchObject({ action: 'fresh' });
    await harness.advance(15 * MINUTE_MS);
    expect(harness.isAlive(tokenOf(await harness.get(harness.process())))).toBe(true);
    expect(harness.mints()).toBe(2);

    const shipped = createHarness({ policy: { api: 'stable' } });
    const shippedTimer = shipped.process();
    for (let minute = 0; minute <= 240; minute++) {
      await shipped.timeline.runUntil(START_MS + minute * MINUTE_MS);
      if (minute % 5 === 0) await shipped.tick(shippedTimer);
      expect(shipped.isAlive(shipped.stored().token!.value)).toBe(true);
    }
    expect(shipped.mints()).toBe(3);
  });

  it('15. A token of 250 s, shorter than any margin, is served at once and replaced at half its life (cert-manager#1122, unservice/wechat-token-service)', async () => {
    const harness = createHarness();
    const [caller, timer] = [harness.process(), harness.process()];
    answerWith(harness, 250);
    const answer = await harness.get(caller);
    expect(answer.ok && Math.ceil(answer.leftMs / SECOND_MS)).toBe(250);
    await harness.advance(124 * SECOND_MS);
    expect(await harness.tick(timer)).toMatchObject({ action: 'fresh' });
    await harness.advance(SECOND_MS);
    expect(await harness.tick(timer)).toMatchObject({ action: 'refreshed' });
    expect(harness.mints()).toBe(2);
    // Without a timer callers do it themselves: 1 000 s are a little more than 5 times 250 less a minute.
    for (let second = 0; second < 1_000; second++) {
      expect(harness.isAlive(tokenOf(await harness.get(caller)))).toBe(true);
      await harness.advance(SECOND_MS);
    }
    expect(harness.mints()).toBe(2 + 5);
  });

  it.each<[string, unknown, number]>([
    ['"7200"', '7200', 7_200],
    ['missing', undefined, 600],
    ['null, as JSON says NaN', Number.NaN, 600],
    ['1e308', 1e308, 7_200],
  ])(
    '16. expires_in %s gives a finite life, so that the row is neither immortal nor always expired (danny-avila/LibreChat#15318, lidge-jun/opencodex#1417, JSONbored/loopover#10026)',
    async (_, expiresIn, seconds) => {
      const harness = createHarness();
      const app = harness.process();
      answerWith(harness, expiresIn);
      const answers = [await harness.get(app), await harness.get(app), await harness.get(harness.process())];
      const { value, mintedAtMs, expiresAtMs } = harness.stored().token!;
      expect(answers.map(tokenOf)).toEqual([value, value, value]);
      expect(expiresAtMs - mintedAtMs).toBe(seconds * SECOND_MS);
      expect(harness.upstream.calls).toBe(1);
      await harness.timeline.runUntil(expiresAtMs);
      expect(tokenOf(await harness.get(app))).not.toBe(value);
      expect(harness.upstream.calls).toBe(2);
    },
  );

  it.each([0, -1])(
    '16. expires_in %i is stored as no row at all, and not fetched again by each of three callers (danny-avila/LibreChat#15318, lidge-jun/opencodex#1417, JSONbored/loopover#10026)',
    async (expiresIn) => {
      const harness = createHarness();
      const app = harness.process();
      answerWith(harness, expiresIn);
      for (const caller of [app, app, harness.process()])
        expect(await harness.get(caller)).toMatchObject({ ok: false, errcode: 503 });
      expect(harness.stored().token).toBeNull();
      expect(harness.upstream.calls).toBe(1);
    },
  );

  it('34. A token that WeChat says is already over counts as a failure: 600 calls in 10 minutes back off to one fetch a minute (cert-manager#7741, cert-manager/PR#8610)', async () => {
    const harness = createHarness();
    const app = harness.process();
    answerWith(harness, 0);
    const fetchesByMinute: number[] = [];
    for (let minute = 0; minute < 10; minute++) {
      const before = harness.upstream.calls;
      for (let second = 0; second < 60; second++) {
        expect(await harness.get(app)).toMatchObject({ ok: false, errcode: 503 });
        await harness.timeline.runUntil(START_MS + minute * MINUTE_MS + (second + 1) * SECOND_MS);
      }
      fetchesByMinute.push(harness.upstream.calls - before);
    }
    expect(fetchesByMinute[0]).toBe(6);
    expect(Math.max(...fetchesByMinute.slice(1))).toBe(1);
    expect(harness.stored().token).toBeNull();
  });
});
