/** When callers come: few at night, many at noon and in the evening, and sometimes a crowd in the same instant. */

import type { Random } from './random.ts';

/** Share of the mean, for each hour of UTC+8. */
const PER_HOUR = [
  0.5, 0.3, 0.15, 0.1, 0.1, 0.15, 0.4, 0.8, 1.1, 1.2, 1.3, 1.5, 1.8, 1.4, 1.1, 1.1, 1.2, 1.3, 1.4, 1.6, 1.9,
  1.8, 1.2, 0.6,
];
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LONGEST_PAUSE_MS = HOUR_MS / 4;
const CROWD_SHARE = 0.004;
const CROWD = 16;

export interface Rhythm {
  /** After which pause the next come, and how many: none if it is only time to look at the hour again. */
  next(nowMs: number): { pauseMs: number; count: number };
}

export function createRhythm(random: Random, requestsPerDay: number): Rhythm {
  const mean = PER_HOUR.reduce((sum, share) => sum + share, 0) / PER_HOUR.length;
  const arrivalsPerDay = requestsPerDay / (1 + CROWD_SHARE * (CROWD - 1));
  return {
    next(nowMs) {
      const hour = Math.floor((nowMs / HOUR_MS + 8) % 24);
      const perMs = (arrivalsPerDay / DAY_MS) * (PER_HOUR[hour]! / mean);
      const pauseMs = Math.ceil(-Math.log(1 - random()) / perMs);
      // Exponential pauses; none so long that it misses the peak of the next hour.
      if (pauseMs > LONGEST_PAUSE_MS) return { pauseMs: LONGEST_PAUSE_MS, count: 0 };
      return { pauseMs, count: random() < CROWD_SHARE ? CROWD : 1 };
    },
  };
}
