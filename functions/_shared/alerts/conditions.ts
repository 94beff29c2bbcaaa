/**
 * What is wrong with one app that a person should know, judged by its record alone. Pure.
 *
 * One cause is one incident: while the configuration is wrong, a failing refresh is not reported as well. An incident
 * ends by evidence only, so a pause between two attempts is no recovery: the backoff stays until a token is stored.
 */

import { isForeignMinterSuspected } from '../token/history.ts';
import { effectiveLimit } from '../token/day-limit.ts';
import { decide } from '../token/decide.ts';
import { MINUTE_MS, NEAR_LIMIT } from '../token/policy.ts';
import type { Policy } from '../token/policy.ts';
import { earlyExpiryAtMs } from '../token/life.ts';
import type { Failure } from '../token/ports.ts';
import type { Api, TokenRecord } from '../token/record.ts';
import { manyRefuted } from '../token/report.ts';
import { dayOf } from '../token/backoff.ts';
import type { Kind, SilentKind } from './incidents.ts';

/** An incident as it is now, with what its message says. `api`: unless it is about all apps. */
export type Finding = { appid: string; api?: Api } & Found;

type Found = { sinceAtMs: number } & (
  | { kind: 'refreshFailing' | 'configurationError'; cause: Failure; endsAtMs: number | null }
  /** `isLearned`: the limit is WeChat's own, lower than the configured one. */
  | { kind: 'mintLimitNear'; count: number; limit: number; isLearned: boolean }
  | { kind: 'foreignMinter'; refusals: number }
  | { kind: 'reportsRefuted'; refutations: number; source: string | null }
  | { kind: SilentKind }
);

const NEARLY_OVER_MS = 30 * MINUTE_MS;

/** `open`: the kinds that have been said of this app and not yet recovered. */
export function findingsOf(
  appid: string,
  record: TokenRecord,
  policy: Policy,
  nowMs: number,
  open: ReadonlySet<Kind>,
): Finding[] {
  const found = [
    findConfigurationError(record, open),
    findFailingRefresh(record, policy, nowMs, open),
    findNearLimit(record, policy, nowMs),
    findForeignMinter(record, nowMs),
    findRefutedReports(record, nowMs),
  ];
  return found.flatMap((one) => (one === null ? [] : [{ ...one, appid, api: policy.api }]));
}

/** A network failure after the refusal cures nothing, so it does not end the incident. */
function findConfigurationError(record: TokenRecord, open: ReadonlySet<Kind>): Found | null {
  const { backoff } = record;
  if (backoff === null) return null;
  if (backoff.owner !== 'configuration' && !open.has('configurationError')) return null;
  const { sinceAtMs } = backoff;
  return { kind: 'configurationError', sinceAtMs, cause: backoff, endsAtMs: endAtMs(record) };
}

function findFailingRefresh(
  record: TokenRecord,
  policy: Policy,
  nowMs: number,
  open: ReadonlySet<Kind>,
): Found | null {
  const decision = decide(record, { by: 'timer' }, nowMs, policy);
  // Not due: whatever failed earlier, the stored token is the one that should be there.
  if (decision.do === 'nothing') return null;
  // The limit of mints stops a refresh without a backoff.
  const cause = record.backoff ?? (decision.do === 'stop' ? decision.failure : null);
  if (cause === null) return null;
  const sinceAtMs = record.backoff?.sinceAtMs ?? nowMs;
  const endsAtMs = endAtMs(record);
  const finding: Found = { kind: 'refreshFailing', sinceAtMs, cause, endsAtMs };
  if (open.has('refreshFailing')) return finding;
  // Another instance is trying right now: the next check sees the result.
  const isUnderWay = decision.do === 'wait' && decision.why === 'claim';
  const isUrgent = endsAtMs === null || endsAtMs - nowMs < NEARLY_OVER_MS;
  const isExplained = findConfigurationError(record, open) !== null;
  return isUrgent && !isUnderWay && !isExplained ? finding : null;
}

function findNearLimit(record: TokenRecord, policy: Policy, nowMs: number): Found | null {
  const { mints, claim } = record;
  if (mints.day !== dayOf(nowMs)) return null;
  // A claim counts as a mint from its beginning, and is taken back if WeChat refuses.
  const count = mints.count - (claim === null ? 0 : 1);
  const limit = effectiveLimit(record, policy);
  if (count < limit * NEAR_LIMIT) return null;
  const isLearned = limit < policy.mintLimitPerDay;
  return { kind: 'mintLimitNear', sinceAtMs: nowMs, count, limit, isLearned };
}

function findForeignMinter(record: TokenRecord, nowMs: number): Found | null {
  if (!isForeignMinterSuspected(record, nowMs)) return null;
  const [first = nowMs] = record.refusedAtMs;
  return { kind: 'foreignMinter', sinceAtMs: first, refusals: record.refusedAtMs.length };
}

function findRefutedReports(record: TokenRecord, nowMs: number): Found | null {
  const refuted = manyRefuted(record, nowMs);
  const [first] = refuted;
  if (first === undefined) return null;
  const { source } = record.reports;
  return { kind: 'reportsRefuted', sinceAtMs: first, refutations: refuted.length, source };
}

/** Until when the stored token is good; other than the assured life it does not count with our own next refresh. */
function endAtMs(record: TokenRecord): number | null {
  const { token } = record;
  return token && Math.min(token.expiresAtMs, earlyExpiryAtMs(record, token));
}
