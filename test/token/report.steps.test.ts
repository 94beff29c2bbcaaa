/** R6, reports and probes, each step by itself and each bound to the millisecond. */

import { describe, expect, it } from 'vitest';
import {
  finishProbe,
  isAnswered,
  isForReport,
  isInDoubt,
  isReported,
  manyRefuted,
  noteReport,
  stepBeforeMint,
} from '../../functions/_shared/token/report.ts';
import { isProbing, takeProbe } from '../../functions/_shared/token/claim.ts';
import {
  backoffOf,
  claimOf,
  classic,
  DAY_MS,
  HOUR_MS,
  NOW_MS,
  recordOf,
  reportOf,
  SECOND_MS,
  stable,
} from './samples.ts';

const SPACING_MS = 30 * SECOND_MS;
const verdictOf = (outcome: 'pending' | 'accepted' | 'refused' | 'unknown', agoMs = 0, id = 'c0') => ({
  id,
  atMs: NOW_MS - agoMs,
  outcome,
});

describe('a report', () => {
  it('is one of the stored token only', () => {
    expect(isReported(recordOf(), reportOf())).toBe(true);
    expect(isReported(recordOf(), reportOf({ value: 't0' }))).toBe(false);
    expect(isReported(recordOf({ token: null }), reportOf())).toBe(false);
    expect(isReported(recordOf(), { by: 'reader' })).toBe(false);
  });

  const answered = (verdict: ReturnType<typeof verdictOf> | null, over = {}, policy = classic) =>
    isAnswered(recordOf({ verdict }), reportOf(over), NOW_MS, policy);

  it('is answered in token mode by what WeChat accepted within 30 s, before or after', () => {
    expect(answered(null)).toBe(false);
    expect(answered(verdictOf('accepted', SPACING_MS - 1))).toBe(true);
    expect(answered(verdictOf('accepted', SPACING_MS))).toBe(false);
    expect(answered(verdictOf('accepted', 1 - SPACING_MS))).toBe(true);
    expect(answered(verdictOf('accepted', -SPACING_MS))).toBe(false);
    for (const outcome of ['pending', 'refused', 'unknown'] as const)
      expect(answered(verdictOf(outcome))).toBe(false);
  });

  it('is answered in stable mode by an acceptance that came after the report, however long ago', () => {
    expect(answered(verdictOf('accepted', HOUR_MS), { knownId: 'c0' }, stable)).toBe(false);
    expect(answered(verdictOf('accepted', HOUR_MS), { knownId: 'c9' }, stable)).toBe(true);
    expect(answered(verdictOf('unknown'), { knownId: 'c9' }, stable)).toBe(false);
  });

  it('that is a suspicion is answered by a recent verdict, were it none', () => {
    const suspicion = { isSuspicion: true, knownId: 'c0' };
    for (const policy of [classic, stable]) {
      expect(answered(verdictOf('accepted'), suspicion, policy)).toBe(true);
      expect(answered(verdictOf('unknown'), suspicion, policy)).toBe(true);
      expect(answered(verdictOf('refused'), suspicion, policy)).toBe(false);
      expect(answered(verdictOf('pending'), suspicion, policy)).toBe(false);
      expect(answered(verdictOf('unknown', SPACING_MS), suspicion, policy)).toBe(false);
    }
  });
});

describe('what comes before a mint for a report', () => {
  const step = (over: object, report = {}, policy = classic) =>
    stepBeforeMint(recordOf(over), reportOf(report), NOW_MS, policy);
  const reports = (agoMs: number, refutedAtMs: number[] = []) => ({
    reports: { lastAtMs: NOW_MS - agoMs, source: null, refutedAtMs },
  });

  it('is nothing for the first in an hour, and a probe for the second', () => {
    expect(step(reports(HOUR_MS))).toBeNull();
    expect(step(reports(HOUR_MS - 1))).toEqual({ do: 'probe' });
    expect(step(reports(1 - HOUR_MS))).toEqual({ do: 'probe' });
    expect(step(reports(-HOUR_MS))).toBeNull();
  });

  it('is a probe for a suspicion, and for all within a day of three that were refuted', () => {
    expect(step(reports(2 * HOUR_MS), { isSuspicion: true })).toEqual({ do: 'probe' });
    const refuted = (...agoMs: number[]) =>
      step(
        reports(
          2 * HOUR_MS,
          agoMs.map((ms) => NOW_MS - ms),
        ),
      );
    expect(refuted(1, 2, DAY_MS - 1)).toEqual({ do: 'probe' });
    expect(refuted(1, 2, DAY_MS)).toBeNull();
    expect(refuted(1, 2)).toBeNull();
  });

  it('is to wait for a probe that runs, and nothing once WeChat has spoken', () => {
    const wait = { do: 'wait', untilAtMs: NOW_MS - 1 + SPACING_MS };
    expect(step({ verdict: verdictOf('pending', 1) })).toEqual(wait);
    const ahead = { do: 'wait', untilAtMs: NOW_MS + SPACING_MS };
    expect(step({ verdict: verdictOf('pending', -1) })).toEqual(ahead);
    expect(step({ ...reports(1), verdict: verdictOf('refused', 1) })).toBeNull();
    expect(step({ ...reports(1), verdict: verdictOf('pending', SPACING_MS) })).toEqual({ do: 'probe' });
  });

  it('is to wait 15 s since the last report in stable mode, unless a backoff sets the pace', () => {
    const spaced = (agoMs: number, over = {}) => step({ ...reports(agoMs), ...over }, {}, stable);
    expect(spaced(15 * SECOND_MS - 1)).toEqual({ do: 'wait', untilAtMs: NOW_MS + 1 });
    expect(spaced(0)).toEqual({ do: 'wait', untilAtMs: NOW_MS + 15 * SECOND_MS });
    expect(spaced(15 * SECOND_MS)).toBeNull();
    expect(spaced(-1)).toBeNull();
    expect(spaced(1, { backoff: backoffOf() })).toBeNull();
  });
});

describe('a probe', () => {
  it('takes the claim, counts no mint, and ends no token early', () => {
    const record = recordOf();
    expect(takeProbe(record, 'c1', NOW_MS, reportOf())).toEqual({
      ...record,
      version: 6,
      claim: claimOf(),
      verdict: { id: 'c1', atMs: NOW_MS, outcome: 'pending' },
      reports: { lastAtMs: NOW_MS, source: 'wx_client,scf', refutedAtMs: [] },
    });
  });

  it('for a suspicion is no report', () => {
    const record = recordOf();
    expect(takeProbe(record, 'c1', NOW_MS, reportOf({ isSuspicion: true })).reports).toEqual(record.reports);
    expect(noteReport(record.reports, reportOf({ source: null }), NOW_MS)).toMatchObject({ source: null });
  });

  it('for a suspicion is a report once WeChat refuses the token, so that the next one is looked at', () => {
    const held = takeProbe(recordOf(), 'c1', NOW_MS, reportOf({ isSuspicion: true }));
    const nextMs = NOW_MS + HOUR_MS - 1;
    const stepAfter = (outcome: 'accepted' | 'refused' | 'unknown') =>
      stepBeforeMint(finishProbe(held, outcome, NOW_MS + 1), reportOf(), nextMs, classic);
    expect(stepAfter('refused')).toEqual({ do: 'probe' });
    expect(stepAfter('accepted')).toBeNull();
    expect(stepAfter('unknown')).toBeNull();
  });

  it('gives the claim back with the verdict, and counts a report that it refutes', () => {
    const held = takeProbe(recordOf(), 'c1', NOW_MS, reportOf());
    const accepted = finishProbe(held, 'accepted', NOW_MS + 1);
    expect(accepted).toMatchObject({ version: 7, claim: null, verdict: { id: 'c1', outcome: 'accepted' } });
    expect(accepted.reports.refutedAtMs).toEqual([NOW_MS + 1]);
    for (const outcome of ['refused', 'unknown'] as const)
      expect(finishProbe(held, outcome, NOW_MS + 1).reports.refutedAtMs).toEqual([]);
    const suspected = takeProbe(recordOf(), 'c1', NOW_MS, reportOf({ isSuspicion: true }));
    expect(finishProbe(suspected, 'accepted', NOW_MS + 1).reports.refutedAtMs).toEqual([]);
    for (const outcome of ['accepted', 'refused'] as const)
      expect(finishProbe(recordOf(), outcome, NOW_MS)).toMatchObject({
        verdict: null,
        reports: recordOf().reports,
      });
  });

  it('keeps ten refuted reports', () => {
    const refutedAtMs = Array.from({ length: 10 }, (_, at) => at);
    const held = takeProbe(
      recordOf({ reports: { lastAtMs: 0, source: null, refutedAtMs } }),
      'c1',
      NOW_MS,
      reportOf(),
    );
    expect(finishProbe(held, 'accepted', 99).reports.refutedAtMs).toEqual([...refutedAtMs.slice(1), 99]);
  });

  it('is known by its verdict, its report by the instant', () => {
    const claim = claimOf();
    expect(isProbing(recordOf({ claim, verdict: verdictOf('pending', 0, 'c1') }))).toBe(true);
    expect(isProbing(recordOf({ claim, verdict: verdictOf('pending', 0, 'c2') }))).toBe(false);
    expect(isProbing(recordOf({ claim, verdict: verdictOf('accepted', 0, 'c1') }))).toBe(false);
    expect(isProbing(recordOf({ claim }))).toBe(false);
    expect(isProbing(recordOf({ verdict: verdictOf('pending', 0, 'c1') }))).toBe(false);
    const reports = { lastAtMs: NOW_MS, source: null, refutedAtMs: [] };
    expect(isForReport(recordOf({ claim, reports }))).toBe(true);
    expect(isForReport(recordOf({ claim, reports: { ...reports, lastAtMs: 1 } }))).toBe(false);
    expect(isForReport(recordOf({ reports }))).toBe(false);
  });

  it('puts the token in doubt while it runs and after a refusal, for 30 s', () => {
    const doubt = (verdict: ReturnType<typeof verdictOf> | null, value = 't1') =>
      isInDoubt(recordOf({ verdict }), value, NOW_MS);
    expect([doubt(verdictOf('pending')), doubt(verdictOf('refused'))]).toEqual([true, true]);
    expect([doubt(verdictOf('accepted')), doubt(verdictOf('unknown')), doubt(null)]).toEqual([
      false,
      false,
      false,
    ]);
    expect(doubt(verdictOf('pending'), 't0')).toBe(false);
    expect(doubt(verdictOf('refused', SPACING_MS))).toBe(false);
    expect(isInDoubt(recordOf({ token: null, verdict: verdictOf('pending') }), 't1', NOW_MS)).toBe(false);
  });

  it('refuted three times in an hour means that a caller has a bug', () => {
    const refutedAtMs = [NOW_MS - HOUR_MS, NOW_MS - HOUR_MS + 1, NOW_MS - 1, NOW_MS];
    const many = (list: number[]) =>
      manyRefuted(recordOf({ reports: { lastAtMs: 0, source: null, refutedAtMs: list } }), NOW_MS);
    expect(many(refutedAtMs)).toEqual(refutedAtMs.slice(1));
    expect(many(refutedAtMs.slice(0, 3))).toEqual([]);
  });
});
