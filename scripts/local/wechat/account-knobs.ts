/** What a test or the dashboard may do to an account from outside: the events that WeChat, an administrator or a thief cause. */

import { describeAccount, living } from './account-state.ts';
import { isFrozen, type Account, type AccountKind } from './account.ts';
import { FREEZE_DELAY_MS, type Limits } from './constants.ts';
import { killAll } from './family.ts';
import { assertWhitelist, type RiskState } from './ip-rules.ts';
import type { Quotas } from './quota.ts';
import type { IssuedToken } from './token-endpoints.ts';

export interface AccountKnobs {
  /** Resets the AppSecret; the old one goes on working for `graceMs` (official texts say none, and "a few minutes"). */
  setSecret(secret: string, nowMs: number, graceMs?: number): void;
  isSecret(secret: string): boolean;
  freeze(nowMs: number, delayMs?: number): void;
  unfreeze(nowMs: number, delayMs?: number): void;
  ban(errcode: 50004 | 50007 | undefined): void;
  /** Switches the whitelist on with these entries, or off. */
  setWhitelist(entries: readonly string[] | undefined): void;
  setRisk(ip: string, state: RiskState, nowMs: number): void;
  setQuotaUsed(quota: keyof Quotas, used: number, nowMs: number): void;
  setLimits(limits: Partial<Limits>): void;
  setKind(kind: AccountKind): void;
  /** undefined: any. */
  setJsDomains(domains: readonly string[] | undefined): void;
  /** How much earlier than two windows after it first came a ticket dies. */
  setTicketsDieEarly(earlyMs: number): void;
  /** Kills the tokens of one family, or of both, at once. */
  revoke(nowMs: number, family?: 'legacy' | 'stable'): void;
  /** Somebody else who holds the secret calls GET /cgi-bin/token; never refused, but it costs quota. */
  foreignMint(nowMs: number): IssuedToken;
  /** Refuses every living token of the app with 40001 until that instant. */
  flap(nowMs: number, untilMs: number): void;
  /** What POST /cgi-bin/openapi/quota/get says of an endpoint that has a counter of its own. */
  quota(path: string, nowMs: number): { limit: number; used: number } | undefined;
  /** The account without its secret, tokens cut to their first characters. */
  describe(nowMs: number): Record<string, unknown>;
}

export function createKnobs(
  account: Account,
  mintForeign: (account: Account, nowMs: number) => IssuedToken,
  flapToken: (value: string, untilMs: number) => void,
): AccountKnobs {
  const { legacy, stable, quotas, limits } = account;
  return {
    setSecret(secret, nowMs, graceMs = 0) {
      account.oldSecret = { value: account.secret, untilMs: nowMs + graceMs };
      account.secret = secret;
    },
    isSecret: (secret) => secret === account.secret,
    freeze(nowMs, delayMs = FREEZE_DELAY_MS) {
      if (!isFrozen(account, nowMs)) account.frozenFromMs = nowMs + delayMs;
      account.unfrozenFromMs = Number.POSITIVE_INFINITY;
    },
    unfreeze(nowMs, delayMs = FREEZE_DELAY_MS) {
      account.unfrozenFromMs = nowMs + delayMs;
    },
    ban(errcode) {
      account.bannedWith = errcode;
    },
    setWhitelist(entries) {
      if (entries) assertWhitelist(entries);
      account.whitelist = entries;
    },
    setRisk: (ip, state, nowMs) => void account.risks.set(ip, { state, sinceMs: nowMs }),
    setQuotaUsed: (quota, used, nowMs) => quotas[quota].set(used, nowMs),
    setLimits: (changed) => void Object.assign(limits, changed),
    setKind: (kind) => void (account.kind = kind),
    setJsDomains: (domains) => void (account.jsDomains = domains),
    setTicketsDieEarly: (earlyMs) => void (account.ticketsDieEarlyMs = earlyMs),
    revoke(nowMs, family) {
      if (family !== 'stable') killAll(legacy, nowMs);
      if (family !== 'legacy') killAll(stable, nowMs);
    },
    foreignMint(nowMs) {
      quotas.legacyDay.add(nowMs);
      return mintForeign(account, nowMs);
    },
    flap(nowMs, untilMs) {
      for (const token of [...living(legacy, nowMs), ...living(stable, nowMs)])
        flapToken(token.value, untilMs);
    },
    quota(path, nowMs) {
      switch (path) {
        case '/cgi-bin/token':
          return { limit: limits.legacyPerDay, used: quotas.legacyDay.used(nowMs) };
        case '/cgi-bin/stable_token':
          return { limit: limits.stablePerDay, used: quotas.stableDay.used(nowMs) };
        case '/cgi-bin/ticket/getticket':
          return { limit: limits.ticketPerDay, used: quotas.ticketDay.used(nowMs) };
        default:
          return undefined;
      }
    },
    describe: (nowMs) => describeAccount(account, nowMs),
  };
}
