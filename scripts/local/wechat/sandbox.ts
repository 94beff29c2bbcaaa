/** The WeChat sandbox: the state machine behind a local HTTP server, with the faults a real network adds. */

import { setMaxListeners } from 'node:events';
import type { CloudClock } from '../clock.ts';
import { startHttpServer, type HttpAnswer, type HttpRequest } from '../http-server.ts';
import type { AppOptions } from './account.ts';
import { enactFault, isFinal } from './enact-fault.ts';
import { appOf, readCall, route, type Call } from './endpoints.ts';
import { createFaults, type Faults, type Stage } from './faults.ts';
import { KNOB_PREFIX, turnKnob } from './knobs.ts';
import { createWeChat, LOOPBACK, type WeChat } from './machine.ts';
import type { TicketValue } from './tickets.ts';
import { createTokenValues } from './token-value.ts';
import { asRecord, isChunkedPost, jsonAnswer, bodyAsJson } from './wire.ts';

export interface SandboxOptions {
  clock: CloudClock;
  /** 0 takes any free port. */
  port: number;
  /** For the knobs; the rest asks for what WeChat asks for. */
  secret: string;
  apps: readonly AppOptions[];
  /** One call per request, after its answer is known. */
  log?: ((entry: SandboxLogEntry) => void) | undefined;
  /** The address that whitelist and risk checks see; every real caller comes from 127.0.0.1. */
  clientIp?: string;
  /** Of a ticket; else a digest of the arguments. */
  ticketValue?: TicketValue;
  /** The number in front of each token value. */
  generation?: number;
}

/** Never a secret, a token or a query string. */
export interface SandboxLogEntry {
  atMs: number;
  method: string;
  path: string;
  appid: string | undefined;
  /** 0 when the connection was dropped. */
  status: number;
  errcode: number | undefined;
}

export interface WeChatSandbox {
  url: string;
  port: number;
  wechat: WeChat;
  faults: Faults;
  close(): Promise<void>;
}

export async function startWeChatSandbox(options: SandboxOptions): Promise<WeChatSandbox> {
  const { clock, port, secret, apps, log, clientIp = LOOPBACK, generation, ticketValue } = options;
  const wechat = createWeChat({ apps, randomToken: createTokenValues(generation), ticketValue });
  const faults = createFaults();
  const closing = new AbortController();
  // A listener for each request that waits, as many as there are connections: that is no leak.
  setMaxListeners(0, closing.signal);

  async function suffer(stage: Stage, call: Call, answer?: HttpAnswer): Promise<HttpAnswer | undefined> {
    const moment = { stage, path: call.path, appid: appOf(wechat, call, clock.now()) };
    for await (const fault of faults.strike(moment, clock.now())) {
      answer = await enactFault(fault, answer, clock.now(), closing.signal);
      if (answer?.drop || isFinal(fault)) break;
    }
    return answer;
  }

  async function answerCall(request: HttpRequest): Promise<HttpAnswer> {
    if (isChunkedPost(request)) return { status: 412 };
    const call = readCall(request);
    const refused = await suffer('before', call);
    const answer = refused ?? (await suffer('after', call, route(wechat, call, clock.now(), clientIp)));
    const sent = answer ?? { status: 0, drop: true };
    log?.(describe(request, appOf(wechat, call, clock.now()), sent, clock.now()));
    return sent;
  }

  const server = await startHttpServer({
    port,
    secret,
    isOpen: (path) => !path.startsWith(KNOB_PREFIX),
    refuse: (status, errmsg) => jsonAnswer({ ok: false, errmsg }, status),
    handle(request) {
      if (request.path.startsWith(KNOB_PREFIX)) return turnKnob({ wechat, faults, clock }, request);
      return answerCall(request);
    },
  });
  return {
    url: server.url,
    port: server.port,
    wechat,
    faults,
    close() {
      closing.abort();
      return server.close();
    },
  };
}

function describe(
  request: HttpRequest,
  appid: string | undefined,
  answer: HttpAnswer,
  atMs: number,
): SandboxLogEntry {
  const errcode = asRecord(bodyAsJson(Buffer.from(answer.body ?? '')))['errcode'];
  return {
    atMs,
    method: request.method,
    path: request.path,
    appid,
    status: answer.status,
    errcode: typeof errcode === 'number' ? errcode : undefined,
  };
}
