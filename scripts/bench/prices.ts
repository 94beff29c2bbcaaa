/**
 * What CloudBase charges, as docs/operations.md has it: the personal plan of the price page (价格文档, text of 2022,
 * read 2026-11-22, https://github.com/tencentyun/qcloud-documents). Database operations count as calls.
 */

export const PRICES = {
  source:
    '[price page](https://github.com/tencentyun/qcloud-documents) of CloudBase (价格文档, text of 2022, read 2026-11-22; see [operations](operations.md#what-it-costs))',
  /** Yuan. */
  perCall: 0.5 / 10_000,
  /** Yuan for a gigabyte of memory during a second. */
  perGBs: 0.000_111_08,
  planCallsPerMonth: 200_000,
};

/** Of both functions, as cloudbaserc.json declares it. */
const MEMORY_GB = 0.25;

export interface Usage {
  calls: number;
  reads: number;
  writes: number;
  /** Of function time. */
  seconds: number;
}

/** Yuan, each call and second at the price beyond the plan. */
export function priceOf({ calls, reads, writes, seconds }: Usage): number {
  return (calls + reads + writes) * PRICES.perCall + seconds * MEMORY_GB * PRICES.perGBs;
}
