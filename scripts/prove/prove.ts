/** Tries every assumption, one after the other, on scratch that is removed again, also when it is interrupted. */

import { tryOne, type Assumption, type Line } from './assumption.ts';
import type { ProveDatabaseOf } from './database.ts';
import { DOCUMENTS } from './documents.ts';
import { WRITES } from './writes.ts';

export interface Scratch {
  /** Makes the scratch collection, which must not be there yet. */
  make(): Promise<ProveDatabaseOf>;
  /** Takes it away, with all that is in it. */
  remove(): Promise<void>;
}

export const ASSUMPTIONS = [...WRITES, ...DOCUMENTS];

export async function prove(
  { make, remove }: Scratch,
  signal: AbortSignal,
  show: (line: Line) => void,
  assumptions: readonly Assumption[] = ASSUMPTIONS,
): Promise<Line[]> {
  const lines: Line[] = [];
  try {
    const database = await make();
    for (const assumption of assumptions) {
      if (signal.aborted) break;
      const line = await tryOne(assumption, database);
      lines.push(line);
      show(line);
    }
  } finally {
    await remove();
  }
  return lines;
}
