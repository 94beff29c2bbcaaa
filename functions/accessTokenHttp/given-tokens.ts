/**
 * Remembers which token each server was given, how long it may use it, and how often it got that one: a server that asks
 * again before that time is over suspects its token. In memory, to spare a write per call.
 */

export interface Given {
  token: string;
  endsAtMs: number;
  /** How often in a row. */
  times: number;
}

export interface GivenTokens {
  /** What the server was given and should still be content with; null when it has nothing. */
  find(server: string, appid: string, nowMs: number): Given | null;
  keep(server: string, appid: string, answer: { token: string; endsAtMs: number }): void;
  /** Was some server promised this token for longer than until now? */
  has(appid: string, token: string, nowMs: number): boolean;
}

const MOST_KEPT = 1_000;

export function createGivenTokens(): GivenTokens {
  const kept = new Map<string, Given>();
  const keyOf = (server: string, appid: string): string => `${server} ${appid}`;
  return {
    find(server, appid, nowMs) {
      const given = kept.get(keyOf(server, appid));
      return given !== undefined && nowMs < given.endsAtMs ? given : null;
    },
    keep(server, appid, { token, endsAtMs }) {
      const key = keyOf(server, appid);
      const last = kept.get(key);
      // Set anew, so that the oldest comes first.
      kept.delete(key);
      const [oldest] = kept.keys();
      if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest);
      kept.set(key, { token, endsAtMs, times: last?.token === token ? last.times + 1 : 1 });
    },
    has: (appid, token, nowMs) =>
      [...kept].some(
        ([key, one]) => key.endsWith(` ${appid}`) && one.token === token && nowMs < one.endsAtMs,
      ),
  };
}
