/** What every token store does when the answer to a write is lost: it finds out whether the write took place. */

import { describe, expect, it } from 'vitest';
import type { StoreHarness } from './harness.ts';
import { fullRecord, later, seed } from './records.ts';

export function lostAnswersContract(name: string, create: () => Promise<StoreHarness>): void {
  describe(`${name}: the answer to a write gets lost`, () => {
    it('and it did not take place: it is done again', async () => {
      const harness = await create();
      const { basis } = await seed(harness);
      harness.failWrites('lost');
      const written = await harness.settle(harness.store().swap(basis, later(fullRecord)));
      expect(written?.record).toEqual(later(fullRecord));
      expect(await harness.stored()).toMatchObject({ version: fullRecord.version + 1 });
    });

    it('and it took place: its writer tells, and the next write goes on from there', async () => {
      const harness = await create();
      const { basis } = await seed(harness);
      harness.failWrites('applied-but-lost');
      const written = await harness.settle(harness.store().swap(basis, later(fullRecord)));
      expect(written?.record).toEqual(later(fullRecord));
      expect(await harness.settle(harness.store().swap(written?.basis, later(fullRecord, 2)))).not.toBeNull();
    });

    it('and it was the first of all: it is recognised, and not taken for another one', async () => {
      const harness = await create();
      const { basis } = await harness.settle(harness.store().read());
      harness.failWrites('applied-but-lost');
      const written = await harness.settle(harness.store().swap(basis, fullRecord));
      expect(written?.record).toEqual(fullRecord);
    });

    it('and it arrives late, behind its own repetition: once is enough', async () => {
      const harness = await create();
      const { basis } = await seed(harness);
      harness.failWrites('applied-late');
      const written = await harness.settle(harness.store().swap(basis, later(fullRecord)));
      expect(written?.record).toEqual(later(fullRecord));
      const next = await harness.settle(harness.store().swap(written?.basis, later(fullRecord, 2)));
      const before = await harness.stored();
      await harness.arrive();
      expect(next).not.toBeNull();
      expect(await harness.stored()).toEqual(before);
    });

    it('and it was the first of all and arrives late: it overwrites nothing', async () => {
      const harness = await create();
      const { basis } = await harness.settle(harness.store().read());
      harness.failWrites('applied-late');
      await harness.settle(harness.store().swap(basis, fullRecord));
      const before = await harness.stored();
      await harness.arrive();
      expect(await harness.stored()).toEqual(before);
    });

    it('while somebody else writes: one of the two is told that it won, and what it wrote is stored', async () => {
      const harness = await create();
      const { basis } = await seed(harness);
      harness.failWrites('lost');
      const results = await harness.settle(
        Promise.all([10, 20].map((by) => harness.store().swap(basis, later(fullRecord, by)))),
      );
      const won = results.filter((result) => result !== null);
      expect(won).toHaveLength(1);
      expect(await harness.stored()).toMatchObject({ version: won[0]?.record.version });
    });

    it('twice, and nothing was written: that is an error, and a later try is free to succeed', async () => {
      const harness = await create();
      const { basis } = await seed(harness);
      harness.failWrites('lost', 'lost');
      const failed = harness.settle(harness.store().swap(basis, later(fullRecord)));
      await expect(failed).rejects.toMatchObject({ name: 'TokenError', code: 'STORE_UNAVAILABLE' });
      expect(await harness.stored()).toMatchObject({ version: fullRecord.version });
      expect(await harness.settle(harness.store().swap(basis, later(fullRecord)))).not.toBeNull();
    });
  });
}
