/** Asks WeChat whether it still accepts a token, by its cheapest call: nothing changes by it. */

import { parseJson } from '../json.ts';
import { LONGEST_PROBE_MS } from '../token/policy.ts';
import type { Probe } from '../token/ports.ts';
import type { ProbeOutcome } from '../token/record.ts';
import type { Upstream } from './ask.ts';
import { TOKEN_REFUSALS } from './errcodes.ts';

/** `baseUrls` are tried in order: a lost answer is asked for once more, since nothing is minted by that. */
type ProbeOptions = Pick<Upstream, 'baseUrls' | 'send' | 'now'>;

/** One try leaves time for another. */
const TRY_MS = LONGEST_PROBE_MS - 1_000;

/** `unknown`: no answer, or one that says nothing about the token. The URL holds it, so no error leaves `send`. */
export function createProbe({ baseUrls, send, now }: ProbeOptions): Probe {
  const [first = '', second = first] = baseUrls;
  return async (token) => {
    const query = new URLSearchParams({ access_token: token }).toString();
    const endsAtMs = now() + LONGEST_PROBE_MS;
    for (const baseUrl of [first, second]) {
      const url = `${baseUrl}/cgi-bin/get_api_domain_ip?${query}`;
      const timeoutMs = Math.min(TRY_MS, endsAtMs - now());
      if (timeoutMs <= 0) break;
      const result = await send({ url, body: null, timeoutMs });
      if (result.kind === 'answered') return outcomeOf(result.status, result.body);
    }
    return 'unknown';
  };
}

function outcomeOf(status: number, body: string): ProbeOutcome {
  if (status >= 500) return 'unknown';
  const { errcode, ip_list: addresses } = Object(parseJson(body)) as { errcode?: unknown; ip_list?: unknown };
  if (TOKEN_REFUSALS.has(errcode)) return 'refused';
  return Array.isArray(addresses) ? 'accepted' : 'unknown';
}
