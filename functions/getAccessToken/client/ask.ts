/** One question to getAccessToken: the token with the life it is promised, or why there is none. */

import { adviceForNoToken } from './advice.ts';
import { codeOf, WeChatError, withoutToken } from './error.ts';
import { within } from './limit.ts';
import type { Settings } from './settings.ts';

export interface Held {
  token: string;
  /** The same, ready to be handed out: a promise of its own for each call would cost more than all the rest. */
  promise: Promise<string>;
  askedAtMs: number;
  /** Asked for again from here on. */
  freshUntilMs: number;
  /** The end of the life that getAccessToken assured. */
  endsAtMs: number;
}

/** WeChat's own advice to those who read from a central server: keep it for a minute. */
const MEMORY_MS = 60_000;

/** Below the 20 s that a function should have, with time left for the call of WeChat or the error. */
export const LONGEST_QUESTION_MS = 15_000;

/** `refused`: a token that WeChat has just refused. */
export async function ask(settings: Settings, refused: string | undefined): Promise<Held> {
  const { appid, functionName, now } = settings;
  const data = {
    ...(appid === undefined ? {} : { appid }),
    ...(refused === undefined ? {} : { invalid_access_token: refused }),
  };
  // Before the call, since the promised life counts from the answer on.
  const askedAtMs = now();
  const reply = await askFor(settings, { name: functionName, noun: 'access_token', data, refused });
  const { access_token: token, expires_in: lifeSeconds } = reply as {
    access_token: string;
    expires_in: unknown;
  };
  if (typeof lifeSeconds !== 'number' || !(lifeSeconds > 0 && lifeSeconds < Infinity))
    throw failure(functionName, 'access_token', {}, refused);
  const lifeMs = lifeSeconds * 1_000;
  return {
    token,
    promise: Promise.resolve(token),
    askedAtMs,
    freshUntilMs: askedAtMs + Math.min(lifeMs, MEMORY_MS),
    endsAtMs: askedAtMs + lifeMs,
  };
}

/** Whose error it is, of getTicket too: one of our functions gave nothing. */
const ORIGIN = 'getAccessToken';

interface Asked {
  /** Of the function. */
  name: string;
  /** The field of its answer that must be there. */
  noun: 'access_token' | 'signature';
  data: Record<string, unknown>;
  refused?: string | undefined;
}

/** The answer of a function that hands something out. */
export async function askFor(settings: Settings, { name, noun, data, refused }: Asked): Promise<Reply> {
  const reply = asReply(await callFunction(settings, name, data, refused));
  const isThere = typeof reply[noun] === 'string' && reply[noun] !== '';
  if (reply['errcode'] !== 0 || !isThere) throw failure(name, noun, reply, refused);
  return reply;
}

async function callFunction(
  { app }: Settings,
  functionName: string,
  data: Record<string, unknown>,
  refused: string | undefined,
): Promise<unknown> {
  try {
    const called = app.callFunction({ name: functionName, data });
    const answer = await within(
      Promise.resolve(called as Promise<{ result?: unknown } | undefined>),
      LONGEST_QUESTION_MS,
      () => noAnswer(functionName, LONGEST_QUESTION_MS),
    );
    return answer?.result;
  } catch (error) {
    if (error instanceof WeChatError) throw error;
    throw new WeChatError({
      what: `callFunction(${functionName}) failed`,
      errcode: 502,
      origin: ORIGIN,
      errmsg: withoutToken(textOf(error), refused),
      code: codeOf(error),
      advice: `see that ${functionName} is deployed in this environment (npm run deploy), and try again`,
    });
  }
}

export function noAnswer(functionName: string, waitedMs: number): WeChatError {
  return new WeChatError({
    what: `callFunction(${functionName})`,
    errcode: 502,
    origin: ORIGIN,
    errmsg: `no answer within ${waitedMs / 1_000} s`,
    advice: `see the log of ${functionName}, and try again`,
  });
}

/** wx-server-sdk says errMsg, @cloudbase/node-sdk message. */
function textOf(error: unknown): string {
  const { message, errMsg } = Object(error) as { message?: unknown; errMsg?: unknown };
  return [message, errMsg].find((text) => typeof text === 'string') ?? 'no reason given';
}

type Reply = Record<string, unknown>;

function asReply(result: unknown): Reply {
  return typeof result === 'object' && result !== null ? (result as Reply) : {};
}

function failure(
  functionName: string,
  noun: Asked['noun'],
  reply: Reply,
  refused: string | undefined,
): WeChatError {
  const { errcode, errmsg } = reply;
  const retryAfter = typeof reply['retry_after'] === 'number' ? reply['retry_after'] : undefined;
  const what = `${functionName} gave no ${noun}`;
  if (typeof errcode !== 'number' || errcode === 0) {
    const advice = `see that ${functionName} is the function of cloudbase-access-token`;
    return new WeChatError({ what, errcode: 502, origin: ORIGIN, errmsg: 'an unreadable answer', advice });
  }
  return new WeChatError({
    what,
    errcode,
    origin: ORIGIN,
    errmsg: withoutToken(String(errmsg), refused),
    advice: adviceForNoToken(errcode, retryAfter, { name: functionName, noun }),
    retry_after: retryAfter,
  });
}
