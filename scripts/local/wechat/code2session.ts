/** GET /sns/jscode2session: the code of `wx.login` for an openid and a session_key. Takes the secret, and no token. */

import { isSecretRight, type Account } from './account.ts';
import { refuse, type Refusal } from './errcodes.ts';
import { isText } from './gate.ts';
import { bytesOf, type Session } from './sessions.ts';
import type { Uses } from './uses.ts';

/**
 * The order of the checks is this sandbox's decision. Frozen secrets, bans and the whitelist are not looked at: they
 * concern the token endpoints.
 */
export function code2Session(
  accounts: ReadonlyMap<string, Account>,
  { codes, sessions }: Pick<Uses, 'codes' | 'sessions'>,
  sent: Readonly<Record<string, unknown>>,
  nowMs: number,
): Session | Refusal {
  const { appid, secret, js_code: code } = sent;
  if (!isText(appid)) return refuse(41002);
  if (!isText(secret)) return refuse(41004);
  if (!isText(code)) return refuse(41008);
  if (sent['grant_type'] !== 'authorization_code') return refuse(40002);
  const account = accounts.get(appid);
  if (!account) return refuse(40013);
  if (!isSecretRight(account, secret, nowMs)) return refuse(account.wrongSecretCode);
  const spent = codes.spend('login', code, nowMs);
  if ('errcode' in spent) return spent;
  const sessionKey = bytesOf(`session ${code}`).toString('base64');
  sessions.open(appid, spent.openid, sessionKey);
  return { openid: spent.openid, session_key: sessionKey };
}
