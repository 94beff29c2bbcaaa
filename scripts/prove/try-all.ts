/** Tries every assumption, one after the other, on a scratch collection and function, removed again at the end. */

import { tryOne, type Assumption, type Line, type Subject } from './assumption.ts';

export interface Scratch {
  /** Makes the scratch collection and the scratch function, which must not be there yet. */
  make(): Promise<Subject>;
  /** Takes away what was made, with all that is in it. */
  remove(): Promise<void>;
}

export async function tryAll(
  { make, remove }: Scratch,
  signal: AbortSignal,
  show: (line: Line) => void,
  assumptions: readonly Assumption[],
): Promise<Line[]> {
  const lines: Line[] = [];
  try {
    const subject = await make();
    for (const assumption of assumptions) {
      if (signal.aborted) break;
      const line = await tryOne(assumption, subject);
      lines.push(line);
      show(line);
    }
  } catch (error) {
    // Whatever an interruption has broken off is no failure.
    if (!signal.aborted) throw error;
  } finally {
    await remove();
  }
  return lines;
}
