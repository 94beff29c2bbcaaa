/**
 * Asks WeChat for a ticket, with the token that is kept. Where getticket refuses it, WeChat is shown the token by
 * another call: one that is refused there too is replaced. The ticket is asked for once more in either case.
 *
 * A fetch ends no ticket, so a lost answer may be asked for again at once, elsewhere too.
 */

import type { App } from '../token/app.ts';
import { checkAccessToken, getAccessToken } from '../token/getAccessToken.ts';
import type { Answer, Failure, Mint, MintOutcome, Ports } from '../token/ports.ts';
import { ask } from '../wechat/ask.ts';
import type { Upstream } from '../wechat/ask.ts';
import { TOKEN_REFUSALS } from '../wechat/errcodes.ts';
import { ticketMeaningOf } from './errcodes.ts';
import type { TicketType } from './settings.ts';

/** A token is waited for so long, before the claim of the ticket; not so long where a ticket is there to be served. */
const LONGEST_PREPARE_MS = 8_000;
const SHORT_PREPARE_MS = 1_000;
const LONGEST_FETCH_MS = 6_000;
/** From the first try on: with a pause and a second try it is over 15 s after, and the claim lasts for 20. */
const LONGEST_REPORT_MS = 8_000;
/** WeChat's servers don't all know a new token at once. */
const REPLICA_LAG_MS = 1_000;

export interface FetchOptions extends Upstream {
  tokens: App;
  type: TicketType;
}

export function createFetch(options: FetchOptions): { mint: Mint; prepare: NonNullable<Ports['prepare']> } {
  const { tokens, now, sleep } = options;
  /** What takes longer goes on, and is there for the next who asks. */
  const within = (answer: Promise<Answer>, limitMs: number): Promise<Answer> =>
    Promise.race([answer, sleep(Math.max(0, limitMs)).then(() => TOO_LATE)]);
  return {
    async prepare(isUrgent) {
      const limitMs = isUrgent ? LONGEST_PREPARE_MS : SHORT_PREPARE_MS;
      const answer = await within(getAccessToken(tokens, null), limitMs);
      return answer.ok ? null : failureOf(answer);
    },
    async mint() {
      const beganAtMs = now();
      const answer = await getAccessToken(tokens, null);
      const first = await fetchWith(options, answer);
      if (!answer.ok || !isTokenRefused(first)) return first;
      const check = checkAccessToken(tokens, answer.token);
      const another = await within(check, LONGEST_REPORT_MS - (now() - beganAtMs));
      // The failure of the token has its own document: the ticket's stays a passing one.
      if (!another.ok) return first;
      await sleep(REPLICA_LAG_MS);
      return fetchWith(options, another);
    },
  };
}

const TOO_LATE: Answer = {
  ok: false,
  errcode: 503,
  errmsg: 'no usable access_token in time; ask again in a moment',
  retryAfterMs: 1_000,
};

async function fetchWith({ type, ...upstream }: FetchOptions, answer: Answer): Promise<MintOutcome> {
  if (!answer.ok)
    return { kind: 'refused', failure: { ...failureOf(answer), owner: 'transient', errcode: 503 } };
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

/** There is no token: its own document says why. */
function failureOf({ errcode, errmsg, retryAfterMs }: Extract<Answer, { ok: false }>): Failure {
  const owner = errcode === 503 || errcode === -1 ? 'transient' : 'configuration';
  return { owner, errcode, errmsg, ...(retryAfterMs === null ? {} : { retryAfterMs }) };
}
