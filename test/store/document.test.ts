/** What counts as damaged in a stored document, field by field, and what is read in its place. */

import { describe, expect, it } from 'vitest';
import { fromDocument, toDocument } from '../../functions/_shared/store/document.ts';
import { inClear } from '../../functions/_shared/store/sealed.ts';
import { emptyRecord } from '../../functions/_shared/token/record.ts';
import { fullRecord } from './records.ts';

const LAST_INSTANT_MS = 8_640_000_000_000_000;
const full = toDocument(fullRecord, 'w1', 'wx1', inClear);
const read = (over: object) => fromDocument({ ...full, ...over }, 'wx1', inClear);
const damagedBy = (over: object) => read(over).damaged;

/** The same document with one inner field of it changed. */
const within = (name: keyof typeof full, over: object) => ({
  [name]: { ...(full[name] as object), ...over },
});

describe('a document', () => {
  it('is the record with its schema, its writer and its token in clear, and is read back whole', () => {
    expect(full).toEqual({ ...fullRecord, schema: 1, writer: 'w1' });
    expect(read({})).toEqual({ record: fullRecord, damaged: [] });
    const empty = toDocument(emptyRecord, 'w1', 'wx1', inClear);
    expect(fromDocument({ ...empty, version: 1 }, 'wx1', inClear)).toEqual({
      record: { ...emptyRecord, version: 1 },
      damaged: [],
    });
  });

  it('may lack the fields that came later, and no others', () => {
    const { record, damaged } = fromDocument({}, 'wx1', inClear);
    const first = ['version', 'token', 'claim', 'unsettledSinceAtMs', 'backoff', 'mints', 'refusedAtMs'];
    expect(damaged).toEqual(first);
    // A damaged early expiry may have been one: the token is over.
    expect(record).toEqual({ ...emptyRecord, unsettledSinceAtMs: 0 });
  });

  it.each(Object.keys(emptyRecord) as (keyof typeof emptyRecord)[])(
    'loses %s alone when it is damaged',
    (name) => {
      const { record, damaged } = read({ [name]: Symbol('no value of a document') });
      const fallback = name === 'unsettledSinceAtMs' ? 0 : emptyRecord[name];
      expect(damaged).toEqual([name]);
      expect(record).toEqual({ ...fullRecord, [name]: fallback });
    },
  );
});

describe('the bounds of a field', () => {
  const bounds: [string, (value: unknown) => object, unknown[], unknown[]][] = [
    ['version', (version) => ({ version }), [1, LAST_INSTANT_MS], [0, LAST_INSTANT_MS + 2, 1.5, '1', null]],
    [
      'token',
      (value) => within('token', { value }),
      ['!', '~', 'x'.repeat(2_048)],
      ['', ' ', 'x'.repeat(2_049), 'a b', 'ü'],
    ],
    ['token', (api) => within('token', { api }), ['token', 'stable'], ['', 'other']],
    [
      'token',
      (mintedAtMs) => within('token', { mintedAtMs }),
      [0, LAST_INSTANT_MS],
      [-1, LAST_INSTANT_MS + 2, 0.5],
    ],
    ['claim', (id) => within('claim', { id }), ['', 'c'], [1, null]],
    ['claim', (at) => within('claim', { startedAtMs: at, untilAtMs: at }), [0], [null, -1]],
    ['claim', (at) => within('claim', { unsettledBeforeAtMs: at }), [null, 0], ['', -1]],
    ['claim', (at) => within('claim', { contestedSinceAtMs: at }), [null, 0], ['', -1]],
    ['unsettledSinceAtMs', (unsettledSinceAtMs) => ({ unsettledSinceAtMs }), [null, 0], [-1]],
    ['unknownSinceAtMs', (unknownSinceAtMs) => ({ unknownSinceAtMs }), [null, 0], [-1]],
    [
      'backoff',
      (owner) => within('backoff', { owner }),
      ['transient', 'quota', 'configuration'],
      ['', 'nobody'],
    ],
    ['backoff', (errcode) => within('backoff', { errcode }), [-1, 1], [0, 1.5, '1']],
    [
      'backoff',
      (errmsg) => within('backoff', { errmsg }),
      ['', 'x'.repeat(1_000)],
      ['x'.repeat(1_001), null],
    ],
    [
      'backoff',
      (advice) => within('backoff', { advice }),
      [undefined, 'x'.repeat(1_000)],
      ['x'.repeat(1_001), null],
    ],
    ['backoff', (failures) => within('backoff', { failures }), [1, 1_000_000], [0, 1_000_001, 1.5]],
    [
      'backoff',
      (fingerprint) => within('backoff', { fingerprint }),
      ['', 'x'.repeat(4_096)],
      ['x'.repeat(4_097), 1],
    ],
    ['mints', (count) => within('mints', { count }), [0, 1_000_000], [-1, 1_000_001, 0.5]],
    ['mints', (day) => within('mints', { day }), [-1, 0], [0.5, '1']],
    ['learnedLimit', (learnedLimit) => ({ learnedLimit }), [null, 0, 1_000_000], [-1, 1_000_001]],
    [
      'refusedAtMs',
      (list) => ({ refusedAtMs: list }),
      [[], Array(100).fill(1)],
      [Array(101).fill(1), [-1], 1],
    ],
    ['verdict', (verdict) => ({ verdict }), [null], [1, {}]],
    [
      'verdict',
      (outcome) => within('verdict', { outcome }),
      ['pending', 'accepted', 'refused', 'unknown'],
      ['', 'maybe'],
    ],
    ['reports', (source) => within('reports', { source }), [null, 'x'.repeat(4_096)], ['x'.repeat(4_097), 1]],
    [
      'reports',
      (list) => within('reports', { refutedAtMs: list }),
      [Array(100).fill(1)],
      [Array(101).fill(1)],
    ],
    ['manualRefresh', (mintsLeft) => within('manualRefresh', { mintsLeft }), [0, 2], [-1, 3, 0.5]],
    ['manualRefresh', (isLeak) => within('manualRefresh', { isLeak }), [true, false], [1, null]],
    ['forces', (count) => within('forces', { count }), [0, 1_000_000], [-1, 1_000_001]],
    ['forces', (day) => within('forces', { day }), [-1], [0.5]],
  ];

  it.each(bounds)('%s', (name, over, sound, damaged) => {
    for (const value of sound) expect(damagedBy(over(value))).toEqual([]);
    for (const value of damaged) expect(damagedBy(over(value))).toEqual([name]);
  });

  it('of a sealed token are those of its texts', () => {
    const sealed = { kid: 'k', iv: 'i', tag: 't', data: 'd' };
    const open = { seal: inClear.seal, open: () => ({ ok: true as const, value: 'opened' }) };
    const readSealed = (value: object) =>
      fromDocument({ ...full, ...within('token', { value }) }, 'wx1', open);
    expect(readSealed(sealed).record.token!.value).toBe('opened');
    for (const name of Object.keys(sealed)) {
      expect(readSealed({ ...sealed, [name]: 'x'.repeat(4_096) }).damaged).toEqual([]);
      expect(readSealed({ ...sealed, [name]: 'x'.repeat(4_097) }).damaged).toEqual(['token']);
      expect(readSealed({ ...sealed, [name]: 1 }).damaged).toEqual(['token']);
    }
  });

  it('that can’t be opened is told with the reason', () => {
    const value = { kid: 'k', iv: 'i', tag: 't', data: 'd' };
    const { record, damaged } = read(within('token', { value }));
    expect(record.token).toBeNull();
    expect(damaged).toEqual(['token (sealed with a key that TOKEN_ENCRYPTION_KEYS does not hold)']);
  });
});
