/** The one world that all instances share: time, chance, WeChat, the database, and what is deployed. */

import type { SendRequest, SendResult } from '../../functions/_shared/wechat/send.ts';
import { createWeChat } from '../local/wechat/machine.ts';
import type { WeChat } from '../local/wechat/machine.ts';
import { createDice } from './dice.ts';
import type { Dice } from './dice.ts';
import type { FaultName } from './faults.ts';
import { createLedger } from './ledger.ts';
import type { Ledger, MintClaim } from './ledger.ts';
import { createMemoryCollection } from './memory-collection.ts';
import type { MemoryCollection } from './memory-collection.ts';
import { createStreams } from './random.ts';
import type { Streams } from './random.ts';
import { createSentry } from './sentry.ts';
import type { Sentry } from './sentry.ts';
import { createTally } from './tally.ts';
import type { Tally } from './tally.ts';
import { createTimeline } from './timeline.ts';
import type { Timeline } from './timeline.ts';
import { createTrace } from './trace.ts';
import type { Trace } from './trace.ts';
import { createUpstream } from './upstream.ts';
import { pickStoreFault, storeLatencyMs } from './database-faults.ts';
import type { Rule } from './without.ts';

export const APPID = 'wxSIMULATED0000001';
export const DAY_MS = 86_400_000;

/** 00:00 in UTC+8, where WeChat's days turn and the strip charts begin. */
export const EPOCH_AT_MS = Date.UTC(2026, 0, 1) - 8 * 3_600_000;

export interface WorldOptions {
  seed: number;
  /** The first day to simulate; earlier ones are left out. */
  fromDay: number;
  faults: readonly FaultName[];
  without: Rule | null;
}

/** The end of each fault; in the past when there is none. */
export interface Weather {
  wechatDownUntilAtMs: number;
  wechatSlowUntilAtMs: number;
  databaseDownUntilAtMs: number;
  databaseSlowUntilAtMs: number;
  timerStuckUntilAtMs: number;
}

export interface World {
  timeline: Timeline;
  streams: Streams;
  dice: Dice;
  weather: Weather;
  wechat: WeChat;
  collection: MemoryCollection;
  ledger: Ledger;
  sentry: Sentry;
  tally: Tally;
  trace: Trace;
  without: Rule | null;
  mintLimitPerDay: number;
  startAtMs: number;
  /** What the functions are deployed with; changed by an operator, for new instances only. */
  deployment: { secret: string; fingerprint: string };
  nextId(): number;
  send(request: SendRequest, claim: MintClaim | null): Promise<SendResult>;
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
