/** What operators ask for, step by step: a mint, the death of a leaked token, the forces that it takes. */

import { describe, expect, it } from 'vitest';
import { nextDayAtMs } from '../../functions/_shared/token/backoff.ts';
import {
  countForce,
  countMint,
  forceLimit,
  isForced,
  isForceAskedFor,
  isForcing,
  pendingRefresh,
  requestLeakRefresh,
  requestRefresh,
  spendForces,
} from '../../functions/_shared/token/manual-refresh.ts';
import {
  claimOf,
  classic,
  MINUTE_MS,
  NOW_MS,
  recordOf,
  SECOND_MS,
  stable,
  ticket,
  TODAY,
} from './samples.ts';

const SPACING_MS = 30 * SECOND_MS;

describe('a manual refresh', () => {
  const leak = { requestedAtMs: NOW_MS, mintsLeft: 2, isLeak: true };

  it('asks for one mint, or for two where the token has leaked', () => {
    const record = recordOf();
    const manualRefresh = { requestedAtMs: NOW_MS, mintsLeft: 1, isLeak: false };
    expect(requestRefresh(record, NOW_MS)).toEqual({ ...record, version: 6, manualRefresh });
    expect(requestLeakRefresh(record, NOW_MS)).toEqual({ ...record, version: 6, manualRefresh: leak });
  });

  it('is dropped after a quarter of an hour, and when it is done', () => {
    const pending = (over: object) =>
      pendingRefresh(recordOf({ manualRefresh: { ...leak, ...over } }), NOW_MS) !== null;
    expect(pending({ requestedAtMs: NOW_MS - 15 * MINUTE_MS })).toBe(true);
    expect(pending({ requestedAtMs: NOW_MS - 15 * MINUTE_MS - 1 })).toBe(false);
    expect(pending({ requestedAtMs: NOW_MS + 15 * MINUTE_MS + 1 })).toBe(false);
    expect(pending({ mintsLeft: 1 })).toBe(true);
    expect(pending({ mintsLeft: 0 })).toBe(false);
    expect(pendingRefresh(recordOf(), NOW_MS)).toBeNull();
  });

  it('loses one mint with each token, but none to a call of stable that was not forced', () => {
    const forces = { day: TODAY, count: 1, lastAtMs: NOW_MS };
    const left = (over: object, api: 'token' | 'stable', record = {}) =>
      countMint(recordOf({ manualRefresh: { ...leak, ...over }, ...record }), api);
    expect(left({}, 'token')).toEqual({ ...leak, mintsLeft: 1 });
    expect(left({ mintsLeft: 1 }, 'token')).toBeNull();
    expect(left({}, 'stable')).toEqual(leak);
    expect(left({}, 'stable', { claim: claimOf(), forces })).toEqual({ ...leak, mintsLeft: 1 });
    expect(left({ mintsLeft: 1, isLeak: false }, 'stable')).toBeNull();
    expect(countMint(recordOf(), 'token')).toBeNull();
  });
});

describe('a force', () => {
  const leak = { requestedAtMs: NOW_MS, mintsLeft: 2, isLeak: true };
  const forcesOf = (over: object) => recordOf({ forces: { day: TODAY, count: 1, lastAtMs: 1, ...over } });

  it('is asked for by a leak in stable mode, as long as the day has one left', () => {
    expect(isForceAskedFor(recordOf({ manualRefresh: leak }), NOW_MS, stable)).toBe(true);
    expect(isForceAskedFor(recordOf({ manualRefresh: leak }), NOW_MS, classic)).toBe(false);
    expect(isForceAskedFor(recordOf(), NOW_MS, stable)).toBe(false);
    expect(isForceAskedFor(recordOf({ manualRefresh: { ...leak, isLeak: false } }), NOW_MS, stable)).toBe(
      false,
    );
    const spent = { manualRefresh: leak, forces: { day: TODAY, count: 20, lastAtMs: 1 } };
    expect(isForced(recordOf({ manualRefresh: leak }), NOW_MS, stable)).toBe(true);
    for (const policy of [classic, ticket])
      expect(isForced(recordOf({ manualRefresh: leak }), NOW_MS, policy)).toBe(false);
    expect(isForced(recordOf(spent), NOW_MS, stable)).toBe(false);
    expect(isForced(recordOf({ ...spent, manualRefresh: null }), NOW_MS, stable)).toBe(false);
  });

  it('is one of 20 a day', () => {
    expect(forceLimit(forcesOf({ count: 19 }), NOW_MS)).toBeNull();
    expect(forceLimit(forcesOf({ count: 20, day: TODAY - 1 }), NOW_MS)).toBeNull();
    expect(forceLimit(forcesOf({ count: 20 }), NOW_MS)).toEqual({
      do: 'stop',
      retryAtMs: nextDayAtMs(NOW_MS),
      failure: {
        owner: 'quota',
        errcode: 45_009,
        errmsg:
          "the 20 forced refreshes that WeChat allows a day are used up; they come back at 00:00 UTC+8 (reset the AppSecret if the leak can't wait)",
      },
    });
  });

  it('comes 30 s after the one before', () => {
    const limit = (agoMs: number) => forceLimit(forcesOf({ lastAtMs: NOW_MS - agoMs }), NOW_MS);
    expect(limit(SPACING_MS)).toBeNull();
    expect(limit(SPACING_MS - 1)).toEqual({ do: 'wait', why: 'spacing', untilAtMs: NOW_MS + 1 });
    expect(limit(0)).toEqual({ do: 'wait', why: 'spacing', untilAtMs: NOW_MS + SPACING_MS });
    expect(limit(-1)).toBeNull();
  });

  it('is counted per day, and spent when WeChat refuses one for its quota', () => {
    expect(countForce(forcesOf({}), NOW_MS)).toEqual({ day: TODAY, count: 2, lastAtMs: NOW_MS });
    expect(countForce(forcesOf({ day: TODAY - 1, count: 9 }), NOW_MS)).toMatchObject({
      day: TODAY,
      count: 1,
    });
    const record = forcesOf({ day: TODAY - 1 });
    expect(spendForces(record, NOW_MS)).toEqual({
      ...record,
      forces: { day: TODAY, count: 20, lastAtMs: 1 },
    });
  });

  it('is known by the instant of its claim', () => {
    const forces = { day: TODAY, count: 1, lastAtMs: NOW_MS };
    expect(isForcing(recordOf({ claim: claimOf(), forces }))).toBe(true);
    expect(isForcing(recordOf({ claim: claimOf({ startedAtMs: 1 }), forces }))).toBe(false);
    expect(isForcing(recordOf({ forces }))).toBe(false);
  });
});
