/** The scratch function of a real environment. */

import { pick } from '../command/language.ts';
import { triggerStep } from '../deploy/steps/trigger.ts';
import type { Site } from '../deploy/site.ts';
import { NotTried } from './not-tried.ts';
import type { CloudParts } from './cloud-parts.ts';
import type { ProveDatabaseOf } from './database.ts';
import type { ScratchFunction } from './scratch-function.ts';
import { SCRATCH_FUNCTION } from './scratch.ts';
import { refusalIn } from './unprivileged.ts';
import { waitForTick } from './wait-for-tick.ts';

export function cloudFunction(
  { environment, request, serverTime, sleep, isTickAwaited, pace }: CloudParts,
  { site, database, hasRule }: { site: Site; database: ProveDatabaseOf; hasRule: boolean },
): ScratchFunction {
  const tick = waitForTick({
    database: database('tick'),
    sleep,
    patienceMs: pace.tickPatienceMs,
    repeatPatienceMs: pace.tickPatienceMs,
    everyMs: pace.betweenLooksMs,
  });
  /** As late as possible: a tick in between takes an instance from the other lines. */
  let created: Promise<void> | undefined;
  const createTrigger = (): Promise<void> => (created ??= triggerStep(site).apply());
  return {
    invoke: (event) => environment.invoke(SCRATCH_FUNCTION, event),
    /** https://docs.cloudbase.net/http-api/functions (read 2026-11-28) */
    async visit() {
      const root = `https://${environment.envId}.api.tcloudbasegateway.com`;
      return { refused: refusalIn(await request('POST', `${root}/v1/functions/${SCRATCH_FUNCTION}`)) };
    },
    async firstTick() {
      await createTrigger();
      if (!isTickAwaited) throw new NotTried(pick({ en: 'skipped by --no-wait', zh: '按 --no-wait 跳过' }));
      return tick.firstTick();
    },
    isRepeated: tick.isRepeated,
    serverTime,
    sleep,
    timeLimitMs: pace.timeLimitS * 1000,
    holdMs: pace.holdMs,
    idleMs: pace.idleMs,
    environment,
    hasRule,
  };
}
