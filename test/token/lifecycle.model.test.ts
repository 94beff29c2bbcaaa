/** R2-R6 under whatever can happen, judged by the sandbox: crashes, freezes, faults of the network and the database. */

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lifeOfAToken } from './model/life-of-a-token.ts';
import { runs, TIMEOUT_MS } from './model/runs.ts';

describe('the life of a token', () => {
  it(
    'keeps every promise in token mode, whatever happens to three processes',
    () => expect(fc.assert(lifeOfAToken('token'), runs(1_000))).resolves.toBeUndefined(),
    TIMEOUT_MS,
  );
  it(
    'keeps every promise in stable mode, whatever happens to three processes',
    () => expect(fc.assert(lifeOfAToken('stable'), runs(300))).resolves.toBeUndefined(),
    TIMEOUT_MS,
  );
});
