/** R2 with two and three holders: not a sample, but every order of their steps. */

import { describe, expect, it } from 'vitest';
import { explore } from './model/explore.ts';
import { BEGINNINGS } from './model/race.ts';
import type { Role } from './model/race.ts';
import { race, rightOutcome } from './model/race-rules.ts';
import { TIMEOUT_MS } from './model/runs.ts';

const TEAMS: readonly (readonly Role[])[] = [
  ['timer', 'timer'],
  ['timer', 'reader'],
  ['timer', 'reporter'],
  ['reader', 'reader'],
  ['reader', 'reporter'],
  ['reporter', 'reporter'],
  ['timer', 'reader', 'reporter'],
];

/** Three holders have some 4 000 orders; far more would mean that somebody polls. */
const MOST_ORDERS = 10_000;

describe.each(BEGINNINGS)('holders of a token that is %s', (beginning) => {
  it.each(TEAMS.map((team) => [team.join(', '), team] as const))(
    'mint once if one of them has a reason to, store that token and all get it, in every order of their steps: %s',
    async (_, team) => {
      const { orders, outcomes } = await explore(
        (scheduler, settle) => race(scheduler, settle, beginning, team),
        MOST_ORDERS,
      );
      expect(outcomes).toEqual([
        { outcome: rightOutcome(beginning, team), order: expect.any(Array) as string[] },
      ]);
      expect(orders).toBeGreaterThan(1);
    },
    TIMEOUT_MS,
  );
});
