/** Waits for what the first tick leaves in the scratch collection. */

import type { ProveDatabase } from './database.ts';
import type { Tick } from './scratch-function.ts';
import { TICK_ID } from './scratch.ts';
import { documentsOf } from './trials.ts';

interface Waiting {
  database: Pick<ProveDatabase, 'get'>;
  sleep(durationMs: number): Promise<void>;
  /** How long a tick may take. */
  patienceMs: number;
  /** How long its repetition may take after that. */
  repeatPatienceMs: number;
  everyMs: number;
}

/** Asked for once; the second time the answer is there. */
export function waitForTick(waiting: Waiting): {
  firstTick(): Promise<Tick | null>;
  isRepeated(): Promise<boolean>;
} {
  let first: Promise<Tick | null> | undefined;
  return {
    firstTick: () => (first ??= find(waiting, waiting.patienceMs, () => true)),
    isRepeated: async () =>
      (await find(waiting, waiting.repeatPatienceMs, ({ runs }) => runs === 2)) !== null,
  };
}

async function find(
  { database, sleep, everyMs }: Waiting,
  patienceMs: number,
  isIt: (document: Record<string, unknown>) => boolean,
): Promise<Tick | null> {
  for (let waitedMs = 0; ; waitedMs += everyMs) {
    const [found] = documentsOf(await database.get(TICK_ID));
    if (found !== undefined && isIt(found)) return found as unknown as Tick;
    if (waitedMs >= patienceMs) return null;
    await sleep(everyMs);
  }
}
