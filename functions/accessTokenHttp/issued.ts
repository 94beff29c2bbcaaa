/** Which token each server was given and until when; in memory, to spare a write per call. */

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
      const given = kept.get(keyOf(server, appid));
      return given !== undefined && nowMs < given.endsAtMs ? given.token : null;
    },
    keep(server, appid, { token, endsAtMs }) {
      const key = keyOf(server, appid);
      // Set anew, so that the oldest comes first.
      kept.delete(key);
      const [oldest] = kept.keys();
      if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest);
      kept.set(key, { token, endsAtMs });
    },
  };
}
