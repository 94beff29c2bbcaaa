/** The checks in front of both token endpoints, in their order; the first that fails is the answer and costs no quota. */

import { isFrozen, isSecretRight, type Account } from './account.ts';
import { refuse, type Refusal } from './errcodes.ts';
import { isWhitelisted, riskErrcode } from './ip-rules.ts';

/** What a caller sent; anything may be missing or of another type. */
export interface Credentials {
  appid?: unknown;
  secret?: unknown;
  grant_type?: unknown;
}

/**
 * The account, or why there is none for this caller. The order is this sandbox's decision; published answers only
 * show that a missing appid comes first.
 */
export function passGate(
  accounts: ReadonlyMap<string, Account>,
  sent: Credentials,
  nowMs: number,
  ip: string,
): Account | Refusal {
  if (!isText(sent.appid)) return refuse(41002);
  if (!isText(sent.secret)) return refuse(41004);
  if (sent.grant_type !== 'client_credential') return refuse(40002);
  const account = accounts.get(sent.appid);
  if (!account) return refuse(40013);
  if (!isSecretRight(account, sent.secret, nowMs)) return refuse(account.wrongSecretCode);
  if (isFrozen(account, nowMs)) return refuse(40243);
  if (account.bannedWith) return refuse(account.bannedWith);
  const barred = refuseAddress(account, ip);
  if (barred) return barred;
  const risk = riskErrcode(account.risks, ip, nowMs);
  return risk === undefined ? account : refuse(risk);
}

/** 40164 when the account's whitelist is on and doesn't cover the address. */
export function refuseAddress(account: Account, ip: string): Refusal | undefined {
  if (!account.whitelist || isWhitelisted(ip, account.whitelist)) return undefined;
  // Text of the official sample: https://developers.weixin.qq.com/doc/oplatform/developers/basic_func/ip_whitelist
  return refuse(40164, `invalid ip ${ip} ipv6 ::ffff:${ip}, not in whitelist`);
}

export function isRefusal(result: Account | Refusal): result is Refusal {
  return 'errcode' in result;
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
