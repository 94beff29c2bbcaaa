/** The core and its real adapters on virtual time: as many processes as a test likes, one database, one WeChat. */

import { createCloudStore } from '../../functions/_shared/store/cloud-store.ts';
import { getAccessToken } from '../../functions/_shared/token/getAccessToken.ts';
import type { Answer } from '../../functions/_shared/token/ports.ts';
import { createApp } from '../../functions/_shared/token/app.ts';
import type { App } from '../../functions/_shared/token/app.ts';
import type { Policy } from '../../functions/_shared/token/policy.ts';
import type { TokenRecord } from '../../functions/_shared/token/record.ts';
import { createMint } from '../../functions/_shared/wechat/mint.ts';
import { createProbe } from '../../functions/_shared/wechat/probe.ts';
import type { SendRequest } from '../../functions/_shared/wechat/send.ts';
import { tick } from '../../functions/refreshAccessToken/tick.ts';
import type { TickReply } from '../../functions/refreshAccessToken/reply.ts';
import { createWeChat } from '../../scripts/local/wechat/machine.ts';
import { createMemoryCollection } from '../../scripts/simulate/memory-collection.ts';
import type { StoreFault } from '../../scripts/simulate/memory-collection.ts';
import { createTimeline } from '../../scripts/simulate/timeline.ts';
import { createWeChatLine } from '../../scripts/simulate/wechat-line.ts';
import type { LineFault } from '../../scripts/simulate/wechat-line.ts';

export const APPID = 'wxAPP0000000000001';
export const SECRET = 'secret-of-the-first-app';
/** Noon of an ordinary day in UTC+8. */
export const START_MS = Date.UTC(2026, 10, 22, 4, 0, 0);

export interface HarnessOptions {
  policy?: Partial<Policy>;
  latencyMs?: number;
  wrongSecret?: boolean;
}

export type Harness = ReturnType<typeof createHarness>;

export function createHarness({
  policy: chosen = {},
  latencyMs = 20,
  wrongSecret = false,
}: HarnessOptions = {}) {
  const timeline = createTimeline(START_MS);
  let counter = 0;
  const wechat = createWeChat({
    apps: [{ appid: APPID, secret: SECRET }],
    randomToken: () => `110_TOKEN-${String(++counter).padStart(4, '0')}`,
  });
  const policy: Policy = {
    api: 'token',
    refreshAfterMs: 110 * 60_000,
    mintLimitPerDay: 500,
    fingerprint: 'f1',
    ...chosen,
  };
  // Faults are used up one by one; when none is left, all is well.
  const storeFaults: StoreFault[] = [];
  const lineFaults: LineFault[] = [];
  const outage = { store: false, wechat: false };
  const logged: { event: string; fields: Record<string, unknown> }[] = [];
  const collection = createMemoryCollection({
    sleep: timeline.sleep,
    latencyMs: () => latencyMs / 4,
    fault: () => (outage.store ? 'lost' : (storeFaults.shift() ?? 'none')),
  });
  const upstream = { calls: 0 };
  const line = createWeChatLine({
    wechat,
    now: timeline.now,
    sleep: timeline.sleep,
    latencyMs: () => latencyMs,
    fault: () => (outage.wechat ? { kind: 'lost-request' } : (lineFaults.shift() ?? { kind: 'none' })),
  });

  function process(own: Partial<Policy> & { skewMs?: number } = {}): App {
    const { skewMs = 0, ...differing } = own;
    const clock = { now: () => timeline.now() + skewMs, sleep: timeline.sleep, random: () => 0.5 };
    const effective = { ...policy, ...differing };
    const way = {
      baseUrls: ['https://a.invalid', 'https://b.invalid'],
      send: async (request: SendRequest) => {
        upstream.calls += 1;
        return line(request);
      },
    };
    const mint = createMint({
      appid: APPID,
      secret: wrongSecret ? 'not-the-secret' : SECRET,
      api: effective.api === 'stable' ? 'stable' : 'token',
      ...way,
      ...clock,
    });
    const newId = (): string => `id-${++counter}`;
    const log = (event: string, fields: Record<string, unknown>): void => void logged.push({ event, fields });
    return createApp(APPID, effective, {
      store: createCloudStore(collection, APPID, newId),
      mint,
      probe: createProbe({ ...way, ...clock }),
      newId,
      who: 'harness',
      log,
      ...clock,
    });
  }

  return {
    timeline,
    wechat,
    collection,
    storeFaults,
    lineFaults,
    outage,
    upstream,
    logged,
    process,
    advance: (durationMs: number) => timeline.runUntil(timeline.now() + durationMs),
    get: (app: App, reported: string | null = null): Promise<Answer> =>
      timeline.settle(getAccessToken(app, reported)),
    tick: async (app: App): Promise<TickReply> => (await timeline.settle(tick(app))).reply,
    mints: (): number => wechat.mints(APPID).legacy + wechat.mints(APPID).stable,
    isAlive: (token: string): boolean => wechat.useToken(token, timeline.now()).errcode === 0,
    stored: (): TokenRecord => collection.documents.get(APPID) as unknown as TokenRecord,
  };
}

/** The token of an answer that must be one. */
export function tokenOf(answer: Answer): string {
  if (!answer.ok) throw new Error(`no token: ${answer.errcode} ${answer.errmsg}`);
  return answer.token;
}
