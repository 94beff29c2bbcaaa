/** What a fixed refresh period does to a stored token over two days: the arithmetic behind this project's cadence. */

import { expect, it } from 'vitest';
import { createMachine, CREDENTIALS, MIDNIGHT_MS, tokenOf } from './support.ts';

const MINUTES = 2 * 24 * 60;

it.each([
  ['legacy', 110, 0],
  ['legacy', 115, 0],
  ['legacy', 60, 0],
  ['legacy', 30, 0],
  ['legacy', 10, 0],
  ['legacy', 5, 0],
  ['stable', 110, 1300],
  ['stable', 115, 1320],
  ['stable', 60, 0],
  ['stable', 30, 0],
  ['stable', 10, 0],
  ['stable', 5, 0],
] as const)(
  '%s every %i minutes leaves the stored token dead for %i of 2880 minutes',
  (api, period, dead) => {
    expect(countDeadMinutes(api, period)).toBe(dead);
  },
);

it.each([
  ['legacy', 110, 100],
  ['legacy', 60, 0],
  ['stable', 50, 570],
  ['stable', 5, 0],
] as const)('%s every %i minutes with the second tick missed: %i dead minutes', (api, period, dead) => {
  expect(countDeadMinutes(api, period, 1)).toBe(dead);
});

function countDeadMinutes(api: 'legacy' | 'stable', period: number, missedTick?: number): number {
  const wechat = createMachine();
  let stored = '';
  let dead = 0;
  for (let minute = 0; minute < MINUTES; minute += 1) {
    const nowMs = MIDNIGHT_MS + minute * 60_000;
    if (minute % period === 0 && minute / period !== missedTick) {
      stored = tokenOf(
        api === 'legacy' ? wechat.token(CREDENTIALS, nowMs) : wechat.stableToken(CREDENTIALS, nowMs),
      );
    }
    if (wechat.useToken(stored, nowMs).errcode !== 0) dead += 1;
  }
  return dead;
}
