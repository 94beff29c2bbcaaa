/**
 * Scenario 31: clocks that disagree. An expiry is kept as an instant of the clock of whoever fetched the token, so
 * another clock misjudges it by their difference: that is the bound, and a report of the dead token is the cure.
 */

import { describe, expect, it } from 'vitest';
import type { App } from '../../functions/_shared/token/app.ts';
import type { TokenApi } from '../../functions/_shared/token/record.ts';
import { createHarness, START_MS, tokenOf, type Harness } from '../support/harness.ts';

const MINUTE_MS = 60_000;

interface Clocks {
  timerMs: number;
  callerMs: number;
  /** Both clocks jump by this after an hour. */
  stepMs?: number;
}

/** The same process with another clock: what it remembers stays. */
function movedTo(harness: Harness, app: App, skewMs: number): App {
  return Object.assign(harness.process({ skewMs }), { memory: app.memory });
}

/** A day with a tick every 5 minutes and a call every minute. */
async function liveADay(api: TokenApi, { timerMs, callerMs, stepMs = 0 }: Clocks) {
  const harness = createHarness({ policy: { api } });
  let timer = harness.process({ skewMs: timerMs });
  let caller = harness.process({ skewMs: callerMs });
  const held: { token: string; untilMs: number }[] = [];
  let longestBrokenPromiseMs = 0;
  let deadHandouts = 0;
  for (let minute = 0; minute < 24 * 60; minute++) {
    await harness.timeline.runUntil(START_MS + minute * MINUTE_MS);
    if (minute === 60 && stepMs !== 0) {
      timer = movedTo(harness, timer, timerMs + stepMs);
      caller = movedTo(harness, caller, callerMs + stepMs);
    }
    if (minute % 5 === 0) await harness.tick(timer);
    const answer = await harness.get(caller);
    const token = tokenOf(answer);
    if (!harness.isAlive(token)) deadHandouts += 1;
    const nowMs = harness.timeline.now();
    held.push({ token, untilMs: nowMs + (answer.ok ? answer.leftMs : 0) });
    for (const { untilMs } of held.filter((promise) => !harness.isAlive(promise.token)))
      longestBrokenPromiseMs = Math.max(longestBrokenPromiseMs, untilMs - nowMs);
    held.splice(0, held.length, ...held.filter(({ untilMs }) => untilMs > nowMs));
  }
  return { mints: harness.mints(), fetches: harness.upstream.calls, longestBrokenPromiseMs, deadHandouts };
}

const SOURCES = '(aws-sdk-js-v3#353, octokit/auth-app.js, co-wechat-api)';

describe('clocks', () => {
  it.each<[TokenApi, number, number]>([
    ['token', 10, 0],
    ['token', -10, 0],
    ['token', 0, 10],
    ['token', 0, -10],
    ['stable', 10, 0],
    ['stable', -10, 0],
    ['stable', 0, 10],
    ['stable', 0, -10],
  ])(
    `31. In %s mode with the timer's clock %i minutes off and the callers' %i, a day costs no more fetches than ever, and no token is promised for more than those 10 minutes too long ${SOURCES}`,
    async (api, timer, caller) => {
      const day = await liveADay(api, { timerMs: timer * MINUTE_MS, callerMs: caller * MINUTE_MS });
      expect(day.fetches).toBeLessThanOrEqual(14);
      expect(day.mints).toBeGreaterThanOrEqual(12);
      expect(day.longestBrokenPromiseMs).toBeLessThanOrEqual(10 * MINUTE_MS);
    },
  );

  it.each([-10, 10])(
    `31. With clocks 20 minutes apart (timer %i), further than a stored instant is believed, a day costs up to 32 mints, and what is handed out is alive then ${SOURCES}`,
    async (timer) => {
      const day = await liveADay('token', { timerMs: timer * MINUTE_MS, callerMs: -timer * MINUTE_MS });
      expect(day.mints).toBeLessThanOrEqual(32);
      expect(day.deadHandouts).toBe(0);
    },
  );

  it.each([
    [-180, 0],
    [-30, 30],
    [-10, 10],
    [10, 0],
    [180, 0],
  ])(
    `31. After all clocks have stepped by %i minutes no mint is missed, none is repeated, and dead tokens are handed out for at most %i minutes ${SOURCES}`,
    async (step, longest) => {
      const day = await liveADay('token', { timerMs: 0, callerMs: 0, stepMs: step * MINUTE_MS });
      expect(day.mints).toBeGreaterThanOrEqual(13);
      expect(day.mints).toBeLessThanOrEqual(14);
      expect(day.deadHandouts).toBeLessThanOrEqual(longest);
    },
  );

  it(`31. A token that a clock set back makes look alive is replaced as soon as one caller reports it ${SOURCES}`, async () => {
    const harness = createHarness();
    const before = harness.process();
    const dead = tokenOf(await harness.get(before));
    await harness.advance(60 * MINUTE_MS);
    const after = movedTo(harness, before, -30 * MINUTE_MS);
    await harness.advance(65 * MINUTE_MS);
    expect(tokenOf(await harness.get(after))).toBe(dead);
    expect(harness.isAlive(dead)).toBe(false);
    const fresh = tokenOf(await harness.get(after, dead));
    expect(harness.isAlive(fresh)).toBe(true);
    expect(tokenOf(await harness.get(after))).toBe(fresh);
    expect(harness.mints()).toBe(2);
  });
});
