/** Calls a function of a running `npm start` as the management side, if there is one. */

import type { Invocation } from '../platform/environment.ts';

/** Longer than the functions' own time limit, so that theirs is the one that is met. */
const PATIENCE_MS = 90_000;

/** Null: nobody is at that door, or nobody who knows this function. */
export async function knockAt(doorUrl: string, name: string, event: object): Promise<Invocation | null> {
  const body = JSON.stringify(event);
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    const response = await fetch(`${doorUrl}/as/management/${name}`, { method: 'POST', body, signal });
    const reply = (await response.json()) as { result?: unknown; errMsg?: unknown };
    if ('result' in reply) return { result: reply.result };
    return response.status === 502 && typeof reply.errMsg === 'string' ? { failure: reply.errMsg } : null;
  } catch {
    return null;
  }
}
