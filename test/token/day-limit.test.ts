/** R7, the mints of a day: counted, limited, learned; each bound exact. */

import { describe, expect, it } from 'vitest';
import {
  countAttempt,
  effectiveLimit,
  learnLimit,
  reachedLimit,
  uncountAttempt,
} from '../../functions/_shared/token/day-limit.ts';
import { nextDayAtMs } from '../../functions/_shared/token/backoff.ts';
import { classic, DAY_MS, MINUTE_MS, NOW_MS, recordOf, stable, ticket, TODAY } from './samples.ts';

describe('the limit of a day', () => {
  const withMints = (count: number, over = {}) => recordOf({ mints: { day: TODAY, count }, ...over });
  const reached = (count: number, isReport = false, over = {}, policy = classic) =>
    reachedLimit(withMints(count, over), isReport, NOW_MS, policy);

  it('is counted from 00:00 UTC+8, before the mint, and taken back to no less than nothing', () => {
    expect(countAttempt(withMints(7), NOW_MS)).toEqual({ day: TODAY, count: 8 });
    expect(countAttempt(withMints(7), NOW_MS + DAY_MS)).toEqual({ day: TODAY + 1, count: 1 });
    expect(uncountAttempt(withMints(7))).toEqual({ day: TODAY, count: 6 });
    expect(uncountAttempt(withMints(0))).toEqual({ day: TODAY, count: 0 });
  });

  it('stops readers and timer at MINT_LIMIT_PER_DAY, and reports 30 before', () => {
    expect(reached(499)).toBeNull();
    expect(reached(500)).toMatchObject({
      retryAtMs: nextDayAtMs(NOW_MS),
      failure: { owner: 'quota', errcode: 503 },
    });
    expect(reached(500)!.failure.errmsg).toBe(
      '500 access tokens were minted today, and MINT_LIMIT_PER_DAY allows no more: find out who reports or mints so often, or raise it; the count begins again at 00:00 UTC+8',
    );
    expect([reached(469, true), reached(470, true) === null]).toEqual([null, false]);
    expect(reached(470, true)!.failure.errmsg).toContain('leaves no more to reports');
  });

  it('keeps a tenth of a small limit for the timer', () => {
    const small = { ...classic, mintLimitPerDay: 59 };
    expect(reached(53, true, {}, small)).toBeNull();
    expect(reached(54, true, {}, small)).not.toBeNull();
  });

  it('keeps a hundred fetches of a ticket for the timer, or a fifth, as it needs 48 a day', () => {
    expect([reached(399, true, {}, ticket), reached(400, true, {}, ticket) === null]).toEqual([null, false]);
    const small = { ...ticket, mintLimitPerDay: 59 };
    expect([reached(47, true, {}, small), reached(48, true, {}, small) === null]).toEqual([null, false]);
    expect(reached(499, false, {}, ticket)).toBeNull();
    expect(reached(500, false, {}, ticket)!.failure.errmsg).toBe(
      '500 tickets were minted today, and a ticket has no more, or its last part is kept for the timer: find out who reports it so often; the count begins again at 00:00 UTC+8',
    );
  });

  it('of yesterday stops nobody', () => {
    expect(
      reachedLimit(recordOf({ mints: { day: TODAY - 1, count: 900 } }), false, NOW_MS, classic),
    ).toBeNull();
  });

  it('that WeChat has shown binds reports until more were minted', () => {
    const learned = { learnedLimit: 200 };
    expect(reached(179, true, learned)).toBeNull();
    expect(reached(180, true, learned)!.failure.errmsg).toContain(
      'WeChat itself has refused more than 200 a day',
    );
    expect(reached(199, true, learned)).not.toBeNull();
    expect(reached(200, true, learned)).toBeNull();
    expect(reached(200, false, learned)).toBeNull();
  });

  it('that was learned counts if it is the lower one, plausible, and of token mode', () => {
    const effective = (learnedLimit: number | null, policy = classic) =>
      effectiveLimit(recordOf({ learnedLimit }), policy);
    expect([100, 99, 499, 501, null].map((limit) => effective(limit))).toEqual([100, 500, 499, 500, 500]);
    expect(effective(100, stable)).toBe(500);
  });

  it('is learned from what was counted today, ten minutes after midnight and in token mode', () => {
    const learn = (record: ReturnType<typeof recordOf>, nowMs = NOW_MS, policy = classic) =>
      learnLimit(record, nowMs, policy).learnedLimit;
    expect(learn(withMints(7))).toBe(7);
    expect(learn(withMints(1))).toBe(1);
    expect(learn(withMints(0))).toBeNull();
    expect([learn(withMints(499)), learn(withMints(500))]).toEqual([499, null]);
    expect(learn(withMints(7), NOW_MS, stable)).toBeNull();
    expect(learn(withMints(7), NOW_MS + DAY_MS)).toBeNull();
    const midnightMs = nextDayAtMs(NOW_MS - DAY_MS);
    expect(learn(withMints(7), midnightMs + 10 * MINUTE_MS - 1)).toBeNull();
    expect(learn(withMints(7), midnightMs + 10 * MINUTE_MS)).toBe(7);
  });
});
