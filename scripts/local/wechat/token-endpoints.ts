/** What the two token endpoints do for a caller who has passed the gate: quota first, then a token, new or not. */

import type { Account } from './account.ts';
import { FORCE_SPACING_MS } from './constants.ts';
import { refuse, type Refusal } from './errcodes.ts';
import { killPrevious, removeEnded, type Family, type Token } from './family.ts';

export interface IssuedToken {
  access_token: string;
  expires_in: number;
}

export type TokenReply = IssuedToken | Refusal;

/** Issues a token of that family, and makes it known to the rest of the machine. */
export type Mint = (account: Account, family: Family, nowMs: number) => Token;

export function legacyToken(account: Account, mint: Mint, nowMs: number): TokenReply {
  const { quotas, limits, legacy } = account;
  if (quotas.legacyDay.used(nowMs) >= limits.legacyPerDay) return refuse(45009);
  quotas.legacyDay.add(nowMs);
  return asReply(mint(account, legacy, nowMs), nowMs);
}

/**
 * Own decision: a force that comes too soon is answered like a normal call, without an error and uncounted. The
 * page only says that it "will not refresh".
 */
export function stableToken(account: Account, isForced: boolean, mint: Mint, nowMs: number): TokenReply {
  const full = spendStableQuota(account, nowMs);
  if (full) return full;
  if (isForced && nowMs - account.lastForceAtMs >= FORCE_SPACING_MS) return forcedToken(account, mint, nowMs);
  const { stable, limits } = account;
  removeEnded(stable, nowMs);
  const { current } = stable;
  const isFresh = current !== undefined && current.expiresAtMs - nowMs >= limits.stableEarlyMs;
  return asReply(isFresh ? current : mint(account, stable, nowMs), nowMs);
}

export function asReply(token: Token, nowMs: number): IssuedToken {
  return { access_token: token.value, expires_in: Math.floor((token.expiresAtMs - nowMs) / 1000) };
}

function forcedToken(account: Account, mint: Mint, nowMs: number): TokenReply {
  const { quotas, limits, stable } = account;
  if (quotas.forceDay.used(nowMs) >= limits.forcePerDay) return refuse(45009);
  quotas.forceDay.add(nowMs);
  account.lastForceAtMs = nowMs;
  const token = mint(account, stable, nowMs);
  if (account.forceKillsImmediately) killPrevious(stable, nowMs);
  return asReply(token, nowMs);
}

/** Normal and forced calls both count (own decision: the page gives one limit and no exception). */
function spendStableQuota({ quotas, limits }: Account, nowMs: number): Refusal | undefined {
  if (quotas.stableMinute.used(nowMs) >= limits.stablePerMinute) return refuse(45011);
  if (quotas.stableDay.used(nowMs) >= limits.stablePerDay) return refuse(45009);
  quotas.stableMinute.add(nowMs);
  quotas.stableDay.add(nowMs);
  return undefined;
}
