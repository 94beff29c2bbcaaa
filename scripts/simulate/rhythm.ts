/** When callers come: few at night, many at noon and in the evening, and sometimes a crowd in the same instant. */

import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';

/** Share of the mean, for each hour of UTC+8. */
const PER_HOUR = [
  0.5, 0.3, 0.15, 0.1, 0.1, 0.15, 0.4, 0.8, 1.1, 1.2, 1.3, 1.5, 1.8, 1.4, 1.1, 1.1, 1.2, 1.3, 1.4, 1.6, 1.9,
  1.8, 1.2, 0.6,
];
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LONGEST_PAUSE_MS = HOUR_MS / 4;
/** With more, a pause that is rounded up to a millisecond would lose a tenth of them. */
const MOST_PER_MS = 0.2;
const CROWD_SHARE = 0.004;
const CROWD = 16;

const MEAN = PER_HOUR.reduce((sum, share) => sum + share, 0) / PER_HOUR.length;

/** How many average days' callers come in so many days, counted from midnight: few in the first hours of one. */
export function averageDaysIn(days: number): number {
  const whole = Math.floor(days);
  const hours = (days - whole) * PER_HOUR.length;
  const shares = PER_HOUR.map((share, hour) => share * Math.min(1, Math.max(0, hours - hour)));
  return whole + shares.reduce((sum, share) => sum + share, 0) / PER_HOUR.length / MEAN;
}

export interface Rhythm {
  /** After which pause the next come, and how many: none if it is only time to look at the hour again. */
  next(nowMs: number): { pauseMs: number; count: number };
}

/** Calls `onArrival` for each who comes, as long as the timeline goes on. */
export function followRhythm(timeline: Timeline, rhythm: Rhythm, onArrival: () => void): void {
  const { pauseMs, count } = rhythm.next(timeline.now());
  timeline.at(timeline.now() + pauseMs, () => {
    for (let left = count; left > 0; left--) onArrival();
    followRhythm(timeline, rhythm, onArrival);
  });
}

export function createRhythm(random: Random, requestsPerDay: number): Rhythm {
  const arrivalsPerDay = requestsPerDay / (1 + CROWD_SHARE * (CROWD - 1));
  const pause = (perMs: number): number => -Math.log(1 - random()) / perMs;
  const arrive = (): number => (random() < CROWD_SHARE ? CROWD : 1);

  /** Several may come within one millisecond, the shortest pause that there is. */
  function arriveWithin(perMs: number): number {
    let count = 0;
    for (let atMs = pause(perMs); atMs < 1; atMs += pause(perMs)) count += arrive();
    return count;
  }

  return {
    next(nowMs) {
      const hour = Math.floor((nowMs / HOUR_MS + 8) % 24);
      const perMs = (arrivalsPerDay / DAY_MS) * (PER_HOUR[hour]! / MEAN);
      if (perMs > MOST_PER_MS) return { pauseMs: 1, count: arriveWithin(perMs) };
      const pauseMs = Math.ceil(pause(perMs));
      // Exponential pauses; none so long that it misses the peak of the next hour.
      if (pauseMs > LONGEST_PAUSE_MS) return { pauseMs: LONGEST_PAUSE_MS, count: 0 };
      return { pauseMs, count: arrive() };
    },
  };
}
