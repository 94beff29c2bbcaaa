/** R3, assured life: a promise to a caller is never longer than what is known. */

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assuredLifeMs, dueAtMs } from '../../functions/_shared/token/life.ts';
import { emptyRecord } from '../../functions/_shared/token/record.ts';
import { anyMoment, anyNow, anyPolicy, anyToken } from './model/records.ts';
import { runs } from './model/runs.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;

/** A token, a read of it at or before now, and perhaps a mint that is unsettled. */
const anyReading = anyNow.chain((nowMs) =>
  fc.record({
    nowMs: fc.constant(nowMs),
    token: anyToken(nowMs),
    policy: anyPolicy,
    readAtMs: fc.integer({ min: 0, max: 2 * HOUR_MS }).map((agoMs) => nowMs - agoMs),
    unsettledSinceAtMs: fc.option(fc.integer({ min: 0, max: HOUR_MS }).map((agoMs) => nowMs - agoMs)),
    laterMs: fc.integer({ min: 0, max: 3 * HOUR_MS }),
  }),
);

describe('assured life', () => {
  it('ends no later than the token, its early expiry, and 4 minutes after our own next refresh', () => {
    fc.assert(
      fc.property(anyReading, ({ nowMs, token, policy, readAtMs, unsettledSinceAtMs }) => {
        const record = { ...emptyRecord, token, unsettledSinceAtMs };
        const leftMs = assuredLifeMs(record, readAtMs, nowMs, policy);
        fc.pre(leftMs > 0);
        const endsAtMs = nowMs + leftMs;
        expect(endsAtMs).toBeLessThanOrEqual(token.expiresAtMs);
        if (token.api === 'stable') return;
        expect(endsAtMs).toBeLessThanOrEqual((unsettledSinceAtMs ?? Infinity) + 240 * SECOND_MS);
        expect(endsAtMs).toBeLessThanOrEqual(Math.max(readAtMs, dueAtMs(token, policy)) + 240 * SECOND_MS);
      }),
      runs(1_000),
    );
  });

  it('only shrinks while time passes: nobody renews a promise without reading again', () => {
    fc.assert(
      fc.property(anyReading, ({ nowMs, token, policy, readAtMs, unsettledSinceAtMs, laterMs }) => {
        const record = { ...emptyRecord, token, unsettledSinceAtMs };
        const leftMs = assuredLifeMs(record, readAtMs, nowMs, policy);
        const leftLaterMs = assuredLifeMs(record, readAtMs, nowMs + laterMs, policy);
        expect(leftLaterMs).toBe(Math.max(0, leftMs - laterMs));
      }),
      runs(1_000),
    );
  });

  it('is no longer for an older read', () => {
    fc.assert(
      fc.property(anyReading, ({ nowMs, token, policy, readAtMs }) => {
        const record = { ...emptyRecord, token };
        const fresh = assuredLifeMs(record, nowMs, nowMs, policy);
        expect(assuredLifeMs(record, readAtMs, nowMs, policy)).toBeLessThanOrEqual(fresh);
      }),
      runs(500),
    );
  });

  it('is never below zero, nor above a token’s two hours and the skew of clocks, whatever is stored', () => {
    fc.assert(
      fc.property(anyMoment, ({ nowMs, record, policy }) => {
        const leftMs = assuredLifeMs(record, nowMs, nowMs, policy);
        expect(leftMs).toBeGreaterThanOrEqual(0);
        expect(leftMs).toBeLessThanOrEqual(2 * HOUR_MS + 600 * SECOND_MS);
      }),
      runs(1_000),
    );
  });
});
