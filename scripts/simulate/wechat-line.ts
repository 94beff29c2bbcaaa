/** The way from the functions to the sandbox's WeChat without sockets: virtual latencies, and what a network does. */

import type { Send, SendResult } from '../../functions/_shared/wechat/send.ts';
import type { WeChat } from '../local/wechat/machine.ts';

/**
 * `unreachable`: never sent. `lost-request`: sent, never arrived. `lost-answer`: carried out, but the answer is lost.
 * `late-answer`: as `lost-answer`, and WeChat does it seconds after the caller has given up.
 * `errcode`: WeChat refuses and does nothing. `body`, `edited`: it is carried out, but the answer is unusual.
 */
export type LineFault =
  | { kind: 'none' | 'unreachable' | 'lost-request' | 'lost-answer' | 'late-answer' }
  | { kind: 'body'; status: number; body: string }
  | { kind: 'edited'; edit: (answer: object) => object }
  | { kind: 'errcode'; errcode: number; errmsg: string };

export interface WeChatLineOptions {
  wechat: Pick<WeChat, 'token' | 'stableToken' | 'useToken' | 'ticket' | 'ownerOf'>;
  now(): number;
  sleep(durationMs: number): Promise<void>;
  latencyMs(): number;
  fault(): LineFault;
}

const LATE_MS = 9_000;
const PROBE_PATH = '/cgi-bin/get_api_domain_ip';
const TICKET_PATH = '/cgi-bin/ticket/getticket';

export function createWeChatLine(options: WeChatLineOptions): Send {
  return async (request): Promise<SendResult> => {
    const fault = options.fault();
    const latencyMs = options.latencyMs();
    if (fault.kind === 'unreachable') {
      await options.sleep(Math.min(latencyMs, request.timeoutMs));
      return { kind: 'not-sent', code: 'ECONNREFUSED' };
    }
    const isTooSlow = latencyMs * 2 > request.timeoutMs;
    if (fault.kind === 'lost-request' || isTooSlow) {
      if (isTooSlow && fault.kind !== 'lost-request')
        void options.sleep(latencyMs).then(() => ask(options, request));
      await options.sleep(request.timeoutMs);
      return { kind: 'lost', code: 'TIMEOUT' };
    }
    if (fault.kind === 'late-answer') {
      void options.sleep(LATE_MS).then(() => ask(options, request));
      await options.sleep(request.timeoutMs);
      return { kind: 'lost', code: 'TIMEOUT' };
    }
    await options.sleep(latencyMs);
    if (fault.kind === 'errcode') {
      await options.sleep(latencyMs);
      return {
        kind: 'answered',
        status: 200,
        body: JSON.stringify({ errcode: fault.errcode, errmsg: fault.errmsg }),
      };
    }
    const answer = ask(options, request);
    const body = JSON.stringify(fault.kind === 'edited' ? fault.edit(answer) : answer);
    await options.sleep(latencyMs);
    if (fault.kind === 'lost-answer') return { kind: 'lost', code: 'ECONNRESET' };
    if (fault.kind === 'body') return { kind: 'answered', status: fault.status, body: fault.body };
    return { kind: 'answered', status: 200, body };
  };
}

/** Is it a call that only uses a token? */
export const isProbe = ({ url }: { url: string }): boolean => new URL(url).pathname === PROBE_PATH;

/** Is it a call for a ticket? */
export const isForTicket = ({ url }: { url: string }): boolean => new URL(url).pathname === TICKET_PATH;

function ask(
  { wechat, now }: WeChatLineOptions,
  { url, body }: { url: string; body: string | null },
): object {
  const { pathname, searchParams } = new URL(url);
  if (pathname === '/cgi-bin/stable_token') return wechat.stableToken(JSON.parse(body ?? '{}'), now());
  const token = searchParams.get('access_token') ?? '';
  if (pathname === PROBE_PATH) return use(wechat, token, now(), () => ({ ip_list: ['127.0.0.1'] }));
  if (pathname === TICKET_PATH)
    return use(wechat, token, now(), () =>
      wechat.ticket(wechat.ownerOf(token, now()) ?? '', searchParams.get('type'), now()),
    );
  return wechat.token(Object.fromEntries(searchParams), now());
}

/** A call that needs a token, and leaves it as it is. */
function use(
  wechat: WeChatLineOptions['wechat'],
  token: string,
  nowMs: number,
  answer: () => object,
): object {
  const used = wechat.useToken(token, nowMs);
  return used.errcode === 0 ? answer() : used;
}
