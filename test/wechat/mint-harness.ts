/** A mint on virtual time, over a line that answers as scripted and keeps what it was asked. */

import { createMint } from '../../functions/_shared/wechat/mint.ts';
import type { MintOptions } from '../../functions/_shared/wechat/mint.ts';
import type { SendRequest, SendResult } from '../../functions/_shared/wechat/send.ts';
import type { MintOutcome } from '../../functions/_shared/token/ports.ts';
import { createTimeline } from '../../scripts/simulate/timeline.ts';

export const START_MS = Date.UTC(2026, 10, 22, 4);
export const SECRET = '0123456789abcdef0123456789abcdef';

/** `tookMs` is cut at the timeout, where the result becomes `lost`, as with a real line. */
export type Scripted = SendResult & { tookMs?: number };

export const token = (value = '110_new', expiresIn = 7200): Scripted =>
  answered(JSON.stringify({ access_token: value, expires_in: expiresIn }));
export const refused = (errcode: number, errmsg = 'no'): Scripted =>
  answered(JSON.stringify({ errcode, errmsg }));
export const answered = (body: string, status = 200): Scripted => ({ kind: 'answered', status, body });
export const lost: Scripted = { kind: 'lost', code: 'ECONNRESET' };
export const notSent: Scripted = { kind: 'not-sent', code: 'ECONNREFUSED' };

export interface MintRun {
  outcome: MintOutcome;
  asked: (SendRequest & { atMs: number })[];
  /** `api` of `https://api.example/cgi-bin/…`, in order. */
  hosts: string[];
  tookMs: number;
}

export async function runMint(
  script: Scripted[],
  { isForced = false, ...options }: Partial<MintOptions> & { isForced?: boolean } = {},
): Promise<MintRun> {
  const timeline = createTimeline(START_MS);
  const asked: MintRun['asked'] = [];
  const send = async (request: SendRequest): Promise<SendResult> => {
    asked.push({ ...request, atMs: timeline.now() });
    const { tookMs = 0, ...result } = script[asked.length - 1] ?? lost;
    await timeline.sleep(Math.min(tookMs, request.timeoutMs));
    if (tookMs > request.timeoutMs && result.kind !== 'not-sent') return { kind: 'lost', code: 'TIMEOUT' };
    return result;
  };
  const mint = createMint({
    appid: 'wxAPP',
    secret: SECRET,
    api: 'token',
    baseUrls: ['https://a.example', 'https://b.example'],
    send,
    now: timeline.now,
    sleep: timeline.sleep,
    random: () => 0.5,
    ...options,
  });
  const outcome = await timeline.settle(mint(isForced));
  const hosts = asked.map(({ url }) => new URL(url).hostname.split('.')[0] ?? '');
  return { outcome, asked, hosts, tookMs: timeline.now() - START_MS };
}
