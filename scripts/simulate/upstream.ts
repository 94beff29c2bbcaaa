/** WeChat as the functions meet it: the sandbox behind a line that is slow, down or lies, with an observer of every mint. */

import type { SendRequest, SendResult } from '../../functions/_shared/wechat/send.ts';
import type { TokenApi } from '../../functions/_shared/token/record.ts';
import type { TokenReply } from '../local/wechat/token-endpoints.ts';
import type { MintClaim } from './ledger.ts';
import { createWeChatLine, isForTicket, isProbe } from './wechat-line.ts';
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
  ...[String, plusNine, 0, -5, null, 1e9, 'soon', atMostAQuarter].map((life) => ({
    kind: 'edited' as const,
    edit: (answer: object) =>
      // Without a life that can be read it is taken for 300 s, as WeChat's documents leave; late renewals break that.
      'expires_in' in answer && Number(answer.expires_in) >= 300
        ? { ...answer, expires_in: typeof life === 'function' ? life(Number(answer.expires_in)) : life }
        : answer,
  })),
];

function plusNine(seconds: number): number {
  return seconds + 0.9;
}

function atMostAQuarter(seconds: number): number {
  return Math.min(seconds, 900);
}

const DENIED: LineFault = { kind: 'body', status: 200, body: '{"errcode":-1,"errmsg":"system error"}' };

type Parts = Omit<World, 'send'>;

const tokenIn = ({ url }: SendRequest): string => new URL(url).searchParams.get('access_token') ?? '';

export function createUpstream(world: Parts, onTokenRefused: () => void): World['send'] {
  const { timeline, tally, trace, oracles, tickets } = world;
  return async (request: SendRequest, claim: MintClaim | null): Promise<SendResult> => {
    const isOnlyProbe = isProbe(request);
    const isMint = !isOnlyProbe && !isForTicket(request);
    const fault = pickFault(world, isOnlyProbe);
    const latencyMs = pickLatencyMs(world);
    if (isMint || isOnlyProbe) tally.sent();
    if (isForTicket(request) && fault.kind !== 'none') tickets?.onSpoiled();
    if (isOnlyProbe && fault.kind !== 'none') oracles.reports.onDoubt(tokenIn(request));
    const line = createWeChatLine({
      wechat: observe(world, claim, fault === DENIED, onTokenRefused),
      now: timeline.now,
      sleep: timeline.sleep,
      latencyMs: () => latencyMs,
      fault: () => fault,
    });
    if (fault.kind !== 'none')
      trace.add(`#${claim?.instance ?? 0} asks WeChat, which will be: ${nameOf(fault)}`);
    const result = await line(request);
    // A person answers for a manual refresh: no pause binds it.
    if (claim?.isRequested !== true && isMint) oracles.onAnswer(result);
    if (isForTicket(request)) tickets?.onAnswer(result);
    if (isOnlyProbe && result.kind !== 'answered') oracles.reports.onDoubt(tokenIn(request));
    return result;
  };
}

/** Writes what WeChat does into the ledger, at the instant in which it does it. */
function observe(world: Parts, claim: MintClaim | null, isDenied: boolean, onTokenRefused: () => void) {
  const { wechat, timeline, ledger, oracles, tickets } = world;
  function note(api: TokenApi, reply: TokenReply, isForced: boolean): TokenReply {
    if (!('access_token' in reply)) return reply;
    const value = reply.access_token;
    if (ledger.find(value) === undefined) noteMint(world, value, api, claim, isDenied);
    ledger.confirm(value, timeline.now(), claim?.offsetMs ?? null);
    if (claim !== null) oracles.calls.onCall(claim, isForced);
    return reply;
  }
  return {
    stableToken: (...args: Parameters<typeof wechat.stableToken>) =>
      note('stable', wechat.stableToken(...args), isForced(args[0])),
    token: (...args: Parameters<typeof wechat.token>) => note('token', wechat.token(...args), false),
    useToken(...args: Parameters<typeof wechat.useToken>) {
      const [value = ''] = args;
      const reply = wechat.useToken(...args);
      if (reply.errcode === 0) ledger.confirm(value, timeline.now(), null);
      else {
        oracles.reports.onDoubt(value);
        onTokenRefused();
      }
      return reply;
    },
    ticket(...args: Parameters<typeof wechat.ticket>) {
      const reply = wechat.ticket(...args);
      if ('ticket' in reply) tickets?.onReturned(reply.ticket);
      return reply;
    },
    ownerOf: wechat.ownerOf,
  };
}

function noteMint(
  { timeline, ledger, oracles, tally, trace }: Parts,
  value: string,
  api: TokenApi,
  claim: MintClaim | null,
  isDenied: boolean,
): void {
  const mint = ledger.add(value, api, timeline.now(), claim, isDenied);
  trace.add(
    `#${claim?.instance ?? 0} has ${api} token ${mint.number} minted${isDenied ? ', and denied' : ''}`,
  );
  tally.minted(timeline.now());
  oracles.onMint(mint);
}

const isForced = (body: unknown): boolean => (body as { force_refresh?: unknown }).force_refresh === true;

function pickLatencyMs({ dice, weather, timeline, streams }: Parts): number {
  if (timeline.now() >= weather.wechatSlowUntilAtMs)
    return Math.floor(LEAST_LATENCY_MS + streams.of('wechat')() * (MOST_LATENCY_MS - LEAST_LATENCY_MS));
  return dice.between('wechat-slow', MOST_LATENCY_MS, MOST_SLOW_MS);
}

/** A probe is as frequent as a read, and is bound to be lost a hundred times less often than a mint. */
function pickFault({ dice, weather, timeline }: Parts, isOnlyProbe: boolean): LineFault {
  const scale = isOnlyProbe ? 0.01 : 1;
  if (timeline.now() < weather.wechatDownUntilAtMs) {
    return dice.pick('wechat-down', [
      { kind: 'unreachable' },
      { kind: 'unreachable' },
      { kind: 'lost-request' },
      { kind: 'lost-answer' },
    ] satisfies LineFault[]);
  }
  if (dice.strikes('wechat-busy', scale)) return dice.pick('wechat-busy', BUSY);
  if (dice.strikes('wechat-odd', scale)) return dice.pick('wechat-odd', ODD);
  if (dice.strikes('wechat-denies', scale)) return DENIED;
  if (dice.strikes('answer-lost', scale))
    return dice.pick('answer-lost', [
      { kind: 'lost-answer' },
      { kind: 'lost-answer' },
      { kind: 'lost-request' },
    ] satisfies LineFault[]);
  return { kind: dice.strikes('answer-late', scale) ? 'late-answer' : 'none' };
}

function nameOf(fault: LineFault): string {
  if (fault.kind === 'errcode') return `refusing with ${fault.errcode}`;
  if (fault.kind === 'body') return `minting and answering HTTP ${fault.status} ${fault.body}`;
  return fault.kind;
}
