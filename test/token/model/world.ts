/** Processes that crash and freeze, one database, WeChat's sandbox, on virtual time and under watch. */

import { createCloudStore } from '../../../functions/_shared/store/cloud-store.ts';
import type { Collection } from '../../../functions/_shared/store/collection.ts';
import { getAccessToken } from '../../../functions/_shared/token/getAccessToken.ts';
import { createApp } from '../../../functions/_shared/token/app.ts';
import type { App } from '../../../functions/_shared/token/app.ts';
import type { Policy } from '../../../functions/_shared/token/policy.ts';
import type { Claim, TokenApi, TokenRecord } from '../../../functions/_shared/token/record.ts';
import { tick } from '../../../functions/refreshAccessToken/tick.ts';
import { createWeChat } from '../../../scripts/local/wechat/machine.ts';
import { createMemoryCollection } from '../../../scripts/simulate/memory-collection.ts';
import type { StoreFault } from '../../../scripts/simulate/memory-collection.ts';
import { createTimeline } from '../../../scripts/simulate/timeline.ts';
import type { LineFault } from '../../../scripts/simulate/wechat-line.ts';
import { APPID, SECRET, START_MS } from '../../support/harness.ts';
import { createGate } from './gate.ts';
import type { Gate } from './gate.ts';
import { healthy } from './mutants.ts';
import type { Core } from './mutants.ts';
import { createWatch } from './watch.ts';
import { mintUnder, probeThrough } from './watched-mint.ts';

export interface Process {
  gate: Gate;
  app: App;
  /** The token it was last given. */
  token: string | null;
  /** Calls at its doors that are not over. */
  calls: number;
}

export type World = ReturnType<typeof createWorld>;

const STORE_LATENCY_MS = 5;

export function createWorld(api: TokenApi, core: Core = healthy) {
  const timeline = createTimeline(START_MS);
  const policy: Policy = { api, refreshAfterMs: 110 * 60_000, mintLimitPerDay: 500, fingerprint: 'f1' };
  const storeFaults: StoreFault[] = [];
  const lineFaults: LineFault[] = [];
  const processes = new Map<string, Process>();
  let counter = 0;
  const wechat = createWeChat({
    apps: [{ appid: APPID, secret: SECRET }],
    randomToken() {
      const token = `token-${watch.newest() + 1}`;
      watch.issued(token);
      return token;
    },
  });
  const collection = createMemoryCollection({
    sleep: timeline.sleep,
    latencyMs: () => STORE_LATENCY_MS,
    fault: () => storeFaults.shift() ?? 'none',
  });
  const watch = createWatch({
    policy,
    now: timeline.now,
    at: timeline.at,
    isAccepted: (token) => wechat.useToken(token, timeline.now()).errcode === 0,
    document: () => collection.documents.get(APPID) as unknown as TokenRecord | undefined,
  });

  const line = {
    api,
    wechat,
    timeline,
    watch,
    fault: () => lineFaults.shift() ?? ({ kind: 'none' } as const),
  };

  function start(name: string): Process {
    const gate = createGate(watch.check);
    const clock = {
      now: timeline.now,
      sleep: (durationMs: number) => gate.pass(() => timeline.sleep(Math.ceil(durationMs))),
      // No round number: what is computed from it must be stored whole all the same.
      random: () => 0.377,
    };
    const guarded: Collection = {
      get: (id) => gate.pass(() => collection.get(id)),
      insert: (id, document) => gate.pass(() => collection.insert(id, document)),
      replaceIf: (id, version, document) => gate.pass(() => collection.replaceIf(id, version, document)),
    };
    const newId = (): string => `id-${++counter}`;
    const store = core.store(createCloudStore(guarded, APPID, newId));
    let claim: Claim | null = null;
    const app = createApp(APPID, policy, {
      store: {
        read: store.read,
        async swap(basis, next, entry) {
          const written = await store.swap(basis, next, entry);
          if (written !== null) claim = next.claim ?? claim;
          return written;
        },
      },
      mint: (isForced) => mintUnder(line, claim!, gate, clock)(isForced),
      probe: probeThrough(line, gate, clock.now),
      newId,
      who: name,
      log: (event) => event === 'document_damaged' && watch.violate('what was written can’t be read again'),
      ...clock,
    });
    const process = { gate, app, token: null, calls: 0 };
    processes.set(name, process);
    return process;
  }

  /** A call at a door. Once it is over and nothing is unsaved, the document knows of every mint that it made. */
  async function finish(process: Process, call: Promise<unknown>): Promise<void> {
    process.calls += 1;
    await call;
    process.calls -= 1;
    if (process.calls === 0 && process.app.unsaved === null) watch.told(process.gate);
  }

  async function ask(process: Process, reportedToken: string | null): Promise<void> {
    const get = reportedToken === null ? getAccessToken : core.report;
    const answer = await get(process.app, reportedToken);
    watch.handedOut(answer, process.app.storePause.failures > 0);
    if (answer.ok) process.token = answer.token;
  }

  return {
    timeline,
    wechat,
    collection,
    storeFaults,
    lineFaults,
    processes,
    watch,
    start,
    account: wechat.account(APPID),
    advance: (durationMs: number) => timeline.runUntil(timeline.now() + durationMs),
    tick: (process: Process): Promise<void> => finish(process, tick(process.app)),
    /** A caller that needs a token, or reports the one that it was given. */
    call(process: Process, reportedToken: string | null): Promise<void> {
      if (reportedToken !== null) watch.reported(reportedToken);
      return finish(process, ask(process, reportedToken));
    },
  };
}
