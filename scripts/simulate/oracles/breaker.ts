/**
 * Checks that an open breaker stops requests: after a refusal that no retry can cure, WeChat must not be asked
 * again and again.
 */

import type { SendResult } from '../../../functions/_shared/wechat/send.ts';
import type { Violate } from './violations.ts';

const HOUR_MS = 3_600_000;

/**
 * 1, 2, 4 … 32 minutes apart make 6 in the first hour; clocks that are 2 minutes off shorten the first pauses, and a
 * refusal whose receiver dies is not counted. 9 have been seen.
 */
const MOST_REFUSED_PER_HOUR = 12;

/** The first refusal opens the breaker; clocks that run ahead ask again after their own midnight. 2 have been seen. */
const MOST_QUOTA_PER_HOUR = 4;

/** -1 and 45011 pass by themselves. */
const PASSING: readonly number[] = [0, -1, 45011];
const QUOTA = 45009;

export interface BreakerOracle {
  onAnswer(result: SendResult): void;
}

/** `others`: further codes that say nothing about the secret or the quota. */
export function createBreakerOracle(
  now: () => number,
  violate: Violate,
  others: readonly number[] = [],
): BreakerOracle {
  const passing = new Set([...PASSING, ...others]);
  const refusals: number[] = [];
  const quotas: number[] = [];

  function count(list: number[], most: number, errcode: number): void {
    list.push(now());
    while (now() - list[0]! >= HOUR_MS) list.shift();
    if (list.length > most)
      violate('flood', `WeChat answered ${errcode} ${list.length} times within an hour`);
  }

  return {
    onAnswer(result) {
      const errcode = errcodeOf(result);
      // Another outcome starts another pause: a lost answer says nothing about the secret.
      if (passing.has(errcode)) refusals.length = 0;
      if (passing.has(errcode)) return;
      if (errcode === QUOTA) count(quotas, MOST_QUOTA_PER_HOUR, errcode);
      else count(refusals, MOST_REFUSED_PER_HOUR, errcode);
    },
  };
}

/** 0 for anything that is not a refusal. */
function errcodeOf(result: SendResult): number {
  if (result.kind !== 'answered' || result.status !== 200) return 0;
  return Number(/^\{"errcode":(-?\d+)/.exec(result.body)?.[1] ?? 0);
}
