/** Runs families in batches, tells how far it is, and how to see a failure again. */

import * as fc from 'fast-check';
import { callOf } from '../command/call.ts';
import type { Family } from './family.ts';

export interface RunOptions {
  families: readonly Family[];
  cases: number;
  seed: number;
  /** With one family: goes straight to one case of its seed. */
  path?: string | undefined;
  out(line: string): void;
}

const BATCH = 1_000;

/** False when a property did not hold; the run stops there. */
export async function fuzz({ families, cases, seed, path, out }: RunOptions): Promise<boolean> {
  const shares = families.reduce((sum, { share }) => sum + share, 0);
  for (const family of families) {
    const count = Math.max(1, Math.round((cases * family.share) / shares));
    const failure = await runFamily(family, { count, seed, path, out });
    if (failure === null) continue;
    out(failure);
    return false;
  }
  return true;
}

interface FamilyRun extends Pick<RunOptions, 'seed' | 'path' | 'out'> {
  count: number;
}

/** The report of the first failure; null when there is none. */
async function runFamily(family: Family, { count, seed, path, out }: FamilyRun): Promise<string | null> {
  const { property, close } = await family.open();
  try {
    const startedAtMs = performance.now();
    for (let done = 0; done < count; done += BATCH) {
      const batchSeed = seed + done / BATCH;
      const numRuns = Math.min(BATCH, count - done);
      const details = await fc.check(property, {
        numRuns,
        seed: batchSeed,
        ...(path === undefined ? {} : { path }),
      });
      if (details.failed) return reportOf(family.name, details);
      if (path !== undefined) return null;
      const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(1);
      out(`${family.name}: ${done + numRuns} of ${count} cases, ${seconds} s`);
    }
    return null;
  } finally {
    await close();
  }
}

function reportOf(name: string, details: fc.RunDetails<unknown>): string {
  const { seed, counterexamplePath, errorInstance } = details;
  const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  const again = callOf('fuzz', `--only ${name} --seed ${seed} --path ${counterexamplePath ?? ''}`);
  return `✗ ${name}: ${why}\n${fc.defaultReportMessage(details) ?? ''}\nthe same again: ${again}`;
}
