/** Waits for a promise, but no longer than told: what hangs must not use up the time of the function that calls. */

import type { WeChatError } from './error.ts';

/** Rejects with what `onLimit` makes; an answer that comes later is ignored. */
export async function within<T>(
  promise: PromiseLike<T>,
  limitMs: number,
  onLimit: () => WeChatError,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(onLimit()), Math.max(0, limitMs));
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}
