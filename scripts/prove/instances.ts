/** What the rules ask of an instance: what it has, what it is given at once, and what is left of a call afterwards. */

import type { Assumption } from './assumption.ts';
import { sightIn, sightOf } from './functions.ts';
import { NotTried } from './not-tried.ts';
import { documentsOf } from './writes.ts';

/** Above the second that a Date header is rounded to, and the call's own way. */
const CLOCK_TOLERANCE_MS = 3_000;
export const INSTANCES: readonly Assumption[] = [
  {
    id: 'environment-at-load',
    assumption: 'the function’s own variables are there when its code is loaded, and in each call',
    reliedOnFor: 'the configuration is read once in an instance',
    ifNot: 'the functions answer that they are misconfigured: do not deploy here, and report it',
    observe: async (_, functions) => {
      const sight = await sightOf(functions.invoke({ line: 'environment-at-load', act: 'look' }));
      const { hasVariable, hadVariable } = sight;
      const told = (isThere: boolean): string => (isThere ? 'there' : 'missing');
      return {
        holds: hadVariable && hasVariable,
        seen: `${told(hadVariable)} at load, ${told(hasVariable)} in the call`,
      };
    },
  },
  {
    id: 'automatic-keys',
    assumption: 'a function reaches the database with the keys that the platform gives it',
    reliedOnFor: 'every read and write of the functions',
    ifNot: 'no function of this project works here: do not deploy, and report it',
    observe: async (database, functions) => {
      const id = database.newId();
      const call = functions.invoke({ line: 'automatic-keys', act: 'write-late', id });
      const isAnswered = 'result' in (await call);
      const isStored = documentsOf(await database.get(id)).length === 1;
      return {
        holds: isAnswered && isStored,
        seen: isStored ? 'its document is there' : 'no document of it',
      };
    },
  },
  {
    id: 'one-at-a-time',
    assumption: 'of two calls at once, each has an instance of its own',
    reliedOnFor: 'nothing: no state of a call is kept outside of it; it is what tells functions V1 from V2',
    ifNot: 'nothing has to be done, but report it: this environment runs functions in another way',
    observe: async (_, functions) => {
      const event = { line: 'one-at-a-time', act: 'hold', waitMs: functions.holdMs } as const;
      const both = await Promise.all([sightOf(functions.invoke(event)), sightOf(functions.invoke(event))]);
      const most = Math.max(...both.map(({ mostAtOnce }) => mostAtOnce));
      const instances = new Set(both.map(({ instance }) => instance)).size;
      return { holds: most === 1, seen: `${instances} instances, at most ${most} calls at once in one` };
    },
  },
  {
    id: 'frozen',
    assumption: 'an instance stands still between its calls, and keeps its memory',
    reliedOnFor: 'nothing: what is left to do after an answer (an alert) may wait for the next call',
    ifNot: 'nothing has to be done: alerts come sooner, or the memory of an instance is of less use',
    observe: async (_, functions) => {
      const { instance } = await sightOf(functions.invoke({ line: 'frozen', act: 'beat' }));
      await functions.sleep(functions.idleMs);
      const { longestPauseMs } = await sightIn(instance, 'frozen', functions);
      const told = `${(longestPauseMs / 1000).toFixed(1)} of ${(functions.idleMs / 1000).toFixed(1)} s`;
      return { holds: longestPauseMs > functions.idleMs / 2, seen: `its timer stood still for ${told}` };
    },
  },
  {
    id: 'clock',
    assumption: 'the functions’ clock and the server’s differ by less than three seconds',
    reliedOnFor: 'R2 and R3: when an abandoned claim may be taken over, and when a token ends',
    ifNot: 'tokens may be promised for too long: report it to Tencent',
    observe: async (_, functions) => {
      const serverAtMs = await functions.serverTime();
      if (serverAtMs === null) throw new NotTried('the server told no time');
      const beganAtMs = performance.now();
      const { atMs } = await sightOf(functions.invoke({ line: 'clock', act: 'look' }));
      const tookMs = performance.now() - beganAtMs;
      // Somewhere within the call the function looked at its clock.
      const apartMs = Math.max(0, serverAtMs - atMs, atMs - serverAtMs - tookMs);
      return { holds: apartMs < CLOCK_TOLERANCE_MS, seen: `${(apartMs / 1000).toFixed(1)} s apart` };
    },
  },
  {
    id: 'time-limit',
    assumption: 'a call that takes longer than its time limit is ended, and does nothing after that',
    reliedOnFor: 'R2: a claim outlives its holder’s time limit, so nobody writes after it was taken over',
    ifNot: 'late writes are more frequent; they are caught by the version: report it',
    observe: async (database, functions) => {
      const id = database.newId();
      const waitMs = functions.timeLimitMs + functions.holdMs;
      const outcome = await functions.invoke({ line: 'time-limit', act: 'write-late', waitMs, id });
      await functions.sleep(functions.idleMs);
      const isWritten = documentsOf(await database.get(id)).length > 0;
      const isEnded = 'failure' in outcome && !isWritten;
      const told = 'failure' in outcome ? 'ended with a failure' : 'it was answered';
      return { holds: isEnded, seen: `${told}${isWritten ? ', and it wrote afterwards' : ''}` };
    },
  },
];
