/** A client whose getAccessToken, WeChat, clock and sleep are the test's, and a record of what it did with them. */

import { createWeChat } from '../../functions/getAccessToken/client.ts';
import type { FetchReply, WeChat, WeChatOptions } from '../../functions/getAccessToken/client.ts';

export const START_MS = Date.UTC(2026, 10, 22, 4, 0, 0);

interface Sent {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: unknown;
  token: string | null;
}

export interface Harness {
  wechat: WeChat;
  nowMs: number;
  /** The data of each callFunction. */
  asked: Record<string, unknown>[];
  sent: Sent[];
  sleptMs: number[];
  /** What getAccessToken answers; by default the next token of t1, t2 … for a report, else the last. */
  answerToken: (data: Record<string, unknown>) => unknown;
  /** What WeChat answers; by default `{"ok":true}`. */
  answerCall: (sent: Sent) => unknown;
}

export function createHarness(options: Partial<WeChatOptions> = {}): Harness {
  let made = 1;
  const harness: Harness = {
    wechat: undefined as unknown as WeChat,
    nowMs: START_MS,
    asked: [],
    sent: [],
    sleptMs: [],
    answerToken: (data) => tokenReply(`t${data['invalid_access_token'] === undefined ? made : (made += 1)}`),
    answerCall: () => ({ ok: true }),
  };
  harness.wechat = createWeChat({
    app: {
      async callFunction({ data }: { name: string; data: Record<string, unknown> }) {
        harness.asked.push(data);
        await Promise.resolve();
        return { result: await harness.answerToken(data) };
      },
    },
    now: () => harness.nowMs,
    sleep: async (ms) => void harness.sleptMs.push(ms),
    fetch: async (href, init) => {
      const url = new URL(href);
      const { method, headers, body } = init as Sent;
      const sent: Sent = { url, method, headers, body, token: url.searchParams.get('access_token') };
      harness.sent.push(sent);
      return toResponse(await harness.answerCall(sent));
    },
    ...options,
  });
  return harness;
}

export function tokenReply(token: string, lifeSeconds = 6_000): Record<string, unknown> {
  return {
    errcode: 0,
    errmsg: 'ok',
    appid: 'wx1',
    access_token: token,
    expires_in: lifeSeconds,
    expires_at: 1,
  };
}

function toResponse(answer: unknown): FetchReply {
  if (answer instanceof Response) return answer;
  return new Response(answer instanceof Uint8Array ? Buffer.from(answer) : JSON.stringify(answer));
}

/** The error of a promise that has to fail. */
export async function errorOf(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  const outcome = await promise.then(
    () => 'it succeeded',
    (error: unknown) => error,
  );
  if (outcome instanceof Error) return outcome as Error & Record<string, unknown>;
  throw new Error(`no error, but ${String(outcome)}`);
}
