/** The order of the test files: those that take longest begin first, so that no worker waits for the last one alone. */

import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Longest first; from a run on two cores. The others follow in vitest's own order, the longest of its last run first. */
const LONG = [
  'deploy/deploy',
  'prove/',
  'bench/bench',
  'start/start',
  'command/table',
  'deploy/transcript',
  'deploy/upload',
  'cloud/outages',
  'place/',
  'dashboard/',
  'package/package',
  'scenarios/stampedes',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- vitest's own order, not the array's method
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const at = LONG.findIndex((name) => moduleId.includes(`/test/${name}`));
  return at < 0 ? LONG.length : at;
}
