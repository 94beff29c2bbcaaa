/** The way of one mint to WeChat, through the process's gate and under watch. */

import type { Ports } from '../../../functions/_shared/token/ports.ts';
import type { Claim, TokenApi } from '../../../functions/_shared/token/record.ts';
import { createMint } from '../../../functions/_shared/wechat/mint.ts';
import { createProbe } from '../../../functions/_shared/wechat/probe.ts';
import type { WeChat } from '../../../scripts/local/wechat/machine.ts';
import type { Timeline } from '../../../scripts/simulate/timeline.ts';
import { createWeChatLine } from '../../../scripts/simulate/wechat-line.ts';
import type { LineFault } from '../../../scripts/simulate/wechat-line.ts';
import { APPID, SECRET } from '../../support/harness.ts';
import type { Gate } from './gate.ts';
import type { Watch } from './watch.ts';

export interface LineOfAWorld {
  api: TokenApi;
  wechat: WeChat;
  timeline: Timeline;
  watch: Watch;
  fault(): LineFault;
}

const LATENCY_MS = 20;
const BASE_URLS = ['https://a.invalid', 'https://b.invalid'];

/** `claim` is the one that the process believes to hold. */
export function mintUnder(
  { api, wechat, timeline, watch, fault }: LineOfAWorld,
  claim: Claim,
  gate: Gate,
  clock: Pick<Ports, 'now' | 'sleep' | 'random'>,
): Ports['mint'] {
  let isOver = false;
  watch.mintBegins(claim);
  const arriving: typeof wechat.token = (query, nowMs) => {
    watch.mintArrives(claim, isOver ? null : gate);
    return wechat.token(query, nowMs);
  };
  const line = createWeChatLine({
    wechat: { ...wechat, token: arriving },
    now: timeline.now,
    sleep: timeline.sleep,
    latencyMs: () => LATENCY_MS,
    fault,
  });
  const send = (request: Parameters<typeof line>[0]) => gate.pass(() => line(request));
  const mint = createMint({ appid: APPID, secret: SECRET, api, baseUrls: BASE_URLS, send, ...clock });
  return async (isForced) => {
    const outcome = await mint(isForced);
    isOver = true;
    return outcome;
  };
}

/** A probe goes the same way; it mints nothing, so there is nothing to watch. */
export function probeThrough(
  { wechat, timeline, fault }: LineOfAWorld,
  gate: Gate,
  now: () => number,
): Ports['probe'] {
  const { sleep } = timeline;
  const line = createWeChatLine({ wechat, now: timeline.now, sleep, latencyMs: () => LATENCY_MS, fault });
  return createProbe({ baseUrls: BASE_URLS, send: (request) => gate.pass(() => line(request)), now });
}
