/** Any record, plausible or damaged, around one instant. */

import * as fc from 'fast-check';
import type { Policy } from '../../../functions/_shared/token/policy.ts';
import type {
  Claim,
  ManualRefresh,
  Backoff,
  StoredToken,
  TokenRecord,
  Verdict,
} from '../../../functions/_shared/token/record.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** An instant around which all others lie: any time of any day for some years. */
export const anyNow = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2031, 0, 1) });

export const anyPolicy: fc.Arbitrary<Policy> = fc.record({
  api: fc.constantFrom('token' as const, 'stable' as const),
  refreshAfterMs: fc.integer({ min: 5, max: 115 }).map((minutes) => minutes * 60_000),
  mintLimitPerDay: fc.integer({ min: 1, max: 500 }),
  fingerprint: fc.constantFrom('f1', 'f2'),
});

const anyApi = fc.constantFrom('token' as const, 'stable' as const);
const before = (nowMs: number, mostMs: number): fc.Arbitrary<number> =>
  fc.integer({ min: 0, max: mostMs }).map((agoMs) => nowMs - agoMs);

/** A token as WeChat grants it: minted in the last two hours, for two hours or less. */
export const anyToken = (nowMs: number): fc.Arbitrary<StoredToken> =>
  fc
    .record({
      value: fc.constantFrom('t1', 't2'),
      api: anyApi,
      mintedAtMs: before(nowMs, 2 * HOUR_MS),
      lifeMs: fc.oneof(fc.constant(2 * HOUR_MS), fc.integer({ min: 1_000, max: 2 * HOUR_MS })),
    })
    .map(({ value, api, mintedAtMs, lifeMs }) => ({
      value,
      api,
      mintedAtMs,
      expiresAtMs: mintedAtMs + lifeMs,
    }));

/** Instants as a damaged row or a clock far off may leave them. */
const anyInstant = (nowMs: number): fc.Arbitrary<number> =>
  fc.oneof(
    before(nowMs, 2 * HOUR_MS),
    fc.integer({ min: -2 * DAY_MS, max: 2 * DAY_MS }).map((offMs) => nowMs + offMs),
    fc.constantFrom(0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 8_640_000_000_000_000),
  );

const anyClaim = (instant: fc.Arbitrary<number>): fc.Arbitrary<Claim> =>
  fc.record({
    id: fc.constantFrom('c1', 'c2'),
    startedAtMs: instant,
    untilAtMs: instant,
    unsettledBeforeAtMs: fc.option(instant),
    contestedSinceAtMs: fc.option(instant),
  });

const anyBackoff = (instant: fc.Arbitrary<number>): fc.Arbitrary<Backoff> =>
  fc.record({
    owner: fc.constantFrom('transient' as const, 'quota' as const, 'configuration' as const),
    errcode: fc.integer(),
    errmsg: fc.constant('no'),
    failures: fc.integer({ min: -1, max: 2_000_000_000 }),
    sinceAtMs: instant,
    retryAtMs: instant,
    fingerprint: fc.constantFrom('f1', 'f2'),
  });

const anyManualRefresh = (instant: fc.Arbitrary<number>): fc.Arbitrary<ManualRefresh> =>
  fc.record({ requestedAtMs: instant, mintsLeft: fc.integer({ min: -1, max: 3 }), isLeak: fc.boolean() });

const anyVerdict = (instant: fc.Arbitrary<number>): fc.Arbitrary<Verdict> =>
  fc.record({
    id: fc.constantFrom('c1', 'c2', 'c3'),
    atMs: instant,
    outcome: fc.constantFrom('pending' as const, 'accepted' as const, 'refused' as const, 'unknown' as const),
  });

/** Whatever may be stored, however impossible. */
function anyRecord(nowMs: number): fc.Arbitrary<TokenRecord> {
  const instant = anyInstant(nowMs);
  const damagedToken = fc.record({
    value: fc.constantFrom('t1', 't2'),
    api: anyApi,
    mintedAtMs: instant,
    expiresAtMs: instant,
  });
  const today = Math.floor((nowMs + 8 * HOUR_MS) / DAY_MS);
  const anyDay = fc.constantFrom(0, today - 1, today, today + 1);
  return fc.record({
    version: fc.oneof(fc.integer({ min: 1, max: 1_000_000 }), fc.constantFrom(0, -1)),
    token: fc.option(fc.oneof(anyToken(nowMs), damagedToken)),
    claim: fc.option(anyClaim(instant)),
    unsettledSinceAtMs: fc.option(instant),
    unknownSinceAtMs: fc.option(instant),
    backoff: fc.option(anyBackoff(instant)),
    mints: fc.record({ day: anyDay, count: fc.nat(1_000) }),
    learnedLimit: fc.option(fc.nat(1_000)),
    refusedAtMs: fc.array(instant, { maxLength: 12 }),
    verdict: fc.option(anyVerdict(instant)),
    reports: fc.record({
      lastAtMs: instant,
      source: fc.option(fc.constant('wx_client,scf')),
      refutedAtMs: fc.array(instant, { maxLength: 12 }),
    }),
    manualRefresh: fc.option(anyManualRefresh(instant)),
    forces: fc.record({ day: anyDay, count: fc.nat(30), lastAtMs: instant }),
  });
}

/** An instant and whatever may be stored then. */
export const anyMoment = anyNow.chain((nowMs) =>
  fc.record({ nowMs: fc.constant(nowMs), record: anyRecord(nowMs), policy: anyPolicy }),
);
