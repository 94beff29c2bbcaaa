/** The one thing to do next about an app. Pure; the words for it are in texts/. */

import { NEAR_LIMIT } from '../../../functions/_shared/token/policy.ts';
import type { AppReport } from '../../place/report.ts';
import { LATE_MS, overdueMs } from '../../place/verdict.ts';
import type { HeadlineKey } from './texts/headlines.en.ts';

/** `good`: nothing to do. `watch`: it passes by itself, or can wait. `act`: the operator has to act. */
export type Tone = 'good' | 'watch' | 'act';

export interface Headline {
  tone: Tone;
  key: HeadlineKey;
}

export function headlineOf(report: AppReport, nowMs: number): Headline {
  return (
    aboutBreaker(report) ??
    aboutLimit(report) ??
    aboutToken(report, nowMs) ??
    aboutOddities(report) ?? { tone: 'good', key: 'healthy' }
  );
}

/** WeChat's errcodes by their fix; for any other one WeChat's text is shown. */
const CURES = new Map<number, HeadlineKey>([
  ...[40001, 40125, 41004].map((errcode) => [errcode, 'secret'] as const),
  ...[40013, 41002].map((errcode) => [errcode, 'appid'] as const),
  ...[40164, 61004].map((errcode) => [errcode, 'whitelist'] as const),
  ...[89501, 89503, 89506, 89507].map((errcode) => [errcode, 'confirm'] as const),
  ...[50004, 50007].map((errcode) => [errcode, 'account'] as const),
  [40243, 'frozen'],
]);

function aboutBreaker({ breaker, lifeLeftMs }: AppReport): Headline | undefined {
  if (breaker === null) return undefined;
  if (breaker.owner === 'configuration') return { tone: 'act', key: CURES.get(breaker.errcode) ?? 'refused' };
  if (breaker.owner === 'quota') return { tone: 'act', key: 'quota' };
  return lifeLeftMs > 0 ? { tone: 'watch', key: 'weather' } : { tone: 'act', key: 'down' };
}

function aboutLimit({ mintsToday: { count, limit } }: AppReport): Headline | undefined {
  return count >= limit ? { tone: 'act', key: 'limit' } : undefined;
}

function aboutToken(report: AppReport, nowMs: number): Headline | undefined {
  const { token, lifeLeftMs, claim, unsettledSinceAtMs, history } = report;
  if (claim !== null) return { tone: lifeLeftMs > 0 ? 'good' : 'watch', key: 'minting' };
  if (token === null) return { tone: 'watch', key: history.length === 0 ? 'first' : 'none' };
  if (lifeLeftMs === 0) return { tone: 'act', key: 'dead' };
  if (unsettledSinceAtMs !== null) return { tone: 'watch', key: 'unsettled' };
  if (overdueMs(report, nowMs) > LATE_MS) return { tone: 'act', key: 'late' };
  return undefined;
}

function aboutOddities({
  foreignMinter,
  damaged,
  mintsToday,
  manualRefresh,
}: AppReport): Headline | undefined {
  if (foreignMinter.isSuspected) return { tone: 'act', key: 'foreign' };
  if (damaged.length > 0) return { tone: 'watch', key: 'damaged' };
  if (manualRefresh !== null) return { tone: 'watch', key: 'manualRefresh' };
  if (mintsToday.count >= mintsToday.effectiveLimit * NEAR_LIMIT) return { tone: 'watch', key: 'many' };
  return undefined;
}
