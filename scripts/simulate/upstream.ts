/** WeChat as the functions meet it: the sandbox behind a line that is slow, down or lies, with an observer of every mint. */

import type { SendRequest, SendResult } from '../../functions/_shared/wechat/send.ts';
import type { MintClaim } from './ledger.ts';
import { createWeChatLine } from './wechat-line.ts';
import type { LineFault } from './wechat-line.ts';
import type { World } from './world.ts';

const LEAST_LATENCY_MS = 20;
const MOST_LATENCY_MS = 150;
const MOST_SLOW_MS = 3_000;

const BUSY: readonly LineFault[] = [
  { kind: 'errcode', errcode: -1, errmsg: 'system error' },
  { kind: 'errcode', errcode: -1, errmsg: 'system error' },
  { kind: 'errcode', errcode: 45011, errmsg: 'api minute-quota reach limit, must slower, retry next minute' },
];

/** WeChat has minted, and this is what it says. */
const ODD: readonly LineFault[] = [
  { kind: 'body', status: 502, body: '<html>bad gateway</html>' },
  { kind: 'body', status: 200, body: '' },
  { kind: 'body', status: 200, body: '<html>maintenance</html>' },
  { kind: 'body', status: 500, body: '{"errcode":-1,"errmsg":"system error"}' },
  ...['7200', 7_200.9, 0, -5, null, 1e9, 'soon', 900].map((expiresIn) => ({
    kind: 'edited' as const,
    edit: (answer: object) => ('access_token' in answer ? { ...answer, expires_in: expiresIn } : answer),
  })),
];

const DENIED: LineFault = { kind: 'body', status: 200, body: '{"errcode":-1,"errmsg":"system error"}' };

type Parts = Omit<World, 'send'>;

export function createUpstream(world: Parts): World['send'] {
  const { timeline, tally, trace, sentry } = world;
  return async (request: SendRequest, claim: MintClaim | null): Promise<SendResult> => {
    const fault = pickFault(world);
    const latencyMs = pickLatencyMs(world);
    tally.sent();
    const line = createWeChatLine({
      wechat: observe(world, claim, fault === DENIED),
      now: timeline.now,
      sleep: timeline.sleep,
      latencyMs: () => latencyMs,
      fault: () => fault,
    });
    if (fault.kind !== 'none')
      trace.add(`#${claim?.instance ?? 0} asks WeChat, which will be: ${nameOf(fault)}`);
    const result = await line(request);
    sentry.onAnswer(result);
    return result;
  };
}

/** Writes every mint into the ledger at the instant in which WeChat carries it out. */
function observe(world: Parts, claim: MintClaim | null, isDenied: boolean) {
  const { wechat, timeline, ledger, sentry, tally, trace } = world;
  return {
    stableToken: wechat.stableToken,
    useToken: wechat.useToken,
    token(...args: Parameters<typeof wechat.token>) {
      const reply = wechat.token(...args);
      if ('access_token' in reply) {
        const mint = ledger.add(reply.access_token, timeline.now(), claim, isDenied);
        trace.add(
          `#${claim?.instance ?? 0} has token ${mint.number} minted${isDenied ? ', and denied' : ''}`,
        );
        tally.minted(timeline.now());
        sentry.onMint(mint);
      }
      return reply;
    },
  };
}

function pickLatencyMs({ dice, weather, timeline, streams }: Parts): number {
  if (timeline.now() >= weather.wechatSlowUntilAtMs)
    return Math.floor(LEAST_LATENCY_MS + streams.of('wechat')() * (MOST_LATENCY_MS - LEAST_LATENCY_MS));
  return dice.between('wechat-slow', MOST_LATENCY_MS, MOST_SLOW_MS);
}

function pickFault({ dice, weather, timeline }: Parts): LineFault {
  if (timeline.now() < weather.wechatDownUntilAtMs) {
    return dice.pick('wechat-down', [
      { kind: 'unreachable' },
      { kind: 'unreachable' },
      { kind: 'lost-request' },
      { kind: 'lost-answer' },
    ] satisfies LineFault[]);
  }
  if (dice.strikes('wechat-busy')) return dice.pick('wechat-busy', BUSY);
  if (dice.strikes('wechat-odd')) return dice.pick('wechat-odd', ODD);
  if (dice.strikes('wechat-denies')) return DENIED;
  if (dice.strikes('answer-lost'))
    return dice.pick('answer-lost', [
      { kind: 'lost-answer' },
      { kind: 'lost-answer' },
      { kind: 'lost-request' },
    ] satisfies LineFault[]);
  return { kind: dice.strikes('answer-late') ? 'late-answer' : 'none' };
}

function nameOf(fault: LineFault): string {
  if (fault.kind === 'errcode') return `refusing with ${fault.errcode}`;
  if (fault.kind === 'body') return `minting and answering HTTP ${fault.status} ${fault.body}`;
  return fault.kind;
}
