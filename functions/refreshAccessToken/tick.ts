/** A tick of all apps, and each one's share of it in the words of the reply. No token ever leaves by this way. */

import type { Runtime } from '../_shared/runtime/runtime.ts';
import { explain, TokenError } from '../_shared/token/ports.ts';
import type { Log } from '../_shared/token/ports.ts';
import type { Wait } from '../_shared/token/decide.ts';
import type { App } from '../_shared/token/app.ts';
import { assuredLifeMs, dueAtMs } from '../_shared/token/life.ts';
import { refreshAccessToken } from '../_shared/token/refreshAccessToken.ts';
import type { RefreshOutcome } from '../_shared/token/refreshAccessToken.ts';

export interface TickReply {
  appid: string;
  action: 'refreshed' | 'fresh' | 'busy' | 'failed';
  errcode: number;
  errmsg: string;
  /** Seconds of assured life that the stored token has left; 0 when there is none. */
  expires_in: number;
  /** Seconds until the next refresh is due or allowed. */
  refresh_in: number;
}

export interface Tick {
  reply: TickReply;
  /** The failure may pass by itself: the platform should try again. */
  isRetryable: boolean;
}

interface Round {
  /** Where it came from; an operator's is no tick that anybody waits for. */
  from: 'timer' | 'outside' | 'operator';
  /** When the function was called, by `performance.now()`. */
  beganAtMs: number;
  log: Log;
}

/** 40 apps, each waiting on WeChat and the database, fit into the time limit 8 at a time. */
const MOST_AT_ONCE = 8;

export async function tickAll(runtime: Runtime, { from, beganAtMs, log }: Round): Promise<Tick[]> {
  const tickAndLog = async (app: App): Promise<Tick> => {
    const result = await tick(app);
    const { appid, action, errcode, errmsg, expires_in: expiresIn, refresh_in: refreshIn } = result.reply;
    log('tick', { appid, action, errcode, errmsg, expiresIn, refreshIn });
    return result;
  };
  const apps = [...runtime.apps.values()];
  await runtime.readAhead?.(apps.map(({ appid }) => appid));
  const ticks = await forEachBounded(apps, MOST_AT_ONCE, tickAndLog);
  const isMeant = from === runtime.config.ticks;
  await runtime.afterTicks?.({ apps, isMeant, elapsedMs: performance.now() - beganAtMs });
  return ticks;
}

/** Every app that failed for a transient reason, and why; empty when none did. */
export function failuresIn(ticks: readonly Tick[]): string {
  return ticks
    .filter(({ isRetryable }) => isRetryable)
    .map(({ reply: { appid, errcode, errmsg } }) => `${appid}: ${errcode} ${errmsg}`)
    .join('; ');
}

/** Never throws: one app's failure must not touch another's. */
export async function tick(app: App): Promise<Tick> {
  try {
    return describe(app, await refreshAccessToken(app, { by: 'timer' }));
  } catch (error) {
    const isHopeless = error instanceof TokenError && error.code === 'STORE_MISCONFIGURED';
    // Any other error is our own bug, and its text might quote anything.
    const errmsg = error instanceof TokenError ? error.message : 'internal error';
    const reply = { appid: app.appid, action: 'failed', errcode: isHopeless ? 500 : 503, errmsg } as const;
    return { reply: { ...reply, expires_in: 0, refresh_in: 0 }, isRetryable: !isHopeless };
  }
}

function describe(app: App, outcome: RefreshOutcome): Tick {
  const nowMs = app.ports.now();
  const { action, record } = outcome;
  const reply: TickReply = {
    appid: app.appid,
    action,
    ...reasonOf(outcome),
    expires_in: Math.floor(assuredLifeMs(record, nowMs, nowMs, app.policy) / 1_000),
    refresh_in: Math.max(0, Math.ceil((nextAtMs(app, outcome) - nowMs) / 1_000)),
  };
  return { reply, isRetryable: action === 'failed' && outcome.failure.owner === 'transient' };
}

function reasonOf(outcome: RefreshOutcome): { errcode: number; errmsg: string } {
  switch (outcome.action) {
    case 'failed':
      return { errcode: outcome.failure.errcode, errmsg: explain(outcome.failure) };
    case 'busy':
      return { errcode: 0, errmsg: WAITS[outcome.why] };
    case 'fresh':
    case 'refreshed':
      return { errcode: 0, errmsg: 'ok' };
  }
}

const WAITS: Record<Wait, string> = {
  claim: 'another instance is minting',
  hold: 'an earlier mint is unsettled; the next one waits for the end of the hold',
  spacing: 'forced refreshes have to be 30 s apart',
};

function nextAtMs({ policy }: App, outcome: RefreshOutcome): number {
  if (outcome.action === 'busy') return outcome.untilAtMs;
  if (outcome.action === 'failed') return outcome.retryAtMs;
  return outcome.record.token === null ? 0 : dueAtMs(outcome.record.token, policy);
}

/** Runs a function over a list, a bounded number at a time, and keeps the order of the results. */
export async function forEachBounded<T, R>(
  items: readonly T[],
  most: number,
  run: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await run(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  return results;
}
