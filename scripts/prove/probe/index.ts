/** The scratch function that `npm run prove` calls: it tells what it sees, by names and kinds, never a value or an id. */

import { randomUUID } from 'node:crypto';
import { setInterval } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';
import tcb from '@cloudbase/node-sdk';
import { mayReadToken, readCaller } from '../../../functions/_shared/runtime/caller.ts';
import { mayRefresh } from '../../../functions/refreshAccessToken/caller.ts';
import { requireCredentials } from '../../../functions/_shared/store/credentials.ts';
import { createCollection } from '../../../functions/_shared/store/collection.ts';
import {
  SCRATCH,
  SCRATCH_FUNCTION,
  TICK_ID,
  VARIABLE,
  type ProbeEvent,
  type ObservedCall,
} from '../scratch.ts';

const BEAT_MS = 20;

const instance = randomUUID();
const hadVariable = hasVariable();
const scratch = createCollection(SCRATCH);
let running = 0;
let mostAtOnce = 0;
let calls = 0;
let beatAtMs: number | undefined;
let longestPauseMs = 0;

export async function main(event: ProbeEvent & { Type?: unknown }, context: unknown): Promise<unknown> {
  running += 1;
  calls += 1;
  mostAtOnce = Math.max(mostAtOnce, running);
  try {
    return event.Type === 'Timer' ? await tick(event, context) : await act(event, context);
  } finally {
    running -= 1;
  }
}

async function act(event: ProbeEvent, context: unknown): Promise<unknown> {
  const { line, waitMs = 0, id = '' } = event;
  switch (event.act) {
    case 'pass-on': {
      requireCredentials();
      const app = tcb.init({ env: tcb.SYMBOL_CURRENT_ENV });
      const answer = await app.callFunction({ name: SCRATCH_FUNCTION, data: { line, act: 'report' } });
      return answer.result;
    }
    case 'hold':
      await sleep(waitMs);
      break;
    case 'write-late':
      await sleep(waitMs);
      await scratch.insert(id, { version: 1 });
      break;
    case 'beat':
      beat();
      // Left running on purpose: whether it goes on after the answer is what is asked.
      setInterval(beat, BEAT_MS).unref();
      break;
    case 'report':
      break;
  }
  return describeCall(event, context);
}

/** The first run of a tick fails on purpose; the platform's repetition of it finds the document. */
async function tick(event: object, context: unknown): Promise<void> {
  const fields = event as Record<string, unknown>;
  const kinds = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, typeof value]));
  const { Time = null, Type } = fields;
  const seen = { version: 1, runs: 1, kinds, time: Time, type: Type, observed: describeCall(event, context) };
  if (await scratch.insert(TICK_ID, seen)) throw new Error('failed on purpose, to see it repeated');
  await scratch.setIf(TICK_ID, { time: Time, runs: 1 }, { runs: 2 });
}

function describeCall(event: unknown, context: unknown): ObservedCall {
  if (beatAtMs !== undefined) beat();
  const caller = readCaller(event, context);
  return {
    source: caller.source,
    hasOpenid: caller.hasOpenid,
    mayRead: mayReadToken(caller, []),
    mayRefresh: mayRefresh(caller),
    keys: keysOf(context),
    hadVariable,
    hasVariable: hasVariable(),
    atMs: Date.now(),
    instance,
    calls,
    mostAtOnce,
    longestPauseMs,
  };
}

function beat(): void {
  const nowMs = Date.now();
  longestPauseMs = Math.max(longestPauseMs, nowMs - (beatAtMs ?? nowMs));
  beatAtMs = nowMs;
}

function hasVariable(): boolean {
  return process.env[VARIABLE] !== undefined;
}

/** Names only: among the values are the function's own credentials. */
function keysOf(context: unknown): string[] {
  try {
    const { environment } = context as { environment: string };
    return Object.keys(JSON.parse(environment) as object).filter((name) =>
      /^(TCB|WX|TRIGGER|LOGINTYPE)/.test(name),
    );
  } catch {
    return [];
  }
}
