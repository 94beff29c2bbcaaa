/** The clock's knob without a page: how far it moves, with which ticks, and that a slow one doesn't hold it up. */

import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSandboxControls } from '../../scripts/dashboard/sandbox-controls.ts';
import { createCloudClock } from '../../scripts/local/clock.ts';
import { startTimer, type TimerOptions } from '../../scripts/local/timer/timer.ts';
import type { WeChatSandbox } from '../../scripts/local/wechat/sandbox.ts';

const NOON_MS = Date.UTC(2026, 10, 22, 4, 0, 0);
const MINUTE_MS = 60_000;
const TRIGGER = { functionName: 'refreshAccessToken', name: 'tick', config: '20 */5 * * * * *' };

afterEach(() => vi.useRealTimers());

/** A clock that stands still but for the knob, and a timer that never looks at it by itself. */
function begin(fire: TimerOptions['fire']) {
  const clock = createCloudClock(NOON_MS);
  clock.freeze(NOON_MS);
  const timer = startTimer({ triggers: [TRIGGER], clock, fire, pollMs: 1e9 });
  const host = { instances: () => [] } as never;
  const { wechat, faults } = {} as WeChatSandbox;
  const sandbox = { wechat, faults } as WeChatSandbox;
  return {
    clock,
    timer,
    controls: createSandboxControls({ cloud: { clock, timer, host, reset: undefined }, sandbox, apps: [] }),
  };
}

describe('the knob of the clock', () => {
  it('carries out each tick before the clock goes on', async () => {
    const minutes: [number, number][] = [];
    const { clock, timer, controls } = begin(async () => {
      const begunAtMs = clock.now();
      await new Promise((resolve) => setTimeout(resolve, 5));
      minutes.push([(begunAtMs - NOON_MS) / MINUTE_MS, (clock.now() - NOON_MS) / MINUTE_MS]);
    });
    await controls.moveClock(60);
    timer.stop();
    expect(minutes).toEqual(Array.from({ length: 12 }, (_, index) => [5 * index + 5, 5 * index + 5]));
  });

  it('ends where it should although ticks fail, or never end', async () => {
    const failing = begin(() => Promise.reject(new Error('no')));
    await failing.controls.moveClock(120);
    failing.timer.stop();
    expect(failing.clock.now() - NOON_MS).toBe(120 * MINUTE_MS);
    vi.useFakeTimers();
    const hanging = begin(() => new Promise(() => undefined));
    const moved = hanging.controls.moveClock(120);
    await vi.advanceTimersByTimeAsync(31_000);
    await moved;
    hanging.timer.stop();
    expect(hanging.clock.now() - NOON_MS).toBe(120 * MINUTE_MS);
  });
});
