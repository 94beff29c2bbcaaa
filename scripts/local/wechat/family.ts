/**
 * A family is the line of tokens that one endpoint issues for one app: the current one, and the one before it in
 * its grace. The two families of an app (legacy and stable) never touch each other.
 */

import { GRACE_MS, LIFE_MS } from './constants.ts';

export type FamilyName = 'legacy' | 'stable';

export interface Family {
  readonly appid: string;
  readonly name: FamilyName;
  current: Token | undefined;
  previous: Token | undefined;
}

export interface Token {
  readonly value: string;
  readonly family: Family;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  /** When it stops working: its own expiry, or the end of its grace once a newer token is there. */
  endsAtMs: number;
  /** Fixed at death; undefined while it works. */
  deathCause: 'expired' | 'superseded' | undefined;
}

export function createFamily(appid: string, name: FamilyName): Family {
  return { appid, name, current: undefined, previous: undefined };
}

/** Buries what has ended by now. Runs before every read or write of a family. An instant is before an end when `now < end`. */
export function removeEnded(family: Family, nowMs: number): void {
  const { current, previous } = family;
  if (current && nowMs >= current.expiresAtMs) {
    current.deathCause = 'expired';
    family.current = undefined;
  }
  if (previous && nowMs >= previous.endsAtMs) {
    previous.deathCause = 'superseded';
    family.previous = undefined;
  }
}

/**
 * A new token: the one before it works for another five minutes, and the one before that dies at once. The second
 * half is not said outright: it follows from the official recipe for a leak, two forced refreshes 30 s apart.
 */
export function issue(family: Family, value: string, nowMs: number, graceMs = GRACE_MS): Token {
  removeEnded(family, nowMs);
  const { current, previous } = family;
  if (current) {
    if (previous) end(previous, nowMs);
    current.endsAtMs = Math.min(current.expiresAtMs, nowMs + graceMs);
    family.previous = current;
  }
  const expiresAtMs = nowMs + LIFE_MS;
  const token: Token = {
    value,
    family,
    issuedAtMs: nowMs,
    expiresAtMs,
    endsAtMs: expiresAtMs,
    deathCause: undefined,
  };
  family.current = token;
  return token;
}

/** Ends the grace of the token before the current one. */
export function killPrevious(family: Family, nowMs: number): void {
  if (family.previous) end(family.previous, nowMs);
  family.previous = undefined;
}

/** Ends every token of a family at once, as WeChat does to an account it punishes. */
export function killAll(family: Family, nowMs: number): void {
  removeEnded(family, nowMs);
  killPrevious(family, nowMs);
  if (family.current) end(family.current, nowMs);
  family.current = undefined;
}

function end(token: Token, nowMs: number): void {
  token.deathCause = 'superseded';
  token.endsAtMs = nowMs;
}
