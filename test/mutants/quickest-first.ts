/** The order of the test files: the quickest first, because most mutants are killed by one of them. */

import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Slowest last. */
const SLOW = [/\.property\./, /\/test\/store\//, /\.(model|race)\./];

export class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  return SLOW.findIndex((slow) => slow.test(moduleId)) + 1;
}
