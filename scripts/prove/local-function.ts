/** The scratch function of an embedded cloud. */

import { setTimeout as sleep } from 'node:timers/promises';
import { pick } from '../command/language.ts';
import type { Cloud } from '../local/cloud.ts';
import type { Caller } from '../local/functions/caller-context.ts';
import { repeatFailed } from '../local/timer/repeat-failed.ts';
import { startTimer } from '../local/timer/timer.ts';
import type { Invocation } from '../platform/environment.ts';
import type { ProveDatabaseOf } from './database.ts';
import { observeCall, type ScratchFunction } from './scratch-function.ts';
import type { Knobs } from './knobs.ts';
import { NotTried } from './not-tried.ts';
import { SCRATCH_FUNCTION } from './scratch.ts';
import { waitForTick } from './wait-for-tick.ts';

const TIMER = { functionName: SCRATCH_FUNCTION, name: 'prove', config: '30 * * * * * *' };
export const TIME_LIMIT_S = 3;
const HOLD_MS = 150;
const IDLE_MS = 1_000;
const PERIOD_MS = 60_000;
const PATIENCE_MS = 15_000;

interface Parts {
  database: ProveDatabaseOf;
  knobs: Knobs;
  signal: AbortSignal;
  closers: (() => void)[];
}

export function localFunction(cloud: Cloud, { database, knobs, signal, closers }: Parts): ScratchFunction {
  const pause = (durationMs: number) => sleep(durationMs, undefined, { signal });
  const call = async (event: object, caller: Caller): Promise<Invocation> => {
    const outcome = await cloud.host.invoke({ name: SCRATCH_FUNCTION, event, caller });
    return 'failure' in outcome ? { failure: outcome.failure.message } : outcome;
  };
  const tick = waitForTick({
    database: database('tick'),
    sleep: pause,
    patienceMs: knobs.patienceMs ?? PATIENCE_MS,
    repeatPatienceMs: knobs.repeatPatienceMs ?? PATIENCE_MS,
    everyMs: 50,
  });
  let isTicking = false;
  return {
    invoke: (event) => call(event, { kind: 'management' }),
    visit: (event) => observeCall(call(event, { kind: 'client', openid: 'oVisitor' })),
    async firstTick() {
      if (knobs.isTickAwaited === false)
        throw new NotTried(pick({ en: 'skipped by --no-wait', zh: '按 --no-wait 跳过' }));
      if (!isTicking && knobs.hasTimer !== false) closers.push(startTicking(cloud, call, knobs));
      isTicking = true;
      return tick.firstTick();
    },
    isRepeated: tick.isRepeated,
    serverTime: async () => Date.parse((await fetch(cloud.gateway.url)).headers.get('date') ?? ''),
    sleep: pause,
    timeLimitMs: TIME_LIMIT_S * 1000,
    holdMs: HOLD_MS,
    idleMs: IDLE_MS,
    environment: null,
    hasRule: false,
  };
}

/** Only while ticks are waited for: the other lines need their instances for themselves. */
function startTicking(
  { clock }: Cloud,
  call: (event: object, caller: Caller) => Promise<Invocation>,
  { isRepeating = true }: Knobs,
): () => void {
  const fire = (_: unknown, event: object) => call(event, { kind: 'timer', variety: 'native' });
  const repeating = repeatFailed(fire, { times: isRepeating ? 2 : 0, afterMs: 100 });
  let aheadMs = 0;
  const timer = startTimer({
    triggers: [TIMER],
    clock: { now: () => clock.now() + aheadMs },
    fire: repeating,
  });
  // A minute passes, for the timer alone.
  aheadMs = PERIOD_MS;
  timer.check();
  return () => timer.stop();
}
