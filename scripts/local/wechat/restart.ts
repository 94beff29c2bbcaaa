/** What the sandbox must know again after a restart: the living tokens, so that a stored one stays good. */

import type { Account } from './account.ts';
import type { Family, FamilyName, Token } from './family.ts';
import { removeEnded } from './family.ts';
import type { TokenRegistry } from './registry.ts';

export interface LivingToken {
  appid: string;
  family: FamilyName;
  value: string;
  issuedAtMs: number;
  expiresAtMs: number;
  endsAtMs: number;
  isCurrent: boolean;
}

export function livingTokens(accounts: Iterable<Account>, nowMs: number): LivingToken[] {
  return [...accounts].flatMap(({ legacy, stable }) =>
    [legacy, stable].flatMap((family) => living(family, nowMs)),
  );
}

/** Puts tokens back into the families of accounts that exist; those of other AppIDs are left out. */
export function bringBack(
  tokens: readonly LivingToken[],
  accounts: ReadonlyMap<string, Account>,
  registry: TokenRegistry,
): void {
  for (const { appid, family: name, value, issuedAtMs, expiresAtMs, endsAtMs, isCurrent } of tokens) {
    const family = accounts.get(appid)?.[name];
    if (family === undefined) continue;
    const token: Token = { value, family, issuedAtMs, expiresAtMs, endsAtMs, deathCause: undefined };
    family[isCurrent ? 'current' : 'previous'] = token;
    registry.add(token, issuedAtMs);
  }
}

function living(family: Family, nowMs: number): LivingToken[] {
  removeEnded(family, nowMs);
  const { appid, name, current, previous } = family;
  return [previous, current].flatMap((token) => {
    if (token === undefined) return [];
    const { value, issuedAtMs, expiresAtMs, endsAtMs } = token;
    return [{ appid, family: name, value, issuedAtMs, expiresAtMs, endsAtMs, isCurrent: token === current }];
  });
}
