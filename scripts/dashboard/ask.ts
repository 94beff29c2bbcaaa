/**
 * Does what a cloud function of the user's does: asks for the token, uses it, and reports it if WeChat refuses it.
 */

import type { Cloud } from '../local/cloud.ts';
import { masked } from '../command/words.ts';
import type { AskedStep } from './snapshot.ts';

export interface AskOptions {
  host: Cloud['host'];
  /** The sandbox's address. */
  wechatUrl: string;
  appid: string;
}

const REFUSED = new Set([40001, 40014, 42001]);
/** Some endpoint that needs a token. */
const ENDPOINT = '/cgi-bin/get_api_domain_ip';
const PATIENCE_MS = 5_000;

/** Two rounds at most, as the client for functions does it. */
export async function askAsFunction(options: AskOptions): Promise<AskedStep[]> {
  const first = await ask(options, undefined);
  if (first.token === undefined) return [first.step];
  const used = await use(options, first.token);
  if (!REFUSED.has(used.errcode)) return [first.step, used];
  const second = await ask(options, first.token);
  if (second.token === undefined) return [first.step, used, second.step];
  return [first.step, used, second.step, await use(options, second.token)];
}

async function ask(
  { host, appid }: AskOptions,
  refused: string | undefined,
): Promise<{ step: AskedStep; token: string | undefined }> {
  const step = refused === undefined ? 'ask' : 'report';
  const outcome = await host.invoke({
    name: 'getAccessToken',
    event: { appid, invalid_access_token: refused },
    caller: { kind: 'function', source: 'wx_client,scf' },
  });
  if ('failure' in outcome) {
    const { code, message } = outcome.failure;
    return { step: { step, errcode: -1, errmsg: `${code} ${message}`.slice(0, 500) }, token: undefined };
  }
  const { errcode, errmsg, access_token: token, expires_in: expiresIn } = outcome.result as Reply;
  const shown =
    token === undefined
      ? {}
      : { token: masked(token), isNew: token !== refused, lifeMs: (expiresIn ?? 0) * 1000 };
  return { step: { step, errcode, errmsg, ...shown }, token };
}

/**
 * Over HTTP, as in a function, so that an outage has an effect here, too. The error of a failed request could
 * quote the token.
 */
async function use({ wechatUrl }: AskOptions, token: string): Promise<AskedStep> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(`${wechatUrl}${ENDPOINT}?access_token=${token}`, { signal });
    const { errcode = 0, errmsg = 'ok' } = (await response.json()) as Partial<Reply>;
    return { step: 'use', errcode, errmsg };
  } catch {
    return { step: 'use', errcode: -1, errmsg: 'no answer from WeChat' };
  }
}

interface Reply {
  errcode: number;
  errmsg: string;
  access_token?: string;
  expires_in?: number;
}
