/** The token in this instance's memory: at most a minute old, one question at a time, refused ones reported once. */

import { ask } from './ask.ts';
import type { Held } from './ask.ts';
import type { Settings } from './settings.ts';

export interface Tokens {
  accessToken(): Promise<string>;
  current(): Promise<Held>;
  /** Another token than the one that WeChat has just refused, or the same if it is too young to be known everywhere. */
  replace(refused: string): Promise<Held>;
}

/** WeChat's servers don't all know a new token at once. */
const REPLICA_LAG_MS = 1_000;

export function createTokens(settings: Settings): Tokens {
  const { now, sleep } = settings;
  let held: Held | null = null;
  let reading: Promise<Held> | null = null;
  let reporting: Promise<Held> | null = null;

  /** An age below zero means that the clock stepped back: nothing can be said about it. */
  const isFresh = ({ askedAtMs, freshUntilMs }: Held, nowMs: number): boolean =>
    nowMs < freshUntilMs && nowMs >= askedAtMs;

  function current(): Promise<Held> {
    if (held !== null && isFresh(held, now())) return Promise.resolve(held);
    return reporting ?? reading ?? read();
  }

  function read(): Promise<Held> {
    const mine: Promise<Held> = ask(settings, undefined)
      .then((answer) => {
        // Else a report has begun meanwhile, and this may be the very token that is reported.
        if (reading === mine) held = answer;
        return answer;
      })
      .finally(() => {
        if (reading === mine) reading = null;
      });
    reading = mine;
    return mine;
  }

  function replace(refused: string): Promise<Held> {
    if (reporting !== null) return reporting;
    if (held !== null && held.token !== refused && isFresh(held, now())) return Promise.resolve(held);
    held = null;
    reading = null;
    reporting = report(refused).finally(() => {
      reporting = null;
    });
    return reporting;
  }

  async function report(refused: string): Promise<Held> {
    const answer = await ask(settings, refused);
    held = answer;
    await sleep(REPLICA_LAG_MS);
    return answer;
  }

  return {
    accessToken() {
      const nowMs = now();
      if (held !== null && nowMs < held.freshUntilMs && nowMs >= held.askedAtMs) return held.promise;
      return current().then(({ token }) => token);
    },
    current,
    replace,
  };
}
