/** How an assumption calls the scratch function and reads what it saw, on the embedded cloud or a real one. */

import { pick, names } from '../command/language.ts';
import type { Environment, Invocation } from '../platform/environment.ts';
import { NotTried } from './not-tried.ts';
import type { ProbeEvent, ObservedCall } from './scratch.ts';

export interface ScratchFunction {
  /** Calls it as the management side does. */
  invoke(event: ProbeEvent): Promise<Invocation>;
  /** Calls it as somebody without rights: what the function saw, or how the platform refused. */
  visit(event: ProbeEvent): Promise<ObservedCall | { refused: string }>;
  /** What the first tick left; null: none came in time. */
  firstTick(): Promise<Tick | null>;
  /** Whether its failed run was repeated in time. */
  isRepeated(): Promise<boolean>;
  /** The server's clock; null where it can't be had. */
  serverTime(): Promise<number | null>;
  sleep(durationMs: number): Promise<void>;
  timeLimitMs: number;
  /** How long a call is held, for others to come in between. */
  holdMs: number;
  /** How long the function is left alone, for what goes on by itself to be seen. */
  idleMs: number;
  /** Of a real environment, after the scratch function was deployed. */
  environment: Environment | null;
  /** The environment had a function security rule before, so an entry of the scratch function is in it for now. */
  hasRule: boolean;
}

export interface Tick {
  /** The fields of the event, and of which type each is. */
  kinds: Record<string, string>;
  type: unknown;
  time: unknown;
  observed: ObservedCall;
}

/** What the function saw; throws where the call failed. */
export async function observeCall(call: Promise<Invocation>): Promise<ObservedCall> {
  const outcome = await call;
  if ('failure' in outcome)
    throw new NotTried(pick({ en: 'the scratch function failed', zh: '临时云函数执行失败' }));
  return outcome.result as ObservedCall;
}

/** What that instance sees now: of two calls at once one is its own, unless it is gone. */
export async function observeIn(
  instance: string,
  line: string,
  scratchFunction: ScratchFunction,
): Promise<ObservedCall> {
  const event = { line, act: 'hold', waitMs: scratchFunction.holdMs } as const;
  const both = await Promise.all([
    observeCall(scratchFunction.invoke(event)),
    observeCall(scratchFunction.invoke(event)),
  ]);
  const same = both.find((observed) => observed.instance === instance);
  if (same === undefined)
    throw new NotTried(pick({ en: 'the calls went to other instances', zh: '调用分到了其他实例' }));
  return same;
}

/** A source is words and commas; whatever else the platform may put there is not repeated. */
export function describeSource({ source, keys }: ObservedCall): string {
  const isPlain = source !== null && /^[\w, -]{0,60}$/.test(source);
  const shown =
    source === null
      ? pick({ en: 'none', zh: '没有' })
      : isPlain
        ? `"${source}"`
        : pick({ en: 'of another form', zh: '形式不同' });
  const list = names(keys);
  return pick({
    en: `source ${shown}; keys: ${list || 'none'}`,
    zh: `来源${source === null || !isPlain ? shown : ` ${shown}`}；字段：${list || '无'}`,
  });
}
