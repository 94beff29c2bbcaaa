/** Asks WeChat whether it still takes a token, by its cheapest call: nothing changes by it. */

import { isTokenRefused } from '../getAccessToken/client/reply.ts';
import type { Send } from '../_shared/wechat/send.ts';
import { parseJson } from '../_shared/json.ts';

export type Verdict = 'taken' | 'refused' | 'unknown';

/** Both tries together are under the time that a patient SDK waits for a token. */
const TRY_MS = 4_000;

/** `unknown`: no answer, or one that says nothing about the token. The URL holds it, so no error leaves `send`. */
export async function probe(token: string, baseUrls: readonly string[], send: Send): Promise<Verdict> {
  const query = new URLSearchParams({ access_token: token }).toString();
  const [first = '', second = first] = baseUrls;
  // A lost answer is asked for once more: nothing is minted by that, and the next probe is half a minute away.
  for (const baseUrl of [first, second]) {
    const url = `${baseUrl}/cgi-bin/get_api_domain_ip?${query}`;
    const result = await send({ url, body: null, timeoutMs: TRY_MS });
    if (result.kind === 'answered') return verdictOf(result.status, result.body);
  }
  return 'unknown';
}

function verdictOf(status: number, body: string): Verdict {
  if (status >= 500) return 'unknown';
  const { errcode, ip_list: addresses } = Object(parseJson(body)) as { errcode?: unknown; ip_list?: unknown };
  if (isTokenRefused(errcode)) return 'refused';
  return Array.isArray(addresses) ? 'taken' : 'unknown';
}
