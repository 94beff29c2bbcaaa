/**
 * One instance of a cloud function: the real core and adapters for each app, with one clock; all its calls go through
 * one gate.
 */

import { createCloudStore } from '../../functions/_shared/store/cloud-store.ts';
import type { Collection, ListReader } from '../../functions/_shared/store/collection.ts';
import { createReadAhead } from '../../functions/_shared/store/read-ahead.ts';
import { createApp } from '../../functions/_shared/token/app.ts';
import type { StoredToken } from '../../functions/_shared/token/record.ts';
import type { App } from '../../functions/_shared/token/app.ts';
import { createMint } from '../../functions/_shared/wechat/mint.ts';
import { createProbe } from '../../functions/_shared/wechat/probe.ts';
import type { SendRequest } from '../../functions/_shared/wechat/send.ts';
import { createSkewedClock } from './clock.ts';
import type { SkewedClock } from './clock.ts';
import { createGate } from './gate.ts';
import { isProbe } from './wechat-line.ts';
import type { Gate } from './gate.ts';
import type { MintClaim } from './ledger.ts';
import { claimOf, observe } from './observe.ts';
import { breakMint, breakPolicy, breakProbe, breakStore } from './without.ts';
import type { World } from './world.ts';

export interface Instance {
  readonly id: number;
  /** One for each configured app. */
  readonly apps: ReadonlyMap<string, App>;
  readonly clock: SkewedClock;
  readonly gate: Gate;
  /** What a tick does first. */
  readonly readAhead: (ids: readonly string[]) => Promise<void>;
  /** The token that the call under way reports; null when it reports none. */
  reported: string | null;
  /** Told when the instance dies. */
  whenDead: () => void;
}

const MOST_SKEW_MS = 120_000;
/** What the platform's time service leaves. */
const ORDINARY_SKEW_MS = 50;

/** `worlds`: of all apps, which share everything that is used of the first. `isReader`: it serves callers. */
export function startInstance(worlds: readonly World[], isReader: boolean): Instance {
  const world = worlds[0]!;
  const { timeline, dice, streams, trace } = world;
  const id = world.nextId();
  const isSkewed = dice.strikes('clock-skew');
  const clock = createSkewedClock(
    timeline.now,
    isSkewed
      ? dice.between('clock-skew', -MOST_SKEW_MS, MOST_SKEW_MS)
      : Math.floor((streams.of('clock')() - 0.5) * 2 * ORDINARY_SKEW_MS),
  );
  const tell = (text: string): void => trace.add(`#${id} ${text}`);
  const gate = createGate({ timeline, dice, tell, onDeath: () => instance.whenDead() });
  const collection = createReadAhead(behind(gate, world.collection), clock.now, () => {});
  const inside = { id, clock, gate, collection, isReader, tell, reported: () => instance.reported };
  const apps = new Map(worlds.map((each) => [each.appid, createAppBehind(each, inside)]));
  const { readAhead } = collection;
  const instance: Instance = { id, apps, clock, gate, readAhead, reported: null, whenDead: () => {} };
  if (isSkewed) tell(`starts with a clock that is ${Math.round(clock.offsetMs() / 1_000)} s off`);
  return instance;
}

/** The clock of an instance may be set back while it works. */
export function stepClock({ dice, trace }: World, { id, clock }: Instance): void {
  if (!dice.strikes('clock-step')) return;
  const next = Math.max(-MOST_SKEW_MS, clock.offsetMs() - dice.between('clock-step', 1_000, MOST_SKEW_MS));
  trace.add(
    `#${id} sets its clock from ${Math.round(clock.offsetMs() / 1_000)} s to ${Math.round(next / 1_000)} s`,
  );
  clock.stepTo(next);
}

interface Inside {
  id: number;
  clock: SkewedClock;
  gate: Gate;
  collection: Collection;
  isReader: boolean;
  tell(text: string): void;
  reported(): string | null;
}

function createAppBehind(world: World, inside: Inside): App {
  const { id, clock, gate, collection, isReader, tell, reported } = inside;
  const { timeline, without, appid } = world;
  const { secret, fingerprint, api } = world.deployment;
  const random = world.streams.of('core');
  const newId = (): string => `id-${world.nextId()}`;
  const ports = {
    now: clock.now,
    random,
    // Real timers and clocks know whole milliseconds only.
    sleep: (durationMs: number) => gate.through('sleep', () => timeline.sleep(Math.ceil(durationMs))),
  };
  let claim: MintClaim | null = null;
  const wechat = {
    baseUrls: ['https://a.invalid', 'https://b.invalid'],
    send: (request: SendRequest) => {
      world.oracles.clocks.onRequest(clock.offsetMs());
      return gate.through(isProbe(request) ? 'probe' : 'send', () => world.send(request, claim));
    },
  };
  const mint = createMint({ appid, secret, api, ...wechat, ...ports });
  const store = breakStore(without, createCloudStore(collection, appid, newId));
  const { mintLimitPerDay } = world;
  const policy = { api, refreshAfterMs: 110 * 60_000, mintLimitPerDay, fingerprint };
  const ageMs = (): number => {
    const stored = world.collection.documents.get(appid)?.['token'] as StoredToken | null | undefined;
    return clock.now() - (stored?.mintedAtMs ?? 0);
  };
  return createApp(appid, breakPolicy(without, policy, isReader ? ageMs : null), {
    store: observe(store, (next) => {
      claim = claimOf(world, { instance: id, clock, api }, next, reported());
      tell(`claims${claim.reported === null ? '' : ', for a report'}`);
    }),
    mint: breakMint(without, mint, isReader),
    probe: breakProbe(without, createProbe({ ...wechat, ...ports })),
    newId,
    who: `#${id}`,
    log: (event, fields) => {
      if (event === 'mint_failed' || event === 'claim_lost') tell(`${event} ${fields['errmsg'] ?? ''}`);
    },
    ...ports,
  });
}

function behind(gate: Gate, collection: Collection & ListReader): Collection & ListReader {
  return {
    getAll: (ids) => gate.through('read', () => collection.getAll(ids)),
    get: (id) => gate.through('read', () => collection.get(id)),
    insert: (id, document) => gate.through('write', () => collection.insert(id, document)),
    replaceIf: (id, version, document) =>
      gate.through('write', () => collection.replaceIf(id, version, document)),
  };
}
