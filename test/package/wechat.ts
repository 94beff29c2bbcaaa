/** A server in WeChat's place and a getAccessToken that the test answers for, with the installed client between them. */

import { inspect } from 'node:util';
import { onTestFinished } from 'vitest';
import type { WeChat, WeChatOptions } from '../../functions/getAccessToken/client.ts';
import { startHttpServer, type HttpAnswer, type HttpRequest } from '../../scripts/local/http-server.ts';
import { installPackage } from './installed.ts';

/** Must be in no error. */
const TOKEN = '110_CANARY-of-the-token';

export interface Place {
  wechat: WeChat;
  url: string;
  requests: HttpRequest[];
  /** The data of each callFunction. */
  asked: Record<string, unknown>[];
  /** What getAccessToken does; may be replaced. */
  answerToken: (data: Record<string, unknown>) => unknown;
  nowMs: number;
}

export type Respond = HttpAnswer | ((request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>);

export async function startPlace(respond: Respond, options: Partial<WeChatOptions> = {}): Promise<Place> {
  const { client } = await installPackage();
  const requests: HttpRequest[] = [];
  const server = await startHttpServer({
    port: 0,
    secret: null,
    handle(request) {
      requests.push(request);
      return typeof respond === 'function' ? respond(request) : respond;
    },
  });
  onTestFinished(() => server.close());
  const place: Place = {
    wechat: undefined as unknown as WeChat,
    url: server.url,
    requests,
    asked: [],
    answerToken: () => tokenReply(TOKEN),
    nowMs: Date.UTC(2026, 10, 22, 4),
  };
  const app = {
    async callFunction({ data }: { data: Record<string, unknown> }) {
      place.asked.push(data);
      return { result: await place.answerToken(data) };
    },
  };
  const own = { app, baseUrl: server.url, now: () => place.nowMs, sleep: async () => {} };
  place.wechat = client.createWeChat({ ...own, ...options });
  return place;
}

export function tokenReply(token: string, lifeSeconds = 6_000): Record<string, unknown> {
  return { errcode: 0, errmsg: 'ok', access_token: token, expires_in: lifeSeconds };
}

export function json(body: unknown, status = 200): HttpAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers: { 'content-type': 'application/json' }, body: text };
}

export function tokenOf({ query }: HttpRequest): string | null {
  return new URLSearchParams(query).get('access_token');
}

export type Thrown = Error & Record<string, unknown>;

/** The error of a promise that has to fail, in which no token is. */
export async function errorOf(promise: Promise<unknown>): Promise<Thrown> {
  const outcome = await promise.then(
    (value) => new Error(`it succeeded: ${inspect(value)}`),
    (error: unknown) => error as Error,
  );
  if (inspect(outcome, { depth: 9, showHidden: true }).includes('CANARY'))
    throw new Error('it holds the token');
  return outcome as Thrown;
}

/** What only an error about a request that left may say. */
export const MAYBE_DONE = /carried it out/;
