/**
 * Stored documents as an operator, a crash, another version or an attacker may leave them: valid, nearly valid,
 * and garbage.
 */

import * as fc from 'fast-check';
import { createTokenCipher } from '../../functions/_shared/store/cipher.ts';
import { longText, text } from './values.ts';

/** Encrypted with a key that is lost, or for another AppID. */
const strange = createTokenCipher([Buffer.alloc(32, 9)]).seal('wxother', '110_strange');

export function document(nowMs: number): fc.Arbitrary<Record<string, unknown>> {
  const kinds = numbersAround(nowMs);
  const { instant, count, day } = kinds;
  const fields = {
    version: or(fc.oneof(fc.integer({ min: 1 }), fc.constantFrom(...ODD_NUMBERS))),
    writer: or(text),
    token: or(maybe(tokenOf(kinds))),
    claim: or(maybe(claimOf(kinds))),
    unsettledSinceAtMs: or(maybe(instant)),
    backoff: or(maybe(backoffOf(kinds))),
    mints: or(fc.record({ day, count })),
    learnedLimit: or(maybe(count)),
    refusedAtMs: or(fc.array(instant, { maxLength: 120 })),
    verdict: or(maybe(fc.record({ id: text, atMs: instant, outcome: fc.constantFrom(...OUTCOMES) }))),
    reports: or(
      fc.record({
        lastAtMs: instant,
        source: maybe(text),
        refutedAtMs: fc.array(instant, { maxLength: 120 }),
      }),
    ),
    manualRefresh: or(
      maybe(
        fc.record({ requestedAtMs: instant, mintsLeft: fc.constantFrom(0, 1, 2, 3), isLeak: fc.boolean() }),
      ),
    ),
    forces: or(fc.record({ day, count, lastAtMs: instant })),
    [EXTRA]: garbage,
  };
  return fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Record<string, unknown>>;
}

type Numbers = ReturnType<typeof numbersAround>;

/** Usual and odd ones. */
function numbersAround(nowMs: number) {
  const minutes = (most: number) =>
    fc.integer({ min: -most, max: most }).map((offset) => nowMs + offset * 60_000);
  const instant = fc.oneof(
    { weight: 4, arbitrary: minutes(300) },
    minutes(100_000),
    fc.constantFrom(...ODD_NUMBERS),
  );
  const count = fc.oneof(fc.nat(30), fc.constantFrom(...ODD_NUMBERS));
  const day = fc.oneof(fc.constant(Math.floor((nowMs + 28_800_000) / 86_400_000)), count);
  return { minutes, instant, count, day };
}

/** Of any age, or one that lives. */
function tokenOf({ instant, minutes }: Numbers): fc.Arbitrary<unknown> {
  const value = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom<unknown>('110_stored', strange, '', { kid: 'x', iv: '', tag: '', data: '' }),
    },
    text,
    longText,
    fc.record({ kid: text, iv: text, tag: text, data: text }),
  );
  const token = fc.record({
    value,
    api: fc.constantFrom('token', 'stable', 'other'),
    mintedAtMs: instant,
    expiresAtMs: instant,
  });
  const living = fc
    .tuple(value, fc.constantFrom('token', 'stable'), minutes(60))
    .map(([held, api, mintedAtMs]) => ({
      value: held,
      api,
      mintedAtMs,
      expiresAtMs: mintedAtMs + 7_200_000,
    }));
  return fc.oneof(token, living);
}

function claimOf({ instant }: Numbers): fc.Arbitrary<unknown> {
  return fc.record({
    id: text,
    startedAtMs: instant,
    untilAtMs: instant,
    unsettledBeforeAtMs: maybe(instant),
    contestedSinceAtMs: maybe(instant),
  });
}

function backoffOf({ instant, count }: Numbers): fc.Arbitrary<unknown> {
  return fc.record({
    owner: fc.constantFrom('transient', 'quota', 'configuration', 'nobody'),
    errcode: fc.oneof(fc.constantFrom(0, -1, 40_125, 45_009), count),
    errmsg: fc.oneof(text, longText),
    failures: count,
    sinceAtMs: instant,
    retryAtMs: instant,
    fingerprint: fc.constantFrom('f1', 'f2'),
  });
}

function maybe<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: 3, arbitrary: value }, fc.constant(null));
}

function or(sound: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 5, arbitrary: sound }, garbage);
}

const OUTCOMES = ['pending', 'accepted', 'refused', 'unknown'];

const EXTRA = 'a field of a later version';

const ODD_NUMBERS = [0, -1, 0.5, NaN, Infinity, -Infinity, 8.64e15, 2 ** 53 - 1, 2 ** 53, 1e308, 9_999];

const garbage: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(undefined, null, '', 0, 1, true, [], {}, 'text', [null], { $gt: 0 }, new Date(0)),
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(...ODD_NUMBERS),
);
