/** R1 and R3, how long a token is good and when it is due: each bound to the millisecond. */

import { describe, expect, it } from 'vitest';
import { assuredLifeMs, dueAtMs, isDue, isOverdue, isTooShort } from '../../functions/_shared/token/life.ts';
import {
  classic,
  HOUR_MS,
  MINUTE_MS,
  NOW_MS,
  recordOf,
  SECOND_MS,
  stable,
  ticket,
  tokenOf,
} from './samples.ts';

const HOLD_MS = 240 * SECOND_MS;
const SKEW_MS = 10 * MINUTE_MS;
/** 110 minutes after the mint, less the tolerance of a tick that comes early. */
const DUE_AFTER_MS = 110 * MINUTE_MS - 30 * SECOND_MS;

const fresh = tokenOf({ mintedAtMs: NOW_MS });
const lifeOf = (over: object, readAtMs = NOW_MS, nowMs = NOW_MS) =>
  assuredLifeMs(recordOf({ token: fresh, ...over }), readAtMs, nowMs, classic);

describe('assuredLifeMs', () => {
  it('ends 240 s after the next mint, which comes when it is due, or later if it is overdue', () => {
    expect(lifeOf({})).toBe(DUE_AFTER_MS + HOLD_MS);
    const laterMs = NOW_MS + DUE_AFTER_MS + 1;
    expect(lifeOf({}, laterMs, laterMs)).toBe(HOLD_MS);
  });

  it('ends with the token, and with its early expiry', () => {
    expect(lifeOf({ token: tokenOf({ mintedAtMs: NOW_MS - 119 * MINUTE_MS }) })).toBe(MINUTE_MS);
    expect(lifeOf({ unsettledSinceAtMs: NOW_MS - MINUTE_MS })).toBe(HOLD_MS - MINUTE_MS);
    expect(lifeOf({ unsettledSinceAtMs: NOW_MS - HOLD_MS - 1 })).toBe(0);
  });

  it('is what WeChat granted in stable mode, whatever is unsettled', () => {
    const token = tokenOf({ api: 'stable', mintedAtMs: NOW_MS - HOUR_MS });
    expect(lifeOf({ token, unsettledSinceAtMs: 1 })).toBe(HOUR_MS);
    expect(lifeOf({ token }, NOW_MS, token.expiresAtMs + 1)).toBe(0);
  });

  it('of a ticket ends with the tick after the one that fetches the next, or in 20 s if that has passed', () => {
    const record = recordOf({ token: tokenOf({ api: 'ticket', mintedAtMs: NOW_MS }) });
    expect(assuredLifeMs(record, NOW_MS, NOW_MS, ticket)).toBe(35 * MINUTE_MS);
    const laterMs = NOW_MS + 35 * MINUTE_MS;
    expect(assuredLifeMs(record, laterMs, laterMs, ticket)).toBe(20 * SECOND_MS);
  });

  it('is nothing without a token, or with one that no clock can explain', () => {
    expect(lifeOf({ token: null })).toBe(0);
    const minted = (inMs: number, lifeMs = 2 * HOUR_MS) =>
      lifeOf({ token: tokenOf({ mintedAtMs: NOW_MS + inMs, expiresAtMs: NOW_MS + inMs + lifeMs }) });
    expect(minted(SKEW_MS)).toBeGreaterThan(0);
    expect(minted(SKEW_MS + 1)).toBe(0);
    expect(minted(0, 2 * HOUR_MS + 1)).toBe(0);
    expect(minted(0, 0)).toBe(0);
    expect(minted(0, 1)).toBe(1);
  });
});

describe('dueAtMs', () => {
  it('is 110 minutes after the mint, half a minute early', () => {
    expect(dueAtMs(fresh, classic)).toBe(NOW_MS + DUE_AFTER_MS);
    expect(dueAtMs(fresh, { ...classic, refreshAfterMs: 5 * MINUTE_MS })).toBe(NOW_MS + 270 * SECOND_MS);
  });

  it('is 300 s before the end, or at half of a short life, if that comes first', () => {
    const lasting = (lifeMs: number, api: 'token' | 'stable' = 'token') =>
      dueAtMs({ ...fresh, api, expiresAtMs: NOW_MS + lifeMs }, classic) - NOW_MS;
    expect(lasting(HOUR_MS)).toBe(55 * MINUTE_MS);
    expect(lasting(HOUR_MS, 'stable')).toBe(55 * MINUTE_MS);
    expect(lasting(2 * HOUR_MS, 'stable')).toBe(115 * MINUTE_MS);
    expect(lasting(100 * SECOND_MS)).toBe(50 * SECOND_MS);
  });
});

describe('isDue', () => {
  const due = (over: object, nowMs = NOW_MS, policy = classic) =>
    isDue(recordOf({ token: fresh, ...over }), nowMs, policy);

  it('begins at that instant', () => {
    expect(due({}, NOW_MS + DUE_AFTER_MS - 1)).toBe(false);
    expect(due({}, NOW_MS + DUE_AFTER_MS)).toBe(true);
  });

  it('is so at once without a token, with one of the other mode, a damaged one, or no version', () => {
    expect(due({ token: null })).toBe(true);
    expect(due({}, NOW_MS, stable)).toBe(true);
    expect(due({ token: tokenOf({ mintedAtMs: NOW_MS + HOUR_MS }) })).toBe(true);
    expect(due({ version: 0 })).toBe(true);
    expect(due({ version: 1 })).toBe(false);
  });

  it('is so for one that ends before it begins, whose life counts for nothing', () => {
    const mintedAtMs = NOW_MS + 2 * MINUTE_MS;
    for (const endsMs of [-MINUTE_MS, 0]) {
      const token = tokenOf({ mintedAtMs, expiresAtMs: mintedAtMs + endsMs });
      expect(due({ token })).toBe(true);
      expect(assuredLifeMs(recordOf({ token }), NOW_MS, NOW_MS, stable)).toBe(0);
    }
  });

  it('is so for a token beside an unsettled mint, in token mode', () => {
    expect(due({ unsettledSinceAtMs: NOW_MS })).toBe(true);
    expect(due({ token: { ...fresh, api: 'stable' }, unsettledSinceAtMs: NOW_MS }, NOW_MS, stable)).toBe(
      false,
    );
  });
});

describe('isOverdue', () => {
  it('begins one tick after a token was due', () => {
    const record = recordOf({ token: fresh });
    const atMs = NOW_MS + DUE_AFTER_MS + 5 * MINUTE_MS;
    expect(isOverdue(record, atMs - 1, classic)).toBe(false);
    expect(isOverdue(record, atMs, classic)).toBe(true);
    expect(isOverdue(recordOf({ token: null }), atMs, classic)).toBe(false);
  });
});

describe('isTooShort', () => {
  const withLeft = (leftMs: number, lifeMs = 2 * HOUR_MS, api: 'token' | 'stable' = 'token') => {
    const expiresAtMs = NOW_MS + leftMs;
    const token = tokenOf({ api, mintedAtMs: expiresAtMs - lifeMs, expiresAtMs });
    return isTooShort(recordOf({ token }), NOW_MS, NOW_MS, { ...classic, api });
  };

  it('is so with less than a minute left in token mode, and with 300 s or less in stable mode', () => {
    expect([withLeft(MINUTE_MS), withLeft(MINUTE_MS - 1)]).toEqual([false, true]);
    const inStable = (leftMs: number) => withLeft(leftMs, 2 * HOUR_MS, 'stable');
    expect([inStable(300 * SECOND_MS + 1), inStable(300 * SECOND_MS)]).toEqual([false, true]);
  });

  it('is so at half of a short life', () => {
    expect([withLeft(25_000, 50_000), withLeft(24_999, 50_000)]).toEqual([false, true]);
    expect([withLeft(25_001, 50_000, 'stable'), withLeft(25_000, 50_000, 'stable')]).toEqual([false, true]);
  });

  it('is so without a token', () => {
    expect(isTooShort(recordOf({ token: null }), NOW_MS, NOW_MS, classic)).toBe(true);
  });
});
