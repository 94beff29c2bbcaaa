/** What every token store does, whatever it stands on: one document per AppID, compare-and-swap, no lost writes. */

import { describe, expect, it } from 'vitest';
import { emptyRecord } from '../../functions/_shared/token/record.ts';
import type { TokenRecord } from '../../functions/_shared/token/record.ts';
import type { StoreHarness } from './harness.ts';
import { fullRecord, later, seed } from './records.ts';

export function storeContract(name: string, create: () => Promise<StoreHarness>): void {
  describe(`${name}: read and swap`, () => {
    it('finds nothing in the beginning, and stores the first record', async () => {
      const { store, settle, stored } = await create();
      const nothing = await settle(store().read());
      expect(nothing).toMatchObject({ record: emptyRecord, damaged: [] });
      const written = await settle(store().swap(nothing.basis, fullRecord));
      expect(written).toMatchObject({ record: fullRecord, damaged: [] });
      expect(await stored()).toMatchObject({ version: fullRecord.version, schema: 1 });
    });

    it('reads back exactly what was stored, through another instance', async () => {
      const harness = await create();
      await seed(harness);
      expect(await harness.settle(harness.store().read())).toMatchObject({ record: fullRecord, damaged: [] });
    });

    it('lets one of 20 first writers win, and the others hear of it', async () => {
      const { store, settle, stored } = await create();
      const { basis } = await settle(store().read());
      const candidates = Array.from({ length: 20 }, (_, index) => later(fullRecord, index));
      const results = await settle(
        Promise.all(candidates.map((candidate) => store().swap(basis, candidate))),
      );
      const won = results.filter((result) => result !== null);
      expect(won).toHaveLength(1);
      expect(await stored()).toMatchObject({ version: won[0]?.record.version });
    });

    it('lets one of 20 later writers win', async () => {
      const harness = await create();
      const { basis } = await seed(harness);
      const candidates = Array.from({ length: 20 }, (_, index) => later(fullRecord, index + 1));
      const results = await harness.settle(
        Promise.all(candidates.map((candidate) => harness.store().swap(basis, candidate))),
      );
      const won = results.filter((result) => result !== null);
      expect(won).toHaveLength(1);
      expect(await harness.stored()).toMatchObject({ version: won[0]?.record.version });
    });

    it('goes on from the basis that a write returns', async () => {
      const harness = await create();
      const first = await seed(harness);
      const second = await harness.settle(harness.store().swap(first.basis, later(fullRecord)));
      const third = await harness.settle(harness.store().swap(second?.basis, later(fullRecord, 2)));
      expect(third?.record.version).toBe(fullRecord.version + 2);
    });

    it('refuses a basis that is stale, and changes nothing', async () => {
      const harness = await create();
      const { basis } = await seed(harness);
      await harness.settle(harness.store().swap(basis, later(fullRecord)));
      const before = await harness.stored();
      expect(await harness.settle(harness.store().swap(basis, later(fullRecord, 2)))).toBeNull();
      expect(await harness.stored()).toEqual(before);
    });

    it('refuses "nothing is stored" when something is, and something when it is gone', async () => {
      const harness = await create();
      const nothing = await harness.settle(harness.store().read());
      const { basis } = await seed(harness);
      expect(await harness.settle(harness.store().swap(nothing.basis, later(fullRecord)))).toBeNull();
      await harness.put(null);
      expect(await harness.settle(harness.store().swap(basis, later(fullRecord)))).toBeNull();
      expect(await harness.stored()).toBeNull();
    });
  });

  describe(`${name}: the stored document`, () => {
    const bare: TokenRecord = { ...emptyRecord, version: fullRecord.version + 1 };

    it('keeps a null as a null, in a first write and in a later one', async () => {
      const harness = await create();
      const { basis } = await harness.settle(harness.store().read());
      const nulls = {
        token: null,
        claim: null,
        unsettledSinceAtMs: null,
        backoff: null,
        manualRefresh: null,
      };
      const first = await harness.settle(harness.store().swap(basis, bare));
      expect(await harness.stored()).toMatchObject({ ...nulls, refusedAtMs: [] });
      const full = { ...fullRecord, version: bare.version + 1 };
      const second = await harness.settle(harness.store().swap(first?.basis, full));
      await harness.settle(harness.store().swap(second?.basis, { ...bare, version: full.version + 1 }));
      expect(await harness.stored()).toMatchObject({ ...nulls, refusedAtMs: [] });
    });

    it('has its nested objects replaced whole: nothing of the old one shines through', async () => {
      const harness = await create();
      await seed(harness);
      const stored = await harness.stored();
      await harness.put({ ...stored, mints: { day: 1, count: 2, old: 3 }, claim: { old: { id: 'c' } } });
      const { basis } = await harness.settle(harness.store().read());
      await harness.settle(harness.store().swap(basis, later(fullRecord)));
      expect(await harness.stored()).toMatchObject({ mints: fullRecord.mints, claim: fullRecord.claim });
      expect(Object.keys((await harness.stored())?.['mints'] as object).toSorted()).toEqual(['count', 'day']);
      expect((await harness.stored())?.['claim']).not.toHaveProperty('old');
    });
  });
}
