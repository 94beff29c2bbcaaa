/** The shape of every consumer in the benchmark: a cloud function in which many callers want a token at once. */

import type { Stats } from './timing.ts';
import { timeCalls, timeLoop } from './timing.ts';

/** How one system is used by whoever calls WeChat, as its README says. */
export interface Consumer {
  token(): Promise<string>;
  /** One API of WeChat, recovered from a refused token if the system can: WeChat's errcode. */
  call(): Promise<number>;
}

export type Task =
  | { what: 'token' | 'call'; callers: number }
  /** A loop around one warm call: nanoseconds. */
  | { what: 'loop'; loopMs: number }
  /** One call after the other, each timed. */
  | { what: 'time'; calls: number };

export interface Answers {
  /** What each caller got: a token, or `errcode 0` and the like. */
  got: string[];
}

/** Longer than any system here waits, shorter than the function's own limit. */
const LONGEST_MS = 50_000;

export function serve(consumer: Consumer): (task: Task) => Promise<Answers | Stats> {
  return async (task) => {
    if (task.what === 'loop') return timeLoop(consumer.token, task.loopMs);
    if (task.what === 'time') return timeCalls(consumer.token, task.calls);
    const ask = task.what === 'token' ? consumer.token : async () => `errcode ${await consumer.call()}`;
    return { got: await Promise.all(Array.from({ length: task.callers }, () => bounded(ask))) };
  };
}

async function bounded(ask: () => Promise<string>): Promise<string> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('nothing in time'), LONGEST_MS);
  });
  const answer = ask().catch((error: unknown) => `failed: ${codeOf(error)}`);
  return Promise.race([answer, limit]).finally(() => clearTimeout(timer));
}

/** Never a message: it may quote a URL with a secret in it. */
function codeOf(error: unknown): string {
  const { code, errcode } = Object(error) as { code?: string | number; errcode?: number };
  return String(code ?? errcode ?? 'no code').slice(0, 40);
}
