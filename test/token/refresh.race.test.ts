/** R2 with two and three holders of any role, in orders of steps that chance chooses. */

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyRace } from './model/race-rules.ts';
import { runs, TIMEOUT_MS } from './model/runs.ts';

describe('a refresh', () => {
  it(
    'mints once for all holders, whichever of them is how fast',
    () => expect(fc.assert(anyRace(), runs(1_000))).resolves.toBeUndefined(),
    TIMEOUT_MS,
  );
});
