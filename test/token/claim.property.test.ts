/** R3, the steps of a claim: what each keeps, sets and puts back. */

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commit, markContested, leaveUnsettled, release } from '../../functions/_shared/token/result.ts';
import { isProbing, takeClaim } from '../../functions/_shared/token/claim.ts';
import type { Backoff, TokenRecord } from '../../functions/_shared/token/record.ts';
import { HOLD_MS } from '../../functions/_shared/token/policy.ts';
import { emptyRecord } from '../../functions/_shared/token/record.ts';
import { dayOf } from '../../functions/_shared/token/backoff.ts';
import { anyMoment, anyToken } from './model/records.ts';
import { runs } from './model/runs.ts';

const QUARTER_OF_AN_HOUR_MS = 15 * 60_000;
const FORCES_PER_DAY = 20;

const backoff: Backoff = {
  owner: 'transient',
  errcode: 503,
  errmsg: 'no',
  failures: 1,
  sinceAtMs: 0,
  retryAtMs: 0,
  fingerprint: 'f1',
};

const mintsOn = (day: number, { mints }: TokenRecord): number => (mints.day === day ? mints.count : 0);
const earliest = (...instants: (number | null)[]): number | null => {
  const known = instants.filter((instant) => instant !== null);
  return known.length === 0 ? null : Math.min(...known);
};

describe('a claim', () => {
  it('leaves no trace when WeChat refuses, but its version and the attempt to force', () => {
    fc.assert(
      fc.property(anyMoment, fc.nat(20_000), ({ nowMs, record, policy }, laterMs) => {
        const back = release(takeClaim(record, 'c', nowMs, policy, null), record.backoff, nowMs + laterMs);
        const { version, mints, forces } = back;
        // Of a holder that was taken over from, nobody knows yet whether it minted.
        const mayHaveMinted = isProbing(record) ? null : record.claim;
        const unknownSinceAtMs = mayHaveMinted?.startedAtMs ?? record.unknownSinceAtMs;
        expect(back).toEqual({ ...record, claim: null, version, mints, forces, unknownSinceAtMs });
        expect(mintsOn(dayOf(nowMs), back)).toBe(mintsOn(dayOf(nowMs), record));
      }),
      runs(1_000),
    );
  });

  it('keeps the early expiry of the one before it, and sets one where there is none', () => {
    fc.assert(
      fc.property(anyMoment, fc.nat(600_000), ({ nowMs, record, policy }, laterMs) => {
        const token = { ...policy, api: 'token' as const };
        const first = takeClaim(record, 'c1', nowMs, token, null);
        expect(first.unsettledSinceAtMs).toBe(record.unsettledSinceAtMs ?? nowMs);
        const second = takeClaim(first, 'c2', nowMs + laterMs, token, null);
        expect(second.unsettledSinceAtMs).toBe(first.unsettledSinceAtMs);
        expect(release(second, null, nowMs).unsettledSinceAtMs).toBe(first.unsettledSinceAtMs);
      }),
      runs(500),
    );
  });

  it('counts as forced in stable mode for a manual refresh of the last quarter of an hour, 20 times a day, and never else', () => {
    fc.assert(
      fc.property(anyMoment, ({ nowMs, record, policy }) => {
        const { manualRefresh } = record;
        const isOrdered =
          manualRefresh?.isLeak === true &&
          manualRefresh.mintsLeft > 0 &&
          Math.abs(nowMs - manualRefresh.requestedAtMs) <= QUARTER_OF_AN_HOUR_MS;
        const isBudgetSpent = record.forces.day === dayOf(nowMs) && record.forces.count >= FORCES_PER_DAY;
        const { forces } = takeClaim(record, 'c', nowMs, policy, null);
        expect(forces !== record.forces).toBe(isOrdered && policy.api === 'stable' && !isBudgetSpent);
      }),
      runs(1_000),
    );
  });

  it('ends no token early in stable mode', () => {
    fc.assert(
      fc.property(anyMoment, ({ nowMs, record, policy }) => {
        const next = takeClaim(record, 'c', nowMs, { ...policy, api: 'stable' }, null);
        expect(next.unsettledSinceAtMs).toBe(record.unsettledSinceAtMs);
      }),
      runs(200),
    );
  });

  it('is over with a commit, and the early expiry with it', () => {
    const moments = anyMoment.chain((moment) =>
      fc.record({ moment: fc.constant(moment), token: anyToken(moment.nowMs) }),
    );
    fc.assert(
      fc.property(moments, ({ moment: { nowMs, record, policy }, token }) => {
        const settled = { ...record, claim: null, unknownSinceAtMs: null };
        const next = commit(takeClaim(settled, 'c', nowMs, policy, null), token, nowMs);
        expect(next).toMatchObject({ token, claim: null, unsettledSinceAtMs: null, backoff: null });
      }),
      runs(500),
    );
  });

  it('ends its own token early when a mint of unknown outcome was begun moments before', () => {
    const token = {
      value: 't',
      api: 'token',
      mintedAtMs: 1_800_000_000_000,
      expiresAtMs: 1_800_007_200_000,
    } as const;
    fc.assert(
      fc.property(fc.integer({ min: -60_000, max: 60_000 }), (agoMs) => {
        const record = { ...emptyRecord, unknownSinceAtMs: token.mintedAtMs - agoMs };
        const isInDanger = commit(record, token, token.mintedAtMs).unsettledSinceAtMs === token.mintedAtMs;
        expect(isInDanger).toBe(Math.abs(agoMs) < 30_000);
      }),
      runs(500),
    );
  });

  it('keeps a zombie’s mark through its own commit and its own refusal', () => {
    fc.assert(
      fc.property(anyMoment, fc.nat(600_000), ({ nowMs, record, policy }, agoMs) => {
        const marked = markContested(takeClaim(record, 'c', nowMs, policy, null), nowMs - agoMs, nowMs);
        const standing = record.unsettledSinceAtMs ?? (policy.api === 'token' ? nowMs : Infinity);
        // A hold that still runs outranks a mark so old that its own is over.
        const isOutranked = agoMs >= HOLD_MS && nowMs < standing + HOLD_MS && standing !== Infinity;
        expect(marked.unsettledSinceAtMs).toBe(isOutranked ? standing : Math.min(standing, nowMs - agoMs));
        const token = { value: 't', api: 'token', mintedAtMs: nowMs, expiresAtMs: nowMs + 1 } as const;
        expect(commit(marked, token, nowMs).unsettledSinceAtMs).toBe(nowMs - agoMs);
        const expected = earliest(record.unsettledSinceAtMs, nowMs - agoMs);
        expect(release(marked, null, nowMs).unsettledSinceAtMs).toBe(expected);
      }),
      runs(500),
    );
  });

  it('moves the version on with every step, a missing or damaged one too', () => {
    fc.assert(
      fc.property(anyMoment, ({ nowMs, record, policy }) => {
        const held = takeClaim(record, 'c', nowMs, policy, null);
        const ways = [
          release(held, null, nowMs),
          leaveUnsettled(held, backoff, nowMs),
          markContested(held, 0, nowMs),
        ];
        expect(held.version).toBeGreaterThan(record.version);
        for (const next of ways) expect(next.version).toBeGreaterThan(held.version);
      }),
      runs(500),
    );
  });
});
