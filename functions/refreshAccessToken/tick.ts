/** A tick of all apps, the tokens before the tickets. It returns no token. */

import type { Kept, Runtime } from '../_shared/runtime/runtime.ts';
import { TokenError } from '../_shared/token/ports.ts';
import type { Log } from '../_shared/token/ports.ts';
import type { App } from '../_shared/token/app.ts';
import { refreshAccessToken } from '../_shared/token/refreshAccessToken.ts';
import { describe } from './reply.ts';
import type { Tick, Ticks } from './reply.ts';

interface Round {
  /** Where it came from; an operator's is no tick that anybody waits for. */
  from: 'timer' | 'outside' | 'operator';
  /** When the function was called, by `performance.now()`. */
  beganAtMs: number;
  log: Log;
}

/** 40 apps, each waiting on WeChat and the database, fit into the time limit 8 at a time. */
const MOST_AT_ONCE = 8;

/** Tickets wait for the tokens, which they are fetched with. One that can't begin by then is left to the next tick. */
const LATEST_TICKET_MS = 15_000;

export async function tickAll(runtime: Runtime, { from, beganAtMs, log }: Round): Promise<Ticks> {
  const tickAndLog = async (app: App): Promise<Tick> => {
    const result = await tick(app);
    const { appid, action, errcode, errmsg, expires_in: expiresIn, refresh_in: refreshIn } = result.reply;
    log('tick', { appid, action, errcode, errmsg, expiresIn, refreshIn });
    return result;
  };
  const elapsedMs = (): number => performance.now() - beganAtMs;
  const tickEach = async ({ apps, readAhead }: Kept, latestMs: number): Promise<Tick[]> => {
    if (elapsedMs() < latestMs) await readAhead?.([...apps.keys()]);
    const ticks = await forEachBounded([...apps.values()], MOST_AT_ONCE, async (app) => {
      if (elapsedMs() < latestMs) return [await tickAndLog(app)];
      log('tick', { appid: app.appid, action: 'skipped' });
      return [];
    });
    return ticks.flat();
  };
  const tokens = await tickEach(runtime, Infinity);
  const tickets = runtime.tickets && (await tickEach(runtime.tickets, LATEST_TICKET_MS));
  const apps = [...runtime.apps.values(), ...(runtime.tickets?.apps.values() ?? [])];
  const isMeant = from === runtime.config.ticks;
  await runtime.afterTicks?.({ apps, isMeant, elapsedMs: elapsedMs() });
  return { tokens, tickets };
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
