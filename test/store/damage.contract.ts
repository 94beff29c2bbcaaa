/** What every token store makes of a damaged document: it loses what is damaged and nothing else, and it heals. */

import { describe, expect, it } from 'vitest';
import type { StoreHarness } from './harness.ts';
import { fullRecord, later, seed } from './records.ts';

/** A version must be a positive whole number; these are none. */
const DAMAGED: [string, unknown][] = [
  ['absent', undefined],
  ['null', null],
  ['an empty text', ''],
  ['a number in a text', '7'],
  ['zero', 0],
  ['negative', -3],
  ['a fraction', 1.5],
  ['not a number', NaN],
  ['infinite', Infinity],
  ['too large to count with', 9_300_000_000_000_000_000],
  ['a boolean', true],
  ['a date', new Date(5)],
  ['an object', { inc: 1, deep: { a: null } }],
  ['an empty object', {}],
  ['a list', [7]],
  ['an empty list', []],
];

const FIELDS: [string, unknown, unknown][] = [
  ['token', { ...fullRecord.token, value: '' }, null],
  ['token', { ...fullRecord.token, expiresAtMs: '2026' }, null],
  ['claim', { ...fullRecord.claim, untilAtMs: NaN }, null],
  ['unsettledSinceAtMs', 'yesterday', 0],
  ['unsettledSinceAtMs', undefined, 0],
  ['backoff', { ...fullRecord.backoff, owner: 'nobody' }, null],
  ['mints', 3, { day: 0, count: 0 }],
  ['refusedAtMs', [-1], []],
  ['refusedAtMs', { length: 0 }, []],
  ['learnedLimit', -1, null],
  ['verdict', { ...fullRecord.verdict, outcome: 'perhaps' }, null],
  ['reports', { ...fullRecord.reports, refutedAtMs: [-1] }, { lastAtMs: 0, source: null, refutedAtMs: [] }],
  ['manualRefresh', { ...fullRecord.manualRefresh, mintsLeft: 99 }, null],
  ['forces', null, { day: 0, count: 0, lastAtMs: 0 }],
];

export function damageContract(name: string, create: () => Promise<StoreHarness>): void {
  /** The seeded document with one field put in the place of what was there. */
  async function damage(harness: StoreHarness, field: string, value: unknown): Promise<void> {
    const stored = Object.entries({ ...(await harness.stored()), [field]: value });
    await harness.put(Object.fromEntries(stored.filter(([, kept]) => kept !== undefined)));
  }

  describe(`${name}: a damaged version`, () => {
    it.each(DAMAGED)(
      'that is %s is told, and replaced by comparing with exactly that',
      async (_, version) => {
        const harness = await create();
        await seed(harness);
        await damage(harness, 'version', version);
        const { record, basis, damaged } = await harness.settle(harness.store().read());
        expect(damaged).toEqual(['version']);
        expect(record).toEqual({ ...fullRecord, version: 0 });
        const [first, second] = [later(fullRecord, 100), later(fullRecord, 200)];
        expect(await harness.settle(harness.store().swap(basis, first))).toMatchObject({ record: first });
        expect(await harness.settle(harness.store().swap(basis, second))).toBeNull();
        expect(await harness.stored()).toMatchObject({ version: first.version });
      },
    );

    it.each(DAMAGED)('that is %s and changes meanwhile is not overwritten', async (_, version) => {
      const harness = await create();
      await seed(harness);
      await damage(harness, 'version', version);
      const { basis } = await harness.settle(harness.store().read());
      await damage(harness, 'version', 'damaged anew');
      expect(await harness.settle(harness.store().swap(basis, later(fullRecord, 100)))).toBeNull();
      await damage(harness, 'version', 8);
      expect(await harness.settle(harness.store().swap(basis, later(fullRecord, 100)))).toBeNull();
      expect(await harness.stored()).toMatchObject({ version: 8 });
    });
  });

  describe(`${name}: damage elsewhere`, () => {
    it.each(FIELDS)('to %s (%j) costs that field and no other', async (field, value, fallback) => {
      const harness = await create();
      await seed(harness);
      await damage(harness, field, value);
      const { record, damaged } = await harness.settle(harness.store().read());
      expect(damaged).toEqual([field]);
      expect(record).toEqual({ ...fullRecord, [field]: fallback });
    });

    it('is no damage where a field came later than the document', async () => {
      const harness = await create();
      await seed(harness);
      await damage(harness, 'manualRefresh', undefined);
      await damage(harness, 'forces', undefined);
      const { record, damaged } = await harness.settle(harness.store().read());
      expect(damaged).toEqual([]);
      expect(record).toMatchObject({ manualRefresh: null, forces: { day: 0, count: 0, lastAtMs: 0 } });
    });

    it('is none that a newer version has written: it is refused, read and write alike, and stays as it is', async () => {
      const harness = await create();
      const { basis } = await seed(harness);
      const newer = { ...(await harness.stored()), version: 8, schema: 2, token: 'in another form' };
      await harness.put(newer);
      const refused = {
        code: 'STORE_MISCONFIGURED',
        message: expect.stringContaining('has format 2') as string,
      };
      await expect(harness.settle(harness.store().read())).rejects.toMatchObject(refused);
      expect(await harness.settle(harness.store().swap(basis, later(fullRecord)))).toBeNull();
      harness.failWrites('lost');
      await expect(harness.settle(harness.store().swap(basis, later(fullRecord)))).rejects.toMatchObject(
        refused,
      );
      expect(await harness.stored()).toEqual(newer);
      for (const schema of ['2', null, 1.5, -2, Infinity, undefined]) {
        const { schema: _, ...rest } = newer;
        await harness.put(schema === undefined ? rest : { ...rest, schema });
        expect((await harness.settle(harness.store().read())).damaged).toEqual(['token']);
      }
    });

    it('by somebody who has put in another document altogether is healed by one write', async () => {
      const harness = await create();
      await harness.put({ hello: 'world' });
      const { basis, damaged } = await harness.settle(harness.store().read());
      expect(damaged).toContain('token');
      await harness.settle(harness.store().swap(basis, fullRecord));
      expect(await harness.settle(harness.store().read())).toMatchObject({ record: fullRecord, damaged: [] });
    });
  });
}
