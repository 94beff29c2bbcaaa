/**
 * Asks api.weixin.qq.com for an access_token, by either endpoint.
 *
 * The classic endpoint (`token`) mints on every call, so a request that may have arrived is never repeated here;
 * `stable` answers a repeated call with the same token, so it may be asked again elsewhere after a timeout.
 */

import { LONGEST_MINT_MS } from '../token/policy.ts';
import type { Mint } from '../token/ports.ts';
import type { TokenApi } from '../token/record.ts';
import { ask } from './ask.ts';
import type { Question, Upstream } from './ask.ts';
import { meaningOf } from './errcodes.ts';

export interface MintOptions extends Upstream {
  appid: string;
  secret: string;
  api: TokenApi;
}

export function createMint(options: MintOptions): Mint {
  const { api, secret } = options;
  const common = { api, secret, meaningOf, longestMs: LONGEST_MINT_MS };
  return (isForced = false) =>
    ask(options, {
      ...common,
      ...request(options, isForced),
      isRepeatable: api === 'stable' && !isForced,
    });
}

function request({ appid, secret, api }: MintOptions, isForced: boolean): Pick<Question, 'path' | 'body'> {
  const fields = { grant_type: 'client_credential', appid, secret };
  if (api === 'token')
    return { path: `/cgi-bin/token?${new URLSearchParams(fields).toString()}`, body: null };
  return { path: '/cgi-bin/stable_token', body: JSON.stringify({ ...fields, force_refresh: isForced }) };
}
