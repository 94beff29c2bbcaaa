/** The one judge of an app's state: status, the doctor and the dashboard all say what it says. Pure; the words are in texts/. */

import { NEAR_LIMIT } from '../../functions/_shared/token/policy.ts';
import type { AppReport } from './report.ts';
import type { Trouble } from './texts/troubles.en.ts';

/** `good`: nothing to do. `watch`: it passes by itself, or can wait. `act`: the operator has to act. */
export type Tone = 'good' | 'watch' | 'act';

export interface Judgement {
  tone: Tone;
  trouble: Trouble;
  state: State;
}

/** What callers feel of it. */
type State =
  | 'healthy'
  | 'no token is stored'
  | 'the stored token is dead'
  | 'alive, but the breaker is open'
  | 'alive, but the last refresh failed'
  | 'alive, but its refresh is late'
  | 'alive, but needs attention';

/** A due token is replaced at the next tick, 5 minutes away at most; a later one was missed, and 10 minutes end it. */
export const LATE_MS = 6 * 60_000;
/** Two clocks of one machine differ by less. */
export const CLOCK_SLACK_MS = 60_000;

export function judge(report: AppReport, nowMs: number): Judgement {
  const found = findTrouble(report, nowMs);
  const { tone, trouble } = report.isLeftOver && found.tone !== 'good' ? watch('leftOver' as const) : found;
  return { tone, trouble, state: stateOf(report, nowMs, tone) };
}

/** The worst first; the same order for whoever shows several apps. */
export function bySeverity(a: Pick<Judgement, 'tone'>, b: Pick<Judgement, 'tone'>): number {
  return TONES.indexOf(a.tone) - TONES.indexOf(b.tone);
}

const TONES: readonly Tone[] = ['act', 'watch', 'good'];

/** How long ago the token should have been replaced; 0 while it isn't due. */
export function overdueMs({ token }: AppReport, nowMs: number): number {
  return token === null ? 0 : Math.max(0, nowMs - token.dueAtMs);
}

/** Where no ticks are meant to come, a token that nobody asks for may be as old as it likes. */
export function isLate(report: AppReport, nowMs: number): boolean {
  return report.ticks.source !== 'readers' && overdueMs(report, nowMs) > LATE_MS;
}

type Found = Pick<Judgement, 'tone' | 'trouble'>;

const act = (trouble: Trouble): Found => ({ tone: 'act', trouble });
const watch = (trouble: Trouble): Found => ({ tone: 'watch', trouble });

function findTrouble(report: AppReport, nowMs: number): Found {
  return (
    aboutClock(report, nowMs) ??
    aboutBreaker(report) ??
    aboutLimit(report) ??
    aboutToken(report, nowMs) ??
    aboutOddities(report) ?? { tone: 'good', trouble: 'healthy' }
  );
}

/** What was written in the future says nothing of now. */
function aboutClock({ token, breaker, lifeLeftMs }: AppReport, nowMs: number): Found | undefined {
  const writtenAtMs = Math.max(token?.mintedAtMs ?? 0, breaker?.sinceAtMs ?? 0);
  if (writtenAtMs <= nowMs + CLOCK_SLACK_MS) return undefined;
  return lifeLeftMs > 0 ? watch('future') : act('future');
}

/** WeChat's errcodes by their fix; for any other one WeChat's text is shown. */
const CURES = new Map<number, Trouble>([
  ...[40001, 40125, 41004].map((errcode) => [errcode, 'secret'] as const),
  ...[40013, 41002].map((errcode) => [errcode, 'appid'] as const),
  ...[40164, 61004].map((errcode) => [errcode, 'whitelist'] as const),
  ...[89501, 89503, 89506, 89507].map((errcode) => [errcode, 'confirm'] as const),
  ...[50004, 50007].map((errcode) => [errcode, 'account'] as const),
  [40243, 'frozen'],
]);

function aboutBreaker({ breaker, lifeLeftMs }: AppReport): Found | undefined {
  if (breaker === null) return undefined;
  if (breaker.owner === 'configuration') return act(CURES.get(breaker.errcode) ?? 'refused');
  if (breaker.owner === 'quota') return act('quota');
  return lifeLeftMs > 0 ? watch('weather') : act('down');
}

function aboutLimit({ mintsToday: { count, limit } }: AppReport): Found | undefined {
  return count >= limit ? act('limit') : undefined;
}

function aboutToken(report: AppReport, nowMs: number): Found | undefined {
  const { token, lifeLeftMs, claim, unsettledSinceAtMs, history, ticks } = report;
  if (claim !== null) return { tone: lifeLeftMs > 0 ? 'good' : 'watch', trouble: 'minting' };
  if (token === null) return act(history.length === 0 ? 'first' : 'none');
  if (lifeLeftMs === 0) return ticks.source === 'readers' ? watch('resting') : act('dead');
  if (unsettledSinceAtMs !== null)
    return nowMs - unsettledSinceAtMs > LATE_MS ? act('unsettledLong') : watch('unsettled');
  if (isLate(report, nowMs)) return act(ticks.source === 'outside' ? 'lateOutside' : 'late');
  return undefined;
}

function aboutOddities({ foreignMinter, damaged, mintsToday, manualRefresh }: AppReport): Found | undefined {
  const { count, limit, effectiveLimit } = mintsToday;
  if (foreignMinter.isSuspected) return act('foreign');
  if (manualRefresh?.isLeak === true) return act('leak');
  if (damaged.length > 0) return act('damaged');
  if (manualRefresh !== null) return watch('manualRefresh');
  // Our own limit was chosen; beyond WeChat's there is no token.
  if (count >= effectiveLimit * NEAR_LIMIT) return effectiveLimit < limit ? act('many') : watch('many');
  return undefined;
}

function stateOf(report: AppReport, nowMs: number, tone: Tone): State {
  const { token, lifeLeftMs, breaker } = report;
  if (token === null) return 'no token is stored';
  if (lifeLeftMs === 0) return 'the stored token is dead';
  if (breaker?.isOpen === true) return 'alive, but the breaker is open';
  if (breaker !== null) return 'alive, but the last refresh failed';
  if (isLate(report, nowMs)) return 'alive, but its refresh is late';
  return tone === 'good' ? 'healthy' : 'alive, but needs attention';
}
