/** What this instance has promised to whom: in memory, since a write for every call is what a server never costs. */

export interface Issued {
  /** The token that the server was given and should still be content with; null when it has none. */
  find(server: string, appid: string, nowMs: number): string | null;
  keep(server: string, appid: string, answer: { token: string; endsAtMs: number }): void;
}

const MOST_KEPT = 1_000;

export function createIssued(): Issued {
  const kept = new Map<string, { token: string; endsAtMs: number }>();
  const keyOf = (server: string, appid: string): string => `${server} ${appid}`;
  return {
    find(server, appid, nowMs) {
      const promise = kept.get(keyOf(server, appid));
      return promise !== undefined && nowMs < promise.endsAtMs ? promise.token : null;
    },
    keep(server, appid, { token, endsAtMs }) {
      const key = keyOf(server, appid);
      // Set anew, so that the oldest stands first.
      kept.delete(key);
      const [oldest] = kept.keys();
      if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest);
      kept.set(key, { token, endsAtMs });
    },
  };
}
