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
import type { Upstream } from './ask.ts';
import { meaningOf } from './errcodes.ts';

export interface MintOptions extends Upstream {
  appid: string;
  secret: string;
  api: TokenApi;
}

export function createMint(options: MintOptions): Mint {
  const { appid, secret, api } = options;
  const fields = { grant_type: 'client_credential', appid, secret };
  const question = { api, secret, meaningOf, longestMs: LONGEST_MINT_MS };
  const classic = `/cgi-bin/token?${new URLSearchParams(fields).toString()}`;
  if (api === 'token')
    return () => ask(options, { ...question, path: classic, body: null, isRepeatable: false });
  return (isForced = false) => {
    const body = JSON.stringify({ ...fields, force_refresh: isForced });
    return ask(options, { ...question, path: '/cgi-bin/stable_token', body, isRepeatable: !isForced });
  };
}
