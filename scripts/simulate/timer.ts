/** The platform's timer: an event every 5 minutes, missed, doubled or late, and the platform's own retries. */

import type { App } from '../../functions/_shared/token/app.ts';
import { tick } from '../../functions/refreshAccessToken/tick.ts';
import type { Tick } from '../../functions/refreshAccessToken/reply.ts';
import { stepClock } from './instance.ts';
import type { Instance } from './instance.ts';
import type { Pool } from './pool.ts';
import type { World } from './world.ts';

const MINUTE_MS = 60_000;
/** As the cron line in cloudbaserc.json says. */
const EVERY_MS = 5 * MINUTE_MS;
const OFFSET_MS = 20_000;
/** After an error the platform tries an asynchronous call twice more, a minute apart. */
const MOST_TRIES = 3;
/** Tickets wait for the tokens, and only so long. */
const LATEST_TICKET_MS = 15_000;
const LONGEST_DELAY_MS = 6 * 60 * MINUTE_MS;

/** One event ticks every app, as the function does, and then every ticket. */
export function startTimer(world: World, pool: Pool): void {
  const { timeline, dice, weather, trace } = world;

  async function fire(tries: number): Promise<void> {
    world.tally.onTick(tries > 1);
    const result = await pool.invoke(async (instance) => {
      stepClock(world, instance);
      instance.reported.clear();
      const beganAtMs = timeline.now();
      const tokens = await tickEach(instance, instance.apps);
      const isTime = timeline.now() - beganAtMs < LATEST_TICKET_MS;
      return isTime ? [...tokens, ...(await tickEach(instance, instance.tickets))] : tokens;
    });
    const isRetryable = typeof result === 'string' || result.some((each) => each.isRetryable);
    if (typeof result === 'string') trace.add(`a tick ends in: ${result}`);
    else
      for (const { reply } of result) if (reply.action !== 'fresh') trace.add(`a tick says ${reply.action}`);
    if (isRetryable && tries < MOST_TRIES)
      timeline.at(timeline.now() + MINUTE_MS, () => void fire(tries + 1));
  }

  function onBeat(): void {
    timeline.at(timeline.now() + EVERY_MS, onBeat);
    if (dice.strikes('timer-missed')) return;
    const lateMs = dice.strikes('timer-late') ? dice.between('timer-late', 1_000, LONGEST_DELAY_MS) : 0;
    const atMs = Math.max(timeline.now() + lateMs, weather.timerStuckUntilAtMs);
    timeline.at(atMs, () => void fire(1));
    if (dice.strikes('timer-doubled')) timeline.at(atMs, () => void fire(1));
  }

  timeline.at(world.startAtMs + OFFSET_MS, onBeat);
}

async function tickEach({ readAhead }: Instance, apps: ReadonlyMap<string, App>): Promise<Tick[]> {
  if (apps.size === 0) return [];
  await readAhead([...apps.values()].map(({ appid }) => appid));
  return Promise.all([...apps.values()].map(tick));
}
