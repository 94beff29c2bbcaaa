/** R3, each step of a claim by itself: what the next record holds, field by field, and each bound to the millisecond. */

import { describe, expect, it } from 'vitest';
import {
  applyResult,
  commit,
  isSaved,
  leaveUnsettled,
  markContested,
  markLost,
  release,
} from '../../functions/_shared/token/result.ts';
import { takeClaim } from '../../functions/_shared/token/claim.ts';
import {
  backoffOf,
  claimOf,
  classic,
  HOUR_MS,
  MINUTE_MS,
  minted,
  NOW_MS,
  recordOf,
  refused,
  reportOf,
  resultOf,
  SECOND_MS,
  stable,
  TODAY,
  tokenOf,
  unknown,
} from './samples.ts';

const LATE_MS = 30 * SECOND_MS;
const HOLD_MS = 240 * SECOND_MS;
const leak = { requestedAtMs: NOW_MS - MINUTE_MS, mintsLeft: 2, isLeak: true };

describe('takeClaim', () => {
  it('sets the claim and the early expiry, counts the mint, and leaves the rest', () => {
    const record = recordOf();
    expect(takeClaim(record, 'c1', NOW_MS, classic, null)).toEqual({
      ...record,
      version: 6,
      claim: claimOf(),
      unsettledSinceAtMs: NOW_MS,
      mints: { day: TODAY, count: 8 },
    });
  });

  it('begins a new day with one mint', () => {
    const record = recordOf({ mints: { day: TODAY - 1, count: 400 } });
    expect(takeClaim(record, 'c1', NOW_MS, classic, null).mints).toEqual({ day: TODAY, count: 1 });
  });

  it('remembers that the holder of the claim before may have minted, unless it only probed', () => {
    const before = claimOf({ id: 'c0', startedAtMs: NOW_MS - HOUR_MS });
    const taken = (over: object) => takeClaim(recordOf(over), 'c1', NOW_MS, classic, null).unknownSinceAtMs;
    expect(taken({ claim: before, unknownSinceAtMs: 1 })).toBe(NOW_MS - HOUR_MS);
    expect(taken({ claim: null, unknownSinceAtMs: 1 })).toBe(1);
    const verdict = { id: 'c0', atMs: NOW_MS - HOUR_MS, outcome: 'pending' as const };
    expect(taken({ claim: before, unknownSinceAtMs: 1, verdict })).toBe(1);
    expect(taken({ claim: before, unknownSinceAtMs: 1, verdict: { ...verdict, outcome: 'unknown' } })).toBe(
      NOW_MS - HOUR_MS,
    );
  });

  it('keeps the report that it answers, and counts the refusal', () => {
    const record = recordOf();
    const next = takeClaim(record, 'c1', NOW_MS, classic, reportOf());
    expect(next.reports).toEqual({ lastAtMs: NOW_MS, source: 'wx_client,scf', refutedAtMs: [] });
    expect(next.refusedAtMs).toEqual([NOW_MS]);
    const without = takeClaim(record, 'c1', NOW_MS, classic, null);
    expect(without).toMatchObject({ reports: record.reports, refusedAtMs: [] });
  });

  it('counts a force where a leaked token of stable mode has to die, and nowhere else', () => {
    const forces = (policy: typeof classic, manualRefresh: typeof leak | null) =>
      takeClaim(recordOf({ manualRefresh }), 'c1', NOW_MS, policy, null).forces;
    expect(forces(stable, leak)).toEqual({ day: TODAY, count: 1, lastAtMs: NOW_MS });
    expect(forces(stable, null)).toEqual({ day: 0, count: 0, lastAtMs: 0 });
    expect(forces(classic, leak)).toEqual({ day: 0, count: 0, lastAtMs: 0 });
  });
});

describe('applyResult', () => {
  const held = recordOf({ claim: claimOf(), unsettledSinceAtMs: NOW_MS });
  const apply = (record: typeof held, outcome: Parameters<typeof resultOf>[0], policy = classic) =>
    applyResult(record, resultOf(outcome), policy, NOW_MS);

  it('stores a token', () => {
    const token = tokenOf({ value: 't2', mintedAtMs: NOW_MS });
    expect(apply(held, minted(token))).toEqual(commit(held, token, NOW_MS));
  });

  it('gives the claim back after a refusal, with the backoff of its owner', () => {
    const next = apply(held, refused('transient', -1));
    expect(next).toMatchObject({ claim: null, unsettledSinceAtMs: null, learnedLimit: null, version: 6 });
    expect(next.backoff).toMatchObject({ owner: 'transient', retryAtMs: NOW_MS + SECOND_MS });
    expect(next.unknownSinceAtMs).toBeNull();
  });

  it('leaves the token unsettled when nobody knows', () => {
    const next = apply(held, unknown);
    expect(next).toMatchObject({ claim: null, unsettledSinceAtMs: NOW_MS, unknownSinceAtMs: NOW_MS });
    expect(next.backoff).toMatchObject({ owner: 'transient', errcode: 503 });
  });

  it('learns the limit from a quota, not from another refusal, nor where the mode is stable', () => {
    const learned = (owner: 'quota' | 'configuration', policy = classic) =>
      apply(held, refused(owner), policy).learnedLimit;
    expect(learned('quota')).toBe(6);
    expect(learned('configuration')).toBeNull();
    expect(learned('quota', stable)).toBeNull();
  });

  it('learns nothing from an answer that may have minted, whoever has to act on it', () => {
    const failure = { owner: 'quota' as const, errcode: 45_009, errmsg: 'no' };
    const forces = { day: TODAY, count: 1, lastAtMs: NOW_MS };
    for (const record of [held, { ...held, forces }]) {
      const next = apply(record, { kind: 'unknown', failure });
      expect(next).toMatchObject({ learnedLimit: null, unknownSinceAtMs: NOW_MS, forces: record.forces });
    }
  });

  it('spends the forces of the day when it is a force that the quota refused, and only then', () => {
    const forces = { day: TODAY, count: 1, lastAtMs: NOW_MS };
    const forcing = { ...held, forces };
    const next = apply(forcing, refused('quota'), stable);
    expect(next).toMatchObject({ claim: null, backoff: null, forces: { day: TODAY, count: 20 } });
    expect(apply(forcing, refused('transient'), stable)).toMatchObject({ forces, backoff: { errcode: 1 } });
    const earlier = { ...held, forces: { ...forces, lastAtMs: NOW_MS - 1 } };
    expect(apply(earlier, refused('quota'), stable)).toMatchObject({ backoff: { owner: 'quota' } });
  });
});

describe('markLost', () => {
  const other = tokenOf({ value: 't2', mintedAtMs: NOW_MS });
  const record = recordOf({ token: other });

  it('marks the document of the holder that has taken over', () => {
    const next = markLost(record, resultOf(minted(tokenOf())), classic, NOW_MS + MINUTE_MS);
    expect(next).toMatchObject({ unsettledSinceAtMs: NOW_MS, version: 6, token: other });
    expect(markLost(record, resultOf(unknown), classic, NOW_MS)).not.toBeNull();
  });

  it('leaves it after a refusal, and in stable mode', () => {
    expect(markLost(record, resultOf(refused('transient')), classic, NOW_MS)).toBeNull();
    expect(markLost(record, resultOf(minted(tokenOf())), stable, NOW_MS)).toBeNull();
  });

  it('leaves a token that was minted long after this mint had ended', () => {
    const mintedAfterMs = (afterMs: number) =>
      markLost(
        recordOf({ token: tokenOf({ mintedAtMs: NOW_MS + afterMs }) }),
        resultOf(unknown, { endedAtMs: NOW_MS }),
        classic,
        NOW_MS + HOUR_MS,
      );
    expect(mintedAfterMs(LATE_MS)).toBeNull();
    expect(mintedAfterMs(LATE_MS - 1)).not.toBeNull();
    expect(markLost(recordOf({ token: null }), resultOf(unknown), classic, NOW_MS)).not.toBeNull();
  });
});

describe('isSaved', () => {
  const token = tokenOf({ value: 't2' });

  it('is true of a document that holds the minted token, and no longer the claim', () => {
    const saved = (over: object) => isSaved(recordOf(over), resultOf(minted(token)));
    expect(saved({ token })).toBe(true);
    expect(saved({ token, claim: claimOf({ id: 'of another' }) })).toBe(true);
    expect(saved({ token, claim: claimOf() })).toBe(false);
    expect(saved({ token: tokenOf() })).toBe(false);
    expect(saved({ token: null })).toBe(false);
  });

  it('is true of a document that says since when nobody knows', () => {
    const saved = (unknownSinceAtMs: number | null) =>
      isSaved(recordOf({ unknownSinceAtMs }), resultOf(unknown));
    expect([saved(NOW_MS), saved(NOW_MS - 1), saved(null)]).toEqual([true, false, false]);
    expect(isSaved(recordOf({ unknownSinceAtMs: NOW_MS }), resultOf(refused('transient')))).toBe(false);
  });
});

describe('commit', () => {
  const token = tokenOf({ value: 't2', mintedAtMs: NOW_MS });
  const held = recordOf({
    claim: claimOf(),
    unsettledSinceAtMs: NOW_MS,
    backoff: backoffOf(),
    learnedLimit: 3,
    reports: { lastAtMs: NOW_MS, source: null, refutedAtMs: [] },
  });

  it('stores the token, settles what was open, and keeps the counts', () => {
    expect(commit(held, token, NOW_MS)).toEqual({
      ...held,
      version: 6,
      token,
      claim: null,
      unsettledSinceAtMs: null,
      verdict: { id: 'c1', atMs: NOW_MS, outcome: 'accepted' },
      learnedLimit: 7,
      backoff: null,
    });
  });

  it('keeps a learned limit that is higher, and makes none up', () => {
    expect(commit({ ...held, learnedLimit: 200 }, token, NOW_MS).learnedLimit).toBe(200);
    expect(commit({ ...held, learnedLimit: null }, token, NOW_MS).learnedLimit).toBeNull();
  });

  it('counts nothing where WeChat gave the stored token again, but the report that it refutes', () => {
    const same = tokenOf({ api: 'stable' });
    const next = commit({ ...held, token: same }, same, NOW_MS);
    expect(next).toMatchObject({ mints: { day: TODAY, count: 6 }, learnedLimit: 3 });
    expect(next.reports.refutedAtMs).toEqual([NOW_MS]);
    const unasked = { ...held, token: same, reports: { ...held.reports, lastAtMs: NOW_MS - 1 } };
    expect(commit(unasked, same, NOW_MS).reports.refutedAtMs).toEqual([]);
    expect(commit(held, token, NOW_MS).reports.refutedAtMs).toEqual([]);
  });

  it('of stable says nothing about a report when it is stored as late as the claim is over', () => {
    const outcome = (afterMs: number, api: 'token' | 'stable' = 'stable') =>
      commit(held, { ...token, api }, NOW_MS + afterMs).verdict!.outcome;
    expect(outcome(20 * SECOND_MS - 1)).toBe('accepted');
    expect(outcome(20 * SECOND_MS)).toBe('unknown');
    expect(outcome(20 * SECOND_MS, 'token')).toBe('accepted');
  });

  it('has a verdict of no claim where there was none', () => {
    expect(commit({ ...held, claim: null }, token, NOW_MS).verdict!.id).toBe('');
  });

  it('lets a token end early beside a mint of unknown outcome, 30 s before or after, in token mode', () => {
    const since = (unknownAgoMs: number, over = {}) =>
      commit({ ...held, unknownSinceAtMs: NOW_MS - unknownAgoMs }, { ...token, ...over }, NOW_MS)
        .unsettledSinceAtMs;
    expect(since(LATE_MS - 1)).toBe(NOW_MS);
    expect(since(LATE_MS)).toBeNull();
    expect(since(1 - LATE_MS)).toBe(NOW_MS);
    expect(since(-LATE_MS)).toBeNull();
    expect(since(0, { api: 'stable' })).toBeNull();
  });

  it('keeps the mark of another holder, the earlier of the two', () => {
    const claim = claimOf({ contestedSinceAtMs: NOW_MS - 5 });
    expect(commit({ ...held, claim }, token, NOW_MS).unsettledSinceAtMs).toBe(NOW_MS - 5);
    const both = { ...held, claim, unknownSinceAtMs: NOW_MS };
    expect(commit(both, token, NOW_MS).unsettledSinceAtMs).toBe(NOW_MS - 5);
  });

  it('carries out one mint of what an operator asked for', () => {
    const left = commit({ ...held, manualRefresh: leak }, token, NOW_MS).manualRefresh;
    expect(left).toEqual({ ...leak, mintsLeft: 1 });
  });
});

describe('release', () => {
  const claim = claimOf({ unsettledBeforeAtMs: NOW_MS - 9 });

  it('puts back what was before the claim', () => {
    const record = recordOf({ claim, unsettledSinceAtMs: NOW_MS, unknownSinceAtMs: 4 });
    const backoff = backoffOf();
    expect(release(record, backoff, NOW_MS)).toEqual({
      ...record,
      version: 6,
      claim: null,
      unsettledSinceAtMs: NOW_MS - 9,
      mints: { day: TODAY, count: 6 },
      backoff,
    });
  });

  it('keeps the mark of another holder', () => {
    const contested = recordOf({ claim: { ...claim, contestedSinceAtMs: NOW_MS - 20 } });
    expect(release(contested, null, NOW_MS).unsettledSinceAtMs).toBe(NOW_MS - 20);
  });

  it('needs no claim, and counts no mint below zero', () => {
    const next = release(recordOf({ mints: { day: TODAY, count: 0 } }), null, NOW_MS);
    expect(next).toMatchObject({ unsettledSinceAtMs: null, mints: { count: 0 } });
  });
});

describe('leaveUnsettled', () => {
  it('keeps the early expiry and says since when nobody knows; the mint isn’t counted', () => {
    const record = recordOf({ claim: claimOf({ startedAtMs: NOW_MS - 3 }), unsettledSinceAtMs: NOW_MS - 3 });
    const backoff = backoffOf();
    expect(leaveUnsettled(record, backoff, NOW_MS)).toEqual({
      ...record,
      version: 6,
      claim: null,
      unknownSinceAtMs: NOW_MS - 3,
      mints: { day: TODAY, count: 6 },
      backoff,
    });
    expect(leaveUnsettled(recordOf(), backoff, NOW_MS).unknownSinceAtMs).toBe(NOW_MS);
  });
});

describe('markContested', () => {
  const since = (sinceAtMs: number | null, beganAtMs: number) =>
    markContested(recordOf({ unsettledSinceAtMs: sinceAtMs }), beganAtMs, NOW_MS).unsettledSinceAtMs;

  it('sets the early expiry, the earlier of two', () => {
    expect(since(null, NOW_MS - 5)).toBe(NOW_MS - 5);
    expect(since(NOW_MS - 3, NOW_MS - 5)).toBe(NOW_MS - 5);
    expect(since(NOW_MS - 7, NOW_MS - 5)).toBe(NOW_MS - 7);
  });

  it('keeps a hold that still runs beside one that is over', () => {
    expect(since(NOW_MS - 1, NOW_MS - HOLD_MS)).toBe(NOW_MS - 1);
    expect(since(NOW_MS - 1, NOW_MS - HOLD_MS + 1)).toBe(NOW_MS - HOLD_MS + 1);
    expect(since(NOW_MS - HOLD_MS + 1, NOW_MS - 2 * HOLD_MS)).toBe(NOW_MS - HOLD_MS + 1);
    expect(since(NOW_MS - HOLD_MS, NOW_MS - 2 * HOLD_MS)).toBe(NOW_MS - 2 * HOLD_MS);
  });

  it('marks the claim that runs, and needs none', () => {
    const marked = markContested(recordOf({ claim: claimOf() }), NOW_MS - 5, NOW_MS);
    expect(marked).toMatchObject({ version: 6, claim: claimOf({ contestedSinceAtMs: NOW_MS - 5 }) });
    expect(markContested(recordOf(), NOW_MS - 5, NOW_MS).claim).toBeNull();
  });
});
