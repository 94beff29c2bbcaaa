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
import { ticketId } from '../../functions/_shared/ticket/settings.ts';
import { createTickets } from '../../functions/_shared/ticket/tickets.ts';
import type { SendRequest, SendResult } from '../../functions/_shared/wechat/send.ts';
import { createSkewedClock } from './clock.ts';
import type { SkewedClock } from './clock.ts';
import { createGate } from './gate.ts';
import { isProbe } from './wechat-line.ts';
import type { Gate } from './gate.ts';
import type { MintClaim } from './ledger.ts';
import { claimOf, observe } from './observe.ts';
import { breakMint, breakPolicy, breakProbe, breakStore, breakTicketPolicy } from './without.ts';
import type { World } from './world.ts';

export interface Instance {
  readonly id: number;
  /** One for each configured app. */
  readonly apps: ReadonlyMap<string, App>;
  /** By AppID; empty where none are kept. */
  readonly tickets: ReadonlyMap<string, App>;
  readonly clock: SkewedClock;
  readonly gate: Gate;
  /** What a tick does first. */
  readonly readAhead: (ids: readonly string[]) => Promise<void>;
  /** The token of each app that the call under way reports, where it reports one. */
  reported: Map<string, string>;
  /** Told when the instance dies. */
  whenDead: () => void;
}

const MOST_SKEW_MS = 120_000;
/** What the platform's time service leaves. */
const ORDINARY_SKEW_MS = 50;

/** `worlds`: one for each app; what is taken from the first is shared by all. `isReader`: it serves callers. */
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
  const reported = new Map<string, string>();
  const inside = { id, clock, gate, collection, isReader, tell, reported };
  const apps = new Map(worlds.map((each) => [each.appid, createAppBehind(each, inside)]));
  const tickets = new Map(
    worlds.flatMap((each) => (each.tickets ? [[each.appid, createTicketBehind(each, inside, apps)]] : [])),
  );
  const { readAhead } = collection;
  const instance: Instance = { id, apps, tickets, clock, gate, readAhead, reported, whenDead: () => {} };
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
  reported: Map<string, string>;
}

function createAppBehind(world: World, inside: Inside): App {
  const { id, clock, gate, collection, isReader, tell, reported } = inside;
  const { without, appid } = world;
  const { secret, fingerprint, api } = world.deployment;
  const { newId, ...ports } = portsOf(world, inside);
  let claim: MintClaim | null = null;
  const wechat = {
    baseUrls: BASE_URLS,
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
      claim = claimOf(world, { instance: id, clock, api }, next, reported.get(appid) ?? null);
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

/** The ticket of an app, fetched with its token. If WeChat refuses that token, this is reported as a caller would. */
function createTicketBehind(world: World, inside: Inside, tokens: ReadonlyMap<string, App>): App {
  const { id, clock, gate, collection, reported, tell } = inside;
  const { newId, ...ports } = portsOf(world, inside);
  const { appid, without, tickets: oracle } = world;
  const send = async (request: SendRequest): Promise<SendResult> => {
    oracle?.onAsked(clock.offsetMs());
    const result = await gate.through('send', () => world.send(request, null));
    const refused = tokenRefusedIn(request, result);
    if (refused === null) reported.delete(appid);
    else {
      reported.set(appid, refused);
      world.oracles.calls.onReported();
    }
    return result;
  };
  const [ticket] = createTickets({
    tickets: [{ appid, type: 'jsapi' }],
    tokens,
    storeOf: (ofTicket) => breakStore(without, createCloudStore(collection, ofTicket, newId)),
    ports: {
      ...ports,
      newId,
      who: `#${id}`,
      log(event, fields) {
        if (event === 'mint_failed' || event === 'claim_lost')
          tell(`ticket: ${event} ${fields['errmsg'] ?? ''}`);
      },
    },
    upstream: { baseUrls: BASE_URLS, send },
  }).values();
  return { ...ticket!, policy: breakTicketPolicy(without, ticket!.policy) };
}

/** The token in the request, where WeChat refuses it. */
function tokenRefusedIn({ url }: SendRequest, result: SendResult): string | null {
  const isRefused = result.kind === 'answered' && /^\{"errcode":(40001|40014|42001)\b/.test(result.body);
  return isRefused ? new URL(url).searchParams.get('access_token') : null;
}

/** Its document's. */
export const ticketIdOf = ({ appid }: { appid: string }): string => ticketId({ appid, type: 'jsapi' });

const BASE_URLS = ['https://a.invalid', 'https://b.invalid'];

function portsOf({ timeline, streams, nextId }: World, { clock, gate }: Inside) {
  return {
    now: clock.now,
    random: streams.of('core'),
    // Real timers and clocks know whole milliseconds only.
    sleep: (durationMs: number) => gate.through('sleep', () => timeline.sleep(Math.ceil(durationMs))),
    newId: (): string => `id-${nextId()}`,
  };
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
