/** Makes the world of a run: its parts, each from its own stream of chance, and one view of it for each app. */

import { createWeChat } from '../local/wechat/machine.ts';
import { pickStoreFault, storeLatencyMs } from './database-faults.ts';
import { createDice } from './dice.ts';
import type { FaultName } from './faults.ts';
import { createLedger } from './ledger.ts';
import { appsOf } from './modes.ts';
import type { Mode, SimulatedApp } from './modes.ts';
import { ticketIdOf } from './instance.ts';
import { createMemoryCollection } from './memory-collection.ts';
import type { StoredDocument } from './memory-collection.ts';
import { createStreams } from './random.ts';
import { createOracles } from './oracles/oracles.ts';
import { createTicketOracle } from './oracles/tickets.ts';
import type { TicketModel } from './oracles/tickets.ts';
import { createTally } from './tally.ts';
import { createTimeline } from './timeline.ts';
import { createTrace } from './trace.ts';
import { createUpstream } from './upstream.ts';
import type { Rule } from './without.ts';
import { DAY_MS, EPOCH_AT_MS, type Weather, type World } from './world.ts';

type Shared = Omit<
  World,
  keyof SimulatedApp | 'ledger' | 'oracles' | 'tickets' | 'tokenRefusedAtMs' | 'send'
>;

export interface WorldOptions {
  seed: number;
  mode: Mode;
  /** The first day to simulate; earlier ones are left out. */
  fromDay: number;
  faults: readonly FaultName[];
  without: Rule | null;
  /** How tickets die, where they are kept. */
  tickets: TicketModel | null;
}

export function createWorlds({
  seed,
  mode,
  fromDay,
  faults,
  without,
  tickets: model,
}: WorldOptions): World[] {
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
  const apps = appsOf(mode);
  const wechat = createWeChat({
    apps: apps.map(({ appid, deployment: { secret } }) => ({ appid, secret, kind: 'official' })),
    randomToken: () => `110_SIMULATED-${String(++tokens).padStart(6, '0')}`,
  });
  const trace = createTrace(timeline.now, EPOCH_AT_MS);
  const tally = createTally(startAtMs);
  const mintLimitPerDay = 500;
  const watchers = new Map<unknown, (before: StoredDocument | null, after: StoredDocument) => void>();
  const storeRandom = streams.of('database');
  const collection = createMemoryCollection({
    sleep: timeline.sleep,
    latencyMs: () => storeLatencyMs(dice, weather, timeline.now(), storeRandom),
    fault: (call) => pickStoreFault(dice, weather, timeline.now(), call),
    onWritten: (before, after) => watchers.get(after['_id'])?.(before, after),
  });
  const shared = {
    timeline,
    streams,
    dice,
    weather,
    wechat,
    collection,
    tally,
    trace,
    without,
    mintLimitPerDay,
    startAtMs,
    nextId: () => ++id,
  };
  return apps.map((app) => createView(shared, app, model, watchers));
}

/** The same world, as it is for one app. */
function createView(
  shared: Shared,
  app: SimulatedApp,
  model: TicketModel | null,
  watchers: Map<unknown, (before: StoredDocument | null, after: StoredDocument) => void>,
): World {
  const { trace, dice, mintLimitPerDay } = shared;
  const ledger = createLedger();
  const { now } = shared.timeline;
  const oracles = createOracles({ now, trace, ledger, dice, mintLimitPerDay });
  const tickets = model && createTicketOracle({ model, now }, oracles.violate);
  watchers.set(app.appid, oracles.documents.onWritten);
  if (tickets) watchers.set(ticketIdOf(app), tickets.onWritten);
  let refusedAtMs = -Infinity;
  const parts = { ...shared, ...app, ledger, oracles, tickets, tokenRefusedAtMs: () => refusedAtMs };
  const onTokenRefused = () => void (refusedAtMs = now());
  return { ...parts, send: createUpstream(parts, onTokenRefused) };
}
