/** What is done with a record, case by case, and until when somebody waits. */

import { describe, expect, it } from 'vitest';
import { decide } from '../../functions/_shared/token/decide.ts';
import type { Reason } from '../../functions/_shared/token/decide.ts';
import type { TokenRecord } from '../../functions/_shared/token/record.ts';
import {
  backoffOf,
  claimOf,
  classic,
  HOUR_MS,
  MINUTE_MS,
  NOW_MS,
  recordOf,
  reportOf,
  SECOND_MS,
  stable,
  TODAY,
  tokenOf,
} from './samples.ts';

const HOLD_MS = 240 * SECOND_MS;
const SKEW_MS = 10 * MINUTE_MS;
const timer: Reason = { by: 'timer' };
const reader: Reason = { by: 'reader' };
const due = { token: tokenOf({ mintedAtMs: NOW_MS - 111 * MINUTE_MS }) };
/** Reports of it are believed: the last one was long ago. */
const report = reportOf();
const did = (over: Partial<TokenRecord>, reason: Reason = timer, policy = classic) =>
  decide(recordOf(over), reason, NOW_MS, policy);

describe('a token that is good', () => {
  it('is left alone by timer and readers, and replaced for a report', () => {
    expect([did({}).do, did({}, reader).do, did({}, report).do]).toEqual(['nothing', 'nothing', 'mint']);
    expect(did({}, reportOf({ value: 't0' })).do).toBe('nothing');
  });

  it('is left to a report that has an answer', () => {
    const verdict = { id: 'c0', atMs: NOW_MS, outcome: 'accepted' as const };
    expect(did({ verdict }, report).do).toBe('nothing');
  });

  it('is replaced by the timer when it is due, by readers one tick later or when little is left', () => {
    expect([did(due).do, did(due, reader).do]).toEqual(['mint', 'nothing']);
    const overdue = { token: tokenOf({ mintedAtMs: NOW_MS - 115 * MINUTE_MS }) };
    expect(did(overdue, reader).do).toBe('mint');
    expect(did({ token: null }, reader).do).toBe('mint');
    expect(did({ unsettledSinceAtMs: NOW_MS - HOLD_MS + 59 * SECOND_MS }, reader)).toMatchObject({
      do: 'wait',
    });
  });
});

describe('a claim', () => {
  it('is waited for to its end, unless its end lies further ahead than any claim lasts', () => {
    const until = (untilAtMs: number) => did({ ...due, claim: claimOf({ untilAtMs }) });
    expect(until(NOW_MS + 1)).toEqual({ do: 'wait', why: 'claim', untilAtMs: NOW_MS + 1 });
    expect(until(NOW_MS).do).toBe('mint');
    expect(until(NOW_MS + 20 * SECOND_MS + SKEW_MS).do).toBe('wait');
    expect(until(NOW_MS + 20 * SECOND_MS + SKEW_MS + 1).do).toBe('mint');
  });

  it('comes before a backoff', () => {
    expect(did({ ...due, claim: claimOf(), backoff: backoffOf({ owner: 'quota' }) })).toMatchObject({
      why: 'claim',
    });
  });

  it('of a probe is waited for by those who report, and by nobody else', () => {
    const verdict = { id: 'c1', atMs: NOW_MS, outcome: 'pending' as const };
    expect(did({ ...due, claim: claimOf(), verdict }).do).toBe('mint');
    expect(did({ ...due, claim: claimOf(), verdict }, report)).toMatchObject({ why: 'claim' });
  });
});

describe('a backoff', () => {
  const backoff = backoffOf({ owner: 'quota', errcode: 45_009, errmsg: 'no more', advice: 'wait' });

  it('stops timer and readers, with its words and its end', () => {
    const stop = {
      do: 'stop',
      failure: { owner: 'quota', errcode: 45_009, errmsg: 'no more', advice: 'wait' },
      retryAtMs: NOW_MS + MINUTE_MS,
    };
    expect(did({ ...due, backoff })).toEqual(stop);
    expect(did({ token: null, backoff }, reader)).toEqual(stop);
  });

  it('that passes by itself stops readers, not the timer, whose ticks are the pace', () => {
    const transient = backoffOf();
    expect(did({ ...due, backoff: transient }).do).toBe('mint');
    expect(did({ token: null, backoff: transient }, reader).do).toBe('stop');
  });

  it('of another configuration stops nobody', () => {
    expect(did({ ...due, backoff: { ...backoff, fingerprint: 'f0' } }).do).toBe('mint');
  });
});

describe('the limit of the day', () => {
  it('stops timer and reports, these earlier', () => {
    const mints = (count: number) => ({ ...due, mints: { day: TODAY, count } });
    expect([did(mints(499)).do, did(mints(500)).do]).toEqual(['mint', 'stop']);
    expect([did(mints(469), report).do, did(mints(470), report).do]).toEqual(['mint', 'stop']);
  });
});

describe('a hold', () => {
  const held = (agoMs: number, over = {}) => ({ unsettledSinceAtMs: NOW_MS - agoMs, ...over });

  it('protects what is alive for 240 s', () => {
    expect(did(held(1))).toEqual({ do: 'wait', why: 'hold', untilAtMs: NOW_MS - 1 + HOLD_MS });
    expect(did(held(HOLD_MS - 1))).toMatchObject({ why: 'hold' });
    expect(did(held(HOLD_MS)).do).toBe('mint');
  });

  it('protects nothing that is dead, reported, leaked, or not of token mode', () => {
    expect(did(held(1, { token: tokenOf({ mintedAtMs: NOW_MS - 3 * HOUR_MS }) })).do).toBe('mint');
    expect(did(held(1), report).do).toBe('mint');
    const asked = { requestedAtMs: NOW_MS, mintsLeft: 1 };
    expect(did(held(1, { manualRefresh: { ...asked, isLeak: true } })).do).toBe('mint');
    expect(did(held(1, { manualRefresh: { ...asked, isLeak: false } }))).toMatchObject({ why: 'hold' });
    expect(did(held(1, due), timer, stable).do).toBe('mint');
    expect(did(held(1, { token: tokenOf({ api: 'stable', mintedAtMs: NOW_MS - 116 * MINUTE_MS }) })).do).toBe(
      'mint',
    );
  });

  it('ends at once where only a damaged row can explain it', () => {
    const ahead = (inMs: number) => did({ ...due, unsettledSinceAtMs: NOW_MS + inMs }).do;
    expect([ahead(SKEW_MS), ahead(SKEW_MS + 1)]).toEqual(['wait', 'mint']);
  });
});

describe('a report', () => {
  const reports = { lastAtMs: NOW_MS - 1, source: null, refutedAtMs: [] };

  it('is looked at before the second mint in an hour', () => {
    expect(did({ reports }, report)).toEqual({ do: 'probe', report });
    expect(did({ reports }, report, stable)).toEqual({
      do: 'wait',
      why: 'spacing',
      untilAtMs: NOW_MS - 1 + 15 * SECOND_MS,
    });
  });

  it('is not looked at where the token is over anyway, or an operator has asked for another', () => {
    const short = { reports, token: tokenOf({ mintedAtMs: NOW_MS - 119 * MINUTE_MS - 1 }) };
    expect(did(short, report).do).toBe('mint');
    const manualRefresh = { requestedAtMs: NOW_MS, mintsLeft: 1, isLeak: false };
    expect(did({ reports, manualRefresh }, report).do).toBe('mint');
  });
});

describe('a manual refresh', () => {
  const asked = { requestedAtMs: NOW_MS, mintsLeft: 2, isLeak: true };
  const spent = { day: TODAY, count: 20, lastAtMs: 1 };

  it('is carried out by the timer, past backoff and limit', () => {
    const over = {
      manualRefresh: asked,
      backoff: backoffOf({ owner: 'quota' }),
      mints: { day: TODAY, count: 900 },
    };
    expect([did(over).do, did(over, reader).do]).toEqual(['mint', 'nothing']);
  });

  it('waits for the next force in stable mode', () => {
    const forces = { day: TODAY, count: 1, lastAtMs: NOW_MS - 1 };
    const token = tokenOf({ api: 'stable' });
    expect(did({ token, manualRefresh: asked, forces }, timer, stable)).toEqual({
      do: 'wait',
      why: 'spacing',
      untilAtMs: NOW_MS - 1 + 30 * SECOND_MS,
    });
  });

  it('that can’t be carried out any more today stops, and keeps nobody from a token', () => {
    const token = tokenOf({ api: 'stable' });
    const stop = did({ token, manualRefresh: asked, forces: spent }, timer, stable);
    expect(stop).toMatchObject({ do: 'stop', failure: { errcode: 45_009 } });
    expect(did({ token: null, manualRefresh: asked, forces: spent }, timer, stable).do).toBe('mint');
    const backoff = backoffOf({ owner: 'configuration', errcode: 40_125 });
    expect(did({ token: null, manualRefresh: asked, forces: spent, backoff }, timer, stable)).toMatchObject({
      do: 'stop',
      failure: { errcode: 40_125 },
    });
  });
});
