/** Runs a tick that failed again, as the platform does with every asynchronous call. */

import { setTimeout as sleep } from 'node:timers/promises';

/**
 * On the platform two repetitions, a minute apart. https://cloud.tencent.com/document/product/583/41138 (read
 * 2026-11-22)
 */
export function repeatFailed<A extends unknown[]>(
  fire: (...args: A) => Promise<object>,
  { times, afterMs }: { times: number; afterMs: number },
): (...args: A) => Promise<object> {
  return async (...args) => {
    for (let repeated = 0; ; repeated++) {
      const outcome = await fire(...args);
      if (!('failure' in outcome) || repeated === times) return outcome;
      await sleep(afterMs);
    }
  };
}
