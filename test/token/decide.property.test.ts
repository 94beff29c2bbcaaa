/** No record is a dead end: whatever is stored, the wait has a bound, and after the bounds somebody mints. */

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../functions/_shared/token/decide.ts';
import type { Decision, Reason } from '../../functions/_shared/token/decide.ts';
import { anyMoment } from './model/records.ts';
import { runs } from './model/runs.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** Clocks of two instances may differ by this much. */
const SKEW_MS = 10 * MINUTE_MS;

const LONGEST_WAIT_MS = {
  claim: 20 * SECOND_MS + SKEW_MS,
  hold: 240 * SECOND_MS + SKEW_MS,
  spacing: 30 * SECOND_MS,
};
const LONGEST_STOP_MS = { transient: 2 * MINUTE_MS, quota: 24 * HOUR_MS, configuration: HOUR_MS };

const anyReason: fc.Arbitrary<Reason> = fc.oneof(
  fc.constant({ by: 'timer' } as const),
  fc.constant({ by: 'reader' } as const),
  fc.record({
    by: fc.constant('report' as const),
    value: fc.constantFrom('t1', 't2', 'none of ours'),
    knownId: fc.option(fc.constantFrom('c1', 'c2')),
    isSuspicion: fc.boolean(),
    source: fc.constant(null),
  }),
);

/** When the decision may be another one; null when it is no wait. */
function nextAtMs(decision: Decision): number | null {
  if (decision.do === 'wait') return decision.untilAtMs;
  return decision.do === 'stop' ? decision.retryAtMs : null;
}

function longestMs(decision: Decision): number {
  if (decision.do === 'wait') return LONGEST_WAIT_MS[decision.why];
  return decision.do === 'stop' ? LONGEST_STOP_MS[decision.failure.owner] : 1;
}

describe('a decision', () => {
  it('makes nobody wait longer than documented, whatever is stored', () => {
    fc.assert(
      fc.property(anyMoment, anyReason, ({ nowMs, record, policy }, reason) => {
        const decision = decide(record, reason, nowMs, policy);
        const leftMs = (nextAtMs(decision) ?? nowMs + 1) - nowMs;
        expect(leftMs).toBeGreaterThan(0);
        expect(leftMs).toBeLessThanOrEqual(longestMs(decision));
      }),
      runs(2_000),
    );
  });

  it('comes to a mint, or needs none, for whoever waits as long as told', () => {
    fc.assert(
      fc.property(anyMoment, anyReason, ({ nowMs, record, policy }, reason) => {
        let atMs: number | null = nowMs;
        for (let waits = 0; atMs !== null; waits++) {
          expect(waits).toBeLessThanOrEqual(5);
          atMs = nextAtMs(decide(record, reason, atMs, policy));
        }
      }),
      runs(2_000),
    );
  });

  it('never mints for a report of a token that is not the stored one, while that one is good', () => {
    fc.assert(
      fc.property(anyMoment, ({ nowMs, record, policy }) => {
        const asReader = decide(record, { by: 'reader' }, nowMs, policy);
        const report = { by: 'report', knownId: null, isSuspicion: false, source: null } as const;
        const decision = decide(record, { ...report, value: 'none of ours' }, nowMs, policy);
        expect(decision).toEqual(asReader);
      }),
      runs(1_000),
    );
  });
});
