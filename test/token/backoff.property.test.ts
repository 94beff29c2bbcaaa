/** R7: pauses grow and end, and a day is a day of UTC+8. */

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Owner } from '../../functions/_shared/token/record.ts';
import { dayOf, isBackingOff, nextDayAtMs, backoffAfter } from '../../functions/_shared/token/backoff.ts';
import { meaningOf } from '../../functions/_shared/wechat/errcodes.ts';
import { anyMoment, anyNow } from './model/records.ts';
import { runs } from './model/runs.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** The growing pause, whatever WeChat itself asks for. */
const LONGEST_PAUSE_MS = { transient: 1.25 * MINUTE_MS, quota: DAY_MS, configuration: HOUR_MS };

const anyOwner = fc.constantFrom<Owner[]>('transient', 'quota', 'configuration');
const anyChance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('a backoff', () => {
  it('pauses for a bounded time, however many failures went before and whatever was stored', () => {
    fc.assert(
      fc.property(anyMoment, anyOwner, anyChance, ({ nowMs, record }, owner, chance) => {
        const next = backoffAfter(record, { owner, errcode: 1, errmsg: 'no' }, 'f1', nowMs, chance);
        expect(Number.isInteger(next.retryAtMs)).toBe(true);
        expect(next.retryAtMs).toBeGreaterThan(nowMs);
        expect(next.retryAtMs - nowMs).toBeLessThanOrEqual(LONGEST_PAUSE_MS[owner]);
      }),
      runs(1_000),
    );
  });

  it('stands from its beginning to its end and no longer, whatever WeChat said', () => {
    const anyErrcode = fc.oneof(
      fc.constantFrom(-1, 45_011, 45_009, 40_001, 40_164, 89_506, 89_507),
      fc.integer(),
    );
    fc.assert(
      fc.property(anyMoment, anyErrcode, anyChance, ({ nowMs, record }, errcode, chance) => {
        const { owner, retryAfterMs = 0 } = meaningOf(errcode);
        const failure = { owner, errcode, errmsg: 'no', retryAfterMs };
        const next = backoffAfter(record, failure, 'f1', nowMs, chance);
        expect(next.retryAtMs - nowMs).toBeGreaterThanOrEqual(retryAfterMs);
        expect(isBackingOff(next, 'f1', nowMs)).toBe(true);
        expect(isBackingOff(next, 'f1', next.retryAtMs - 1)).toBe(true);
        expect(isBackingOff(next, 'f1', next.retryAtMs)).toBe(false);
        expect(isBackingOff(next, 'another configuration', nowMs)).toBe(false);
      }),
      runs(1_000),
    );
  });

  it('grows with each failure of the same owner, and starts again with another', () => {
    fc.assert(
      fc.property(anyMoment, anyOwner, anyOwner, ({ nowMs, record }, first, second) => {
        const fail = (before: typeof record, owner: Owner): typeof record => ({
          ...before,
          backoff: backoffAfter(before, { owner, errcode: 1, errmsg: 'no' }, 'f1', nowMs, 0.5),
        });
        const once = fail(record, first);
        const failures = first === second ? once.backoff!.failures + 1 : 1;
        expect(fail(once, second).backoff!.failures).toBe(failures);
      }),
      runs(500),
    );
  });
});

describe('the day of a quota', () => {
  it('turns at midnight of UTC+8, at most 24 hours from now', () => {
    fc.assert(
      fc.property(anyNow, (nowMs) => {
        const turnsAtMs = nextDayAtMs(nowMs);
        expect(new Date(turnsAtMs).toISOString()).toMatch(/T16:00:00\.000Z$/);
        expect(turnsAtMs - nowMs).toBeGreaterThan(0);
        expect(turnsAtMs - nowMs).toBeLessThanOrEqual(DAY_MS);
        expect([dayOf(turnsAtMs - 1), dayOf(turnsAtMs)]).toEqual([dayOf(nowMs), dayOf(nowMs) + 1]);
      }),
      runs(1_000),
    );
  });
});
