/** Which tokens WeChat has refused to this client, so that none of them is sent again unasked. */

export interface Refusals {
  /** `isHeld`: it was the token in memory, so the next question has to report it. */
  add(token: string, isHeld: boolean): void;
  has(token: string): boolean;
  /** A refused token whose report nobody has answered yet. */
  unanswered(): string | null;
  /** getAccessToken has answered a report: what it hands out then is good again. */
  answer(given: string): void;
}

/** WeChat keeps two generations alive; a plain question can bring back no more than a few. */
const MOST_KEPT = 8;

export function createRefusals(): Refusals {
  const tokens = new Set<string>();
  let open: string | null = null;
  return {
    add(token, isHeld) {
      tokens.delete(token);
      tokens.add(token);
      const [oldest] = tokens;
      if (tokens.size > MOST_KEPT && oldest !== undefined) tokens.delete(oldest);
      if (isHeld) open = token;
    },
    has: (token) => tokens.has(token),
    unanswered: () => open,
    answer(given) {
      tokens.delete(given);
      open = null;
    },
  };
}
