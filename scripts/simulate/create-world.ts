/** Makes the world of a run: its parts, each from its own stream of chance. */

import { createWeChat } from '../local/wechat/machine.ts';
import { pickStoreFault, storeLatencyMs } from './database-faults.ts';
import { createDice } from './dice.ts';
import type { FaultName } from './faults.ts';
import { createLedger } from './ledger.ts';
import { createMemoryCollection } from './memory-collection.ts';
import { createStreams } from './random.ts';
import { createSentry } from './sentry.ts';
import { createTally } from './tally.ts';
import { createTimeline } from './timeline.ts';
import { createTrace } from './trace.ts';
import { createUpstream } from './upstream.ts';
import type { Rule } from './without.ts';
import { APPID, DAY_MS, EPOCH_AT_MS, type Weather, type World } from './world.ts';

export interface WorldOptions {
  seed: number;
  /** The first day to simulate; earlier ones are left out. */
  fromDay: number;
  faults: readonly FaultName[];
  without: Rule | null;
}

export function createWorld({ seed, fromDay, faults, without }: WorldOptions): World {
  const startAtMs = EPOCH_AT_MS + fromDay * DAY_MS;
  const timeline = createTimeline(startAtMs);
  const streams = createStreams(seed, fromDay);
  const dice = createDice(faults, streams, timeline.now);
  const weather: Weather = {
    wechatDownUntilAtMs: 0,
    wechatSlowUntilAtMs: 0,
    databaseDownUntilAtMs: 0,
    databaseSlowUntilAtMs: 0,
    timerStuckUntilAtMs: 0,
  };
  let id = 0;
  let tokens = 0;
  const deployment = { secret: 'secret-0', fingerprint: 'f-0' };
  const wechat = createWeChat({
    apps: [{ appid: APPID, secret: deployment.secret }],
    randomToken: () => `110_SIMULATED-${String(++tokens).padStart(6, '0')}`,
  });
  const trace = createTrace(timeline.now, EPOCH_AT_MS);
  const ledger = createLedger();
  const tally = createTally(startAtMs);
  const mintLimitPerDay = 500;
  const sentry = createSentry({ now: timeline.now, trace, ledger, dice, mintLimitPerDay });
  const storeRandom = streams.of('database');
  const collection = createMemoryCollection({
    sleep: timeline.sleep,
    latencyMs: () => storeLatencyMs(dice, weather, timeline.now(), storeRandom),
    fault: (call) => pickStoreFault(dice, weather, timeline.now(), call),
    onWritten: sentry.onWritten,
  });
  const world = {
    timeline,
    streams,
    dice,
    weather,
    wechat,
    collection,
    ledger,
    sentry,
    tally,
    trace,
    without,
    mintLimitPerDay,
    startAtMs,
    deployment,
    nextId: () => ++id,
  };
  return { ...world, send: createUpstream(world) };
}
