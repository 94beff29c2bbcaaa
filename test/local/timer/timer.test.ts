import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createCloudClock, type CloudClock } from '../../../scripts/local/clock.ts';
import { startTimer, type Timer, type TimerEvent, type Trigger } from '../../../scripts/local/timer/timer.ts';

const TICK: Trigger = { functionName: 'refresh', name: 'tick', config: '20 */5 * * * * *' };
const START_AT_MS = Date.UTC(2026, 10, 22, 16, 0, 0);
const MINUTE_MS = 60_000;

interface Started {
  clock: CloudClock;
  timer: Timer;
  events: TimerEvent[];
}

/** On a clock that stands still at midnight in UTC+8. `pollMs` is long: only `check` finds due ticks. */
function start(
  options: { pollMs?: number; fire?: () => Promise<unknown>; log?: (line: string) => void } = {},
): Started {
  const clock = createCloudClock();
  clock.freeze(START_AT_MS);
  const events: TimerEvent[] = [];
  const timer = startTimer({
    triggers: [TICK],
    clock,
    pollMs: options.pollMs ?? MINUTE_MS,
    ...(options.log === undefined ? {} : { log: options.log }),
    fire: async (_trigger, event) => {
      events.push(event);
      return options.fire?.();
    },
  });
  onTestFinished(() => timer.stop());
  return { clock, timer, events };
}

describe('timer', () => {
  test('a day has 288 ticks, each 20 s past a full five minutes, in the shape that SCF documents', () => {
    const { clock, timer, events } = start();
    for (let second = 0; second < 86_400; second += 10) {
      clock.advance(10_000);
      timer.check();
    }
    expect(events).toHaveLength(288);
    expect(events[0]).toEqual({
      Type: 'Timer',
      TriggerName: 'tick',
      Time: '2026-11-22T16:00:20Z',
      Message: '',
    });
    expect(events.at(-1)?.Time).toBe('2026-11-23T15:55:20Z');
    expect(new Set(events.map(({ Time }) => (Date.parse(Time) / 1000) % 300))).toEqual(new Set([20]));
  });

  test('nothing fires before its time or twice', () => {
    const { clock, timer, events } = start();
    clock.advance(19_999);
    expect(timer.check()).toBe(0);
    clock.advance(1);
    expect(timer.check()).toBe(1);
    expect(timer.check()).toBe(0);
    expect(events).toHaveLength(1);
  });

  test('a jump of hours fires one late tick, then the rhythm goes on', () => {
    const { clock, timer, events } = start();
    clock.advance(3 * 60 * MINUTE_MS);
    timer.check();
    clock.advance(20_000);
    timer.check();
    expect(events.map(({ Time }) => Time)).toEqual(['2026-11-22T16:00:20Z', '2026-11-22T19:00:20Z']);
  });

  test('after the clock is moved back the ticks follow it', () => {
    const { clock, timer, events } = start();
    clock.advance(-60 * MINUTE_MS);
    timer.check();
    clock.advance(20_000);
    timer.check();
    expect(events.map(({ Time }) => Time)).toEqual(['2026-11-22T15:00:20Z']);
  });

  test('a moved clock is noticed by polling', async () => {
    const { clock, events } = start({ pollMs: 10 });
    clock.advance(MINUTE_MS);
    await vi.waitFor(() => expect(events).toHaveLength(1), { timeout: 10_000 });
  });

  test('in real time it waits for the next tick, not for the next poll', async () => {
    const clock = createCloudClock(START_AT_MS + 19_900);
    const fire = vi.fn<(trigger: Trigger, event: TimerEvent) => Promise<void>>().mockResolvedValue();
    const timer = startTimer({ triggers: [TICK], clock, fire, pollMs: 10 * MINUTE_MS });
    onTestFinished(() => timer.stop());
    await vi.waitFor(() => expect(fire).toHaveBeenCalledOnce(), { timeout: 10_000 });
    expect(fire.mock.calls[0]?.[0]).toBe(TICK);
  });

  test('ticks overlap: one that hangs does not hold up the next', () => {
    const { clock, timer, events } = start({ fire: () => new Promise(() => {}) });
    clock.advance(5 * MINUTE_MS);
    timer.check();
    clock.advance(5 * MINUTE_MS);
    timer.check();
    expect(events).toHaveLength(2);
  });

  test('a tick that fails is logged, and the next still comes', async () => {
    const lines: string[] = [];
    const fire = async (): Promise<void> => Promise.reject(new Error('no'));
    const { clock, timer, events } = start({ fire, log: (line) => lines.push(line) });
    clock.advance(5 * MINUTE_MS);
    timer.check();
    await vi.waitFor(() => expect(lines).toEqual(['timer tick: no']));
    clock.advance(5 * MINUTE_MS);
    timer.check();
    expect(events).toHaveLength(2);
  });

  test('fireNow gives a tick out of turn and what came of it', async () => {
    const { timer, events } = start({ fire: async () => 'done' });
    expect(await timer.fireNow('tick')).toBe('done');
    expect(events.map(({ Time }) => Time)).toEqual(['2026-11-22T16:00:00Z']);
    await expect(timer.fireNow('tock')).rejects.toThrow('no timer trigger named tock');
  });

  test('after stop nothing fires', async () => {
    const { clock, timer, events } = start({ pollMs: 5 });
    timer.stop();
    clock.advance(5 * MINUTE_MS);
    await sleep(100);
    expect(events).toEqual([]);
  });

  test('a trigger that CloudBase would refuse is refused at the start', () => {
    const triggers = [{ ...TICK, config: '*/5 * * * * * *' }];
    const clock = createCloudClock();
    expect(() => startTimer({ triggers, clock, fire: async () => undefined })).toThrow('seconds field');
  });
});
