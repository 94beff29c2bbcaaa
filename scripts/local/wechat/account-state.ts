/** An account as it may be shown, without its secret, and its living tokens. */

import { isFrozen, type Account } from './account.ts';
import { removeEnded, type Family, type Token } from './family.ts';

export function living(family: Family, nowMs: number): Token[] {
  removeEnded(family, nowMs);
  return [family.current, family.previous].filter((token) => token !== undefined);
}

export function describeAccount(account: Account, nowMs: number): Record<string, unknown> {
  const { quotas, limits, mints } = account;
  return {
    appid: account.appid,
    kind: account.kind,
    jsDomains: account.jsDomains ?? null,
    ticketsDieEarlyMs: account.ticketsDieEarlyMs,
    isFrozen: isFrozen(account, nowMs),
    bannedWith: account.bannedWith ?? null,
    whitelist: account.whitelist ?? null,
    risks: Object.fromEntries([...account.risks].map(([ip, entry]) => [ip, entry.state])),
    used: Object.fromEntries(Object.entries(quotas).map(([name, counter]) => [name, counter.used(nowMs)])),
    limits,
    mints: {
      legacy: mints.legacy,
      stable: mints.stable,
      foreign: mints.foreign,
      latest: mints.latest().slice(-20),
    },
    tokens: [...living(account.legacy, nowMs), ...living(account.stable, nowMs)].map((token) => ({
      family: token.family.name,
      token: maskToken(token.value),
      issuedAtMs: token.issuedAtMs,
      endsAtMs: token.endsAtMs,
    })),
  };
}

/** A token as it may be shown: enough to tell two apart, nothing to use. */
function maskToken(value: string): string {
  return `${value.slice(0, 4)}… (${value.length} characters)`;
}
