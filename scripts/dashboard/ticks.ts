/** Remembers the last tick of the timer: a tick with nothing to do writes nothing to the database. */

import type { Tick } from './snapshot.ts';

type TickOutcome = { result: unknown } | { failure: { message: string } };

export interface Ticks {
  record(outcome: TickOutcome, atMs: number): void;
  last(): Tick | null;
}

const LONGEST_FAILURE = 500;

export function createTicks(): Ticks {
  let last: Tick | null = null;
  return {
    record(outcome, atMs) {
      last = 'failure' in outcome ? failed(outcome.failure.message, atMs) : returned(outcome.result, atMs);
    },
    last: () => last,
  };
}

function failed(message: string, atMs: number): Tick {
  return { atMs, failure: message.slice(0, LONGEST_FAILURE), actions: [] };
}

function returned(result: unknown, atMs: number): Tick {
  const { errcode, errmsg, results = [] } = result as Reply;
  if (errcode !== 0 && results.length === 0) return failed(`${errcode} ${errmsg}`, atMs);
  return { atMs, failure: null, actions: results.map(({ appid, action }) => ({ appid, action })) };
}

interface Reply {
  errcode: number;
  errmsg: string;
  results?: { appid: string; action: string }[];
}
