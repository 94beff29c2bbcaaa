/** POST /cgi-bin/clear_quota and /cgi-bin/clear_quota/v2: both set the daily counters back, ten times a month in all. */

import { isSecretRight, type Account } from './account.ts';
import { refuse, type Refusal } from './errcodes.ts';
import { isText, refuseAddress } from './gate.ts';

export interface ClearV2Fields {
  appid?: unknown;
  appsecret?: unknown;
}

/** With a live token, whose app `owner` is; `appid` is what the body names. */
export function clearQuota(owner: Account, appid: unknown, nowMs: number): Refusal {
  return appid === owner.appid ? clear(owner, nowMs) : refuse(40013);
}

/** With the AppSecret instead: made for the day on which no token can be had. A frozen secret is not checked here. */
export function clearQuotaV2(
  accounts: ReadonlyMap<string, Account>,
  { appid, appsecret }: ClearV2Fields,
  nowMs: number,
  ip: string,
): Refusal {
  if (!isText(appid)) return refuse(41002);
  if (!isText(appsecret)) return refuse(41004);
  const account = accounts.get(appid);
  if (!account) return refuse(40013);
  if (!isSecretRight(account, appsecret, nowMs)) return refuse(account.wrongSecretCode);
  return refuseAddress(account, ip) ?? clear(account, nowMs);
}

function clear({ quotas, limits }: Account, nowMs: number): Refusal {
  if (quotas.clearMonth.used(nowMs) >= limits.clearPerMonth) return refuse(48006);
  quotas.clearMonth.add(nowMs);
  quotas.legacyDay.set(0, nowMs);
  // Own decision: the twenty forced refreshes a day are a rule of the endpoint, not a quota, and stay spent.
  quotas.stableDay.set(0, nowMs);
  quotas.ticketDay.set(0, nowMs);
  return { errcode: 0, errmsg: 'ok' };
}
