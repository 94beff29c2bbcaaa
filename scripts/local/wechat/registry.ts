/** Every token the sandbox knows, living or dead, by its value; the long dead are forgotten a few at a time. */

import { TOMBSTONE_MS } from './constants.ts';
import { removeEnded, type Token } from './family.ts';

export interface TokenRegistry {
  add(token: Token, nowMs: number): void;
  /** The token of that value, its family settled; undefined when it was never issued or is long dead. */
  find(value: string, nowMs: number): Token | undefined;
  size(): number;
}

export function createTokenRegistry(): TokenRegistry {
  const byValue = new Map<string, Token>();
  /** In order of issue. No token outlives its issue by more than two hours, so the oldest are also the first to go. */
  let line: Token[] = [];
  let head = 0;

  function forgetLongDead(nowMs: number): void {
    for (let oldest = line[head]; oldest && isForgotten(oldest, nowMs); oldest = line[head]) {
      byValue.delete(oldest.value);
      head += 1;
    }
    if (head > 1024 && head * 2 > line.length) {
      line = line.slice(head);
      head = 0;
    }
  }

  return {
    add(token, nowMs) {
      forgetLongDead(nowMs);
      byValue.set(token.value, token);
      line.push(token);
    },
    find(value, nowMs) {
      const token = byValue.get(value);
      return token === undefined || isForgotten(token, nowMs) ? undefined : token;
    },
    size: () => byValue.size,
  };
}

/** Decided by the instant of death alone, so that an answer never depends on when somebody last looked. */
function isForgotten(token: Token, nowMs: number): boolean {
  removeEnded(token.family, nowMs);
  return token.deathCause !== undefined && nowMs - token.endsAtMs >= TOMBSTONE_MS;
}
