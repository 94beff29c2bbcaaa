/** What this instance has promised to whom: in memory, since a write for every call is what a client never costs. */

export interface Promises {
  /** The token that the client was given and should still be content with; null when it has none. */
  find(client: string, appid: string, nowMs: number): string | null;
  keep(client: string, appid: string, answer: { token: string; endsAtMs: number }): void;
}

const MOST_KEPT = 1_000;

export function createPromises(): Promises {
  const kept = new Map<string, { token: string; endsAtMs: number }>();
  const keyOf = (client: string, appid: string): string => `${client} ${appid}`;
  return {
    find(client, appid, nowMs) {
      const promise = kept.get(keyOf(client, appid));
      return promise !== undefined && nowMs < promise.endsAtMs ? promise.token : null;
    },
    keep(client, appid, { token, endsAtMs }) {
      const key = keyOf(client, appid);
      // Set anew, so that the oldest stands first.
      kept.delete(key);
      const [oldest] = kept.keys();
      if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest);
      kept.set(key, { token, endsAtMs });
    },
  };
}
