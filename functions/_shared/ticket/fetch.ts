/**
 * Asks WeChat for a ticket, with the token that is kept. A token that WeChat refuses is reported like any caller's, and
 * the ticket is asked for once more.
 *
 * A fetch ends no ticket, so a lost answer may be asked for again at once, elsewhere too.
 */

import type { App } from '../token/app.ts';
import { getAccessToken } from '../token/getAccessToken.ts';
import type { Answer, Failure, Mint, MintOutcome } from '../token/ports.ts';
import { ask } from '../wechat/ask.ts';
import type { Upstream } from '../wechat/ask.ts';
import { TOKEN_REFUSALS } from '../wechat/errcodes.ts';
import { ticketMeaningOf } from './errcodes.ts';
import type { TicketType } from './settings.ts';

/** With a report in between, whose mint takes up to 8 s, it is over before the claim of 20 s in all likelihood. */
const LONGEST_FETCH_MS = 6_000;
/** No second try is begun after so long. */
const LATEST_RETRY_MS = 12_000;
/** WeChat's servers don't all know a new token at once. */
const REPLICA_LAG_MS = 1_000;

/** Stands in a token's document as who reported it. */
const REPORTER = 'getTicket';

export interface FetchOptions extends Upstream {
  tokens: App;
  type: TicketType;
}

export function createFetch(options: FetchOptions): { mint: Mint; prepare(): Promise<Failure | null> } {
  const { tokens, now, sleep } = options;
  return {
    async prepare() {
      const answer = await getAccessToken(tokens, null);
      return answer.ok ? null : failureOf(answer);
    },
    async mint() {
      const beganAtMs = now();
      const answer = await getAccessToken(tokens, null);
      const first = await fetchWith(options, answer);
      if (!answer.ok || !isTokenRefused(first)) return first;
      const another = await getAccessToken(tokens, answer.token, REPORTER);
      await sleep(REPLICA_LAG_MS);
      return another.ok && now() - beganAtMs > LATEST_RETRY_MS ? first : fetchWith(options, another);
    },
  };
}

async function fetchWith({ type, ...upstream }: FetchOptions, answer: Answer): Promise<MintOutcome> {
  if (!answer.ok) return { kind: 'refused', failure: failureOf(answer) };
  const query = new URLSearchParams({ access_token: answer.token, type }).toString();
  return ask(upstream, {
    api: 'ticket',
    path: `/cgi-bin/ticket/getticket?${query}`,
    body: null,
    isRepeatable: true,
    longestMs: LONGEST_FETCH_MS,
    secret: answer.token,
    meaningOf: ticketMeaningOf,
  });
}

function isTokenRefused(outcome: MintOutcome): boolean {
  return outcome.kind === 'refused' && TOKEN_REFUSALS.has(outcome.failure.errcode);
}

/** There is no token: its own document says why, and the ticket's needs no backoff beyond it. */
function failureOf({ errcode, errmsg, retryAfterMs }: Extract<Answer, { ok: false }>): Failure {
  const owner = errcode === 503 || errcode === -1 ? 'transient' : 'configuration';
  return { owner, errcode, errmsg, ...(retryAfterMs === null ? {} : { retryAfterMs }) };
}
