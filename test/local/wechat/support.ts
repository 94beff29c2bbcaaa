/** What the sandbox's tests share: one app, a clock that stands still, and callers in process and over HTTP. */

import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { onTestFinished } from 'vitest';
import { createCloudClock, type CloudClock } from '../../../scripts/local/clock.ts';
import type { AppOptions } from '../../../scripts/local/wechat/account.ts';
import { createWeChat, type WeChat } from '../../../scripts/local/wechat/machine.ts';
import {
  startWeChatSandbox,
  type SandboxOptions,
  type WeChatSandbox,
} from '../../../scripts/local/wechat/sandbox.ts';
import type { TokenReply } from '../../../scripts/local/wechat/token-endpoints.ts';
import { bearer } from '../../support/cloud.ts';

/** The secret of the knobs. */
export const KNOBS = 'knob-secret';
/** Midnight in China, when WeChat's day begins. */
export const MIDNIGHT_MS = Date.parse('2026-11-22T00:00:00+08:00');
export const APP: AppOptions = { appid: 'wx0000000000000001', secret: 'secret-of-the-one-app' };
export const CREDENTIALS = { appid: APP.appid, secret: APP.secret, grant_type: 'client_credential' };

export function createMachine(options: Partial<AppOptions> = {}): WeChat {
  let made = 0;
  return createWeChat({ apps: [{ ...APP, ...options }], randomToken: () => `token-${++made}` });
}

export interface Running extends WeChatSandbox {
  clock: CloudClock;
}

/** A sandbox that closes with the test, its clock standing at Chinese midnight. */
export async function runSandbox(options: Partial<SandboxOptions> = {}): Promise<Running> {
  const clock = createCloudClock();
  clock.freeze();
  clock.advance(MIDNIGHT_MS - clock.now());
  const sandbox = await startWeChatSandbox({ clock, port: 0, secret: KNOBS, apps: [APP], ...options });
  onTestFinished(() => sandbox.close());
  return { ...sandbox, clock };
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

export interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Node's own client: unlike fetch it lets a test name its own Host and leave out Content-Length. */
export function call(url: string, { method = 'GET', headers = {}, body }: Sent = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      url,
      { method, headers: { ...lengthOf(body), ...bearer(KNOBS), ...headers } },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        );
        incoming.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

export function post(url: string, body: unknown): Promise<Answer> {
  return call(url, { method: 'POST', body: JSON.stringify(body) });
}

export async function callLegacy(
  url: string,
  credentials: Record<string, string> = CREDENTIALS,
): Promise<TokenReply> {
  const answer = await call(`${url}/cgi-bin/token?${new URLSearchParams(credentials).toString()}`);
  return JSON.parse(answer.text) as TokenReply;
}

export async function callStable(url: string, extra: Record<string, unknown> = {}): Promise<TokenReply> {
  return JSON.parse(
    (await post(`${url}/cgi-bin/stable_token`, { ...CREDENTIALS, ...extra })).text,
  ) as TokenReply;
}

/** The errcode of an endpoint that takes a token; success without one is 0. */
export async function callWithToken(
  url: string,
  token: string,
  path = '/cgi-bin/get_api_domain_ip',
): Promise<number> {
  return errcodeOf(JSON.parse((await call(`${url}${path}?access_token=${token}`)).text) as object);
}

export function errcodeOf(reply: object): number {
  return 'errcode' in reply ? Number(reply.errcode) : 0;
}

export function tokenOf(reply: TokenReply): string {
  if ('errcode' in reply) throw new Error(`refused with ${reply.errcode}: ${reply.errmsg}`);
  return reply.access_token;
}

function lengthOf(body: string | undefined): Record<string, string> {
  return body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
}
