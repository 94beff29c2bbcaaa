/** One app at noon in UTC+8, for the tests of single steps: a sound record, its policy, a report, a backoff. */

import { dayOf } from '../../functions/_shared/token/backoff.ts';
import type { UnsavedResult } from '../../functions/_shared/token/app.ts';
import type { Policy } from '../../functions/_shared/token/policy.ts';
import type { MintOutcome } from '../../functions/_shared/token/ports.ts';
import { emptyRecord } from '../../functions/_shared/token/record.ts';
import type {
  Backoff,
  Claim,
  Owner,
  StoredToken,
  TokenRecord,
} from '../../functions/_shared/token/record.ts';
import type { Report } from '../../functions/_shared/token/report.ts';

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export const NOW_MS = Date.UTC(2026, 10, 22, 4);
export const TODAY = dayOf(NOW_MS);

export const classic: Policy = {
  api: 'token',
  refreshAfterMs: 110 * MINUTE_MS,
  mintLimitPerDay: 500,
  fingerprint: 'f1',
};
export const stable: Policy = { ...classic, api: 'stable' };
export const ticket: Policy = { ...classic, api: 'ticket', refreshAfterMs: 30 * MINUTE_MS };

/** Minted an hour ago for two hours. */
export function tokenOf(over: Partial<StoredToken> = {}): StoredToken {
  const mintedAtMs = over.mintedAtMs ?? NOW_MS - HOUR_MS;
  return { value: 't1', api: 'token', mintedAtMs, expiresAtMs: mintedAtMs + 2 * HOUR_MS, ...over };
}

export function recordOf(over: Partial<TokenRecord> = {}): TokenRecord {
  return { ...emptyRecord, version: 5, token: tokenOf(), mints: { day: TODAY, count: 7 }, ...over };
}

export function claimOf(over: Partial<Claim> = {}): Claim {
  return {
    id: 'c1',
    startedAtMs: NOW_MS,
    untilAtMs: NOW_MS + 20 * SECOND_MS,
    unsettledBeforeAtMs: null,
    contestedSinceAtMs: null,
    ...over,
  };
}

export function backoffOf(over: Partial<Backoff> = {}): Backoff {
  return {
    owner: 'transient',
    errcode: -1,
    errmsg: 'system error',
    failures: 1,
    sinceAtMs: NOW_MS - MINUTE_MS,
    retryAtMs: NOW_MS + MINUTE_MS,
    fingerprint: 'f1',
    ...over,
  };
}

export function reportOf(over: Partial<Report> = {}): Report {
  return { by: 'report', value: 't1', knownId: null, isSuspicion: false, source: 'wx_client,scf', ...over };
}

export const refused = (owner: Owner, errcode = 1): MintOutcome => ({
  kind: 'refused',
  failure: { owner, errcode, errmsg: 'no' },
});
export const unknown: MintOutcome = {
  kind: 'unknown',
  failure: { owner: 'transient', errcode: 503, errmsg: 'no answer' },
};
export const minted = (token: StoredToken): MintOutcome => ({ kind: 'minted', token });

/** The result of a mint that took two seconds, under `claimOf()`. */
export function resultOf(outcome: MintOutcome, over: Partial<UnsavedResult> = {}): UnsavedResult {
  const entry = {
    atMs: NOW_MS,
    reason: 'timer',
    outcome: outcome.kind,
    errcode: 0,
    rid: null,
    tookMs: 2 * SECOND_MS,
    gapMs: null,
    who: 'test',
  };
  return {
    claim: claimOf(),
    outcome,
    beganAtMs: NOW_MS,
    endedAtMs: NOW_MS + 2 * SECOND_MS,
    chance: 0.5,
    entry,
    ...over,
  };
}
