/** The tokens that were issued: whose each is, and whether it is still good. */

import type { Account } from './account.ts';
import { refuse, SHORT_INVALID_CREDENTIAL, type Refusal } from './errcodes.ts';
import { issue, type Family, type Token } from './family.ts';
import { createTokenRegistry } from './registry.ts';

export interface TokenOptions {
  /** A new value for each token; it must never repeat. */
  randomToken(): string;
  /** What a string that is no token is answered with. 40001 is what was seen; 40014 is documented for some endpoints. */
  garbageTokenCode?: 40001 | 40014;
  /** The text of 40001 without the link to getStableAccessToken, as before October 2023. */
  usesShortInvalidCredentialText?: boolean;
}

export function createTokens(options: TokenOptions) {
  const registry = createTokenRegistry();
  const flaps = new Map<string, number>();
  const invalid = (): Refusal =>
    refuse(40001, options.usesShortInvalidCredentialText ? SHORT_INVALID_CREDENTIAL : undefined);

  return {
    registry,
    mint(account: Account, family: Family, nowMs: number, isForeign = false): Token {
      const token = issue(family, options.randomToken(), nowMs, account.limits.graceMs);
      registry.add(token, nowMs);
      account.mints.record(family.name, nowMs, isForeign);
      return token;
    },
    /** Errcode 0, or why the token is refused. */
    use(value: string | undefined, nowMs: number): Refusal {
      if (value === undefined || value === '') return refuse(41001);
      const token = registry.find(value, nowMs);
      if (!token) return options.garbageTokenCode === 40014 ? refuse(40014) : invalid();
      if (token.deathCause === 'expired') return refuse(42001);
      if (token.deathCause === 'superseded' || isFlapping(flaps, value, nowMs)) return invalid();
      return { errcode: 0, errmsg: 'ok' };
    },
    ownerOf: (value: string, nowMs: number): string | undefined => registry.find(value, nowMs)?.family.appid,
    count: () => registry.size(),
    flap: (value: string, untilMs: number): void => void flaps.set(value, untilMs),
    endFlaps: () => flaps.clear(),
  };
}

function isFlapping(flaps: Map<string, number>, value: string, nowMs: number): boolean {
  const untilMs = flaps.get(value);
  if (untilMs === undefined) return false;
  if (nowMs < untilMs) return true;
  flaps.delete(value);
  return false;
}
