/** What every token store does when the answer to a write is lost: it finds out whether the write took place. */

import { describe, expect, it } from 'vitest';
import type { StoreBench } from './bench.ts';
import { fullRecord, later, seed } from './records.ts';

export function lostAnswersContract(name: string, create: () => Promise<StoreBench>): void {
  describe(`${name}: the answer to a write gets lost`, () => {
    it('and it did not take place: it is done again', async () => {
      const bench = await create();
      const { basis } = await seed(bench);
      bench.failWrites('lost');
      const written = await bench.settle(bench.store().swap(basis, later(fullRecord)));
      expect(written?.record).toEqual(later(fullRecord));
      expect(await bench.stored()).toMatchObject({ version: fullRecord.version + 1 });
    });

    it('and it took place: its writer tells, and the next write goes on from there', async () => {
      const bench = await create();
      const { basis } = await seed(bench);
      bench.failWrites('applied-but-lost');
      const written = await bench.settle(bench.store().swap(basis, later(fullRecord)));
      expect(written?.record).toEqual(later(fullRecord));
      expect(await bench.settle(bench.store().swap(written?.basis, later(fullRecord, 2)))).not.toBeNull();
    });

    it('and it was the first of all: it is recognised, and not taken for another one', async () => {
      const bench = await create();
      const { basis } = await bench.settle(bench.store().read());
      bench.failWrites('applied-but-lost');
      const written = await bench.settle(bench.store().swap(basis, fullRecord));
      expect(written?.record).toEqual(fullRecord);
    });

    it('and it arrives late, behind its own repetition: once is enough', async () => {
      const bench = await create();
      const { basis } = await seed(bench);
      bench.failWrites('applied-late');
      const written = await bench.settle(bench.store().swap(basis, later(fullRecord)));
      expect(written?.record).toEqual(later(fullRecord));
      const next = await bench.settle(bench.store().swap(written?.basis, later(fullRecord, 2)));
      const before = await bench.stored();
      await bench.arrive();
      expect(next).not.toBeNull();
      expect(await bench.stored()).toEqual(before);
    });

    it('and it was the first of all and arrives late: it overwrites nothing', async () => {
      const bench = await create();
      const { basis } = await bench.settle(bench.store().read());
      bench.failWrites('applied-late');
      await bench.settle(bench.store().swap(basis, fullRecord));
      const before = await bench.stored();
      await bench.arrive();
      expect(await bench.stored()).toEqual(before);
    });

    it('while somebody else writes: one of the two is told that it won, and what it wrote is stored', async () => {
      const bench = await create();
      const { basis } = await seed(bench);
      bench.failWrites('lost');
      const results = await bench.settle(
        Promise.all([10, 20].map((by) => bench.store().swap(basis, later(fullRecord, by)))),
      );
      const won = results.filter((result) => result !== null);
      expect(won).toHaveLength(1);
      expect(await bench.stored()).toMatchObject({ version: won[0]?.record.version });
    });

    it('twice, and nothing was written: that is an error, and a later try is free to succeed', async () => {
      const bench = await create();
      const { basis } = await seed(bench);
      bench.failWrites('lost', 'lost');
      const failed = bench.settle(bench.store().swap(basis, later(fullRecord)));
      await expect(failed).rejects.toMatchObject({ name: 'TokenError', code: 'STORE_UNAVAILABLE' });
      expect(await bench.stored()).toMatchObject({ version: fullRecord.version });
      expect(await bench.settle(bench.store().swap(basis, later(fullRecord)))).not.toBeNull();
    });
  });
}
