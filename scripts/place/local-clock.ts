/** The clock of the embedded cloud on a data folder: that of the running `npm start`, else this machine's. */

import { pick } from '../command/language.ts';
import { callOf } from '../command/call.ts';
import { COLLECTION, fromDocument } from '../../functions/_shared/store/document.ts';
import { createCloudClock, type CloudClock } from '../local/clock.ts';
import type { Documents } from '../platform/environment.ts';
import { findRunning, type RunningCloud } from './door.ts';
import { CLOCK_SLACK_MS } from './judge.ts';
import { unopened } from './unopened.ts';
import { duration } from '../command/words.ts';

export interface LocalClock {
  clock: CloudClock;
  /** Sets the clock right again, since a knob may have moved the other one; null: no `npm start` runs here. */
  follow(): Promise<RunningCloud | null>;
}

export function createLocalClock(folder: string): LocalClock {
  const clock = createCloudClock();
  return {
    clock,
    async follow() {
      const running = await findRunning(folder);
      clock.advance((running?.offsetMs ?? 0) - clock.offsetMs());
      return running;
    },
  };
}

/** One line where a stored token was minted in the future; null where none was. */
export async function noticeFuture(
  documents: (name: string) => Documents,
  nowMs: number,
): Promise<string | null> {
  // A collection that isn't there holds nothing.
  const stored = await documents(COLLECTION)
    .list()
    .catch(() => []);
  const mintedAtMs = stored.map((document) => {
    const { record } = fromDocument(document, document['_id'], unopened);
    return record.token?.mintedAtMs ?? 0;
  });
  const aheadMs = Math.max(0, ...mintedAtMs) - nowMs;
  if (aheadMs <= CLOCK_SLACK_MS) return null;
  return pick({
    en: `the data was left by an earlier ${callOf('start')} whose clock was ahead: a token is dated ${duration(aheadMs)} in the future, and the times shown are off by that until the next refresh`,
    zh: `这些数据来自之前的 ${callOf('start')}，当时它的时钟拨快了：token 的时间在 ${duration(aheadMs)}之后，下一次刷新之前，显示的时间都差这么多`,
  });
}
