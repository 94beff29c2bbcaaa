/** What the stored document of one app tells of its health. Pure. */

import { callOf } from '../command/call.ts';
import { MANUAL_REFRESH_LIFE_MS } from '../../functions/_shared/token/manual-refresh.ts';
import type { TickSource } from '../../functions/_shared/runtime/config.ts';
import { NEAR_LIMIT, TICK_MS } from '../../functions/_shared/token/policy.ts';
import type { AppReport } from '../place/report.ts';
import {
  describeBreaker,
  describeForeignMinter,
  describeManualRefresh,
  describeMints,
  describeRefutedReports,
  describeState,
  describeTicks,
} from '../place/verdict.ts';
import { adviceOn, type Whereabouts } from '../place/advice.ts';
import { isLate, judge, LATE_MS, overdueMs } from '../place/judge.ts';
import type { Trouble } from '../place/texts/troubles.en.ts';
import { language } from '../command/language.ts';
import { ago, clockTime, duration } from '../command/words.ts';
import type { Finding } from './finding.ts';

type Check = (report: AppReport, nowMs: number) => Omit<Finding, 'check' | 'appid'>;

/** In the order in which an operator reads them. The judge's trouble and its cure stand at the check that shows it. */
export function checkApp(report: AppReport, nowMs: number, at: Whereabouts): Finding[] {
  const { appid } = report;
  const { tone, trouble } = judge(report, nowMs);
  const shownBy = CHECK_OF[trouble];
  const { title, todo: cure } = adviceOn({ trouble }, at, language());
  return Object.entries(CHECKS).map(([check, run]) => {
    const found: Finding = Object.assign(run(report, nowMs), { check, appid });
    if (tone === 'good' || shownBy === undefined) return found;
    if (check === shownBy)
      return Object.assign(found, { severity: tone === 'act' ? 'problem' : 'hint', title, cure });
    // It follows from the trouble: one cure for both.
    return CONSEQUENCES.has(check) && found.cure !== undefined ? Object.assign(found, { cure }) : found;
  });
}

const CHECK_OF: Record<Trouble, string | undefined> = {
  healthy: undefined,
  minting: 'token',
  first: 'token',
  none: 'token',
  dead: 'token',
  late: 'token',
  lateOutside: 'token',
  resting: 'token',
  future: 'token',
  leftOver: 'token',
  weather: 'breaker',
  down: 'breaker',
  secret: 'breaker',
  appid: 'breaker',
  whitelist: 'breaker',
  confirm: 'breaker',
  account: 'breaker',
  frozen: 'breaker',
  refused: 'breaker',
  quota: 'breaker',
  limit: 'mints today',
  many: 'mints today',
  unsettled: 'unsettled',
  unsettledLong: 'unsettled',
  foreign: 'foreign minter',
  damaged: 'document',
  manualRefresh: 'manualRefresh',
  leak: 'manualRefresh',
};

const CONSEQUENCES = new Set(['token', 'breaker', 'unsettled']);

const DEPLOYED_WRONG = `${callOf('setup')}, then ${callOf('deploy')}`;
const WHITELIST =
  'add that address at https://mp.weixin.qq.com (开发管理 → 开发设置 → IP白名单), and give the functions a fixed egress IP so that it stays';

/** What cures a refusal of WeChat, where a command or a place does; https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-access-token/api_getaccesstoken.html (read 2026-11-22) */
const CURES = new Map([
  [40001, DEPLOYED_WRONG],
  [40125, DEPLOYED_WRONG],
  [40013, DEPLOYED_WRONG],
  [41002, DEPLOYED_WRONG],
  [41004, DEPLOYED_WRONG],
  [40164, WHITELIST],
  [61004, WHITELIST],
  [45009, 'find who else fetches tokens for this AppID; the quota comes back at 00:00 UTC+8'],
]);
const ANY_CURE = `do what the finding says, then ${callOf('refresh')}`;

/** `tcb fn log` of CLI 2 asks an API that is gone. */
const LOG =
  'the log of refreshAccessToken in the console (https://tcb.cloud.tencent.com/ → 云函数 → 日志), or tcb logs search with CLI 3';

const CHECKS: Record<string, Check> = {
  token(report, nowMs) {
    const { token, lifeLeftMs } = report;
    const why = 'callers get 503, or a token that WeChat refuses';
    const cure = callOf('refresh');
    if (token === null) return { severity: 'problem', finding: 'none is stored', why, cure };
    if (lifeLeftMs === 0)
      return {
        severity: 'problem',
        finding: `the stored one is dead, minted ${ago(token.mintedAtMs, nowMs)}`,
        why,
        cure,
      };
    const finding = `alive for ${duration(lifeLeftMs)}, minted ${ago(token.mintedAtMs, nowMs)}`;
    if (!isLate(report, nowMs)) return { severity: 'ok', finding };
    return {
      severity: 'problem',
      finding: `${finding}, and its refresh is late by ${duration(overdueMs(report, nowMs))}`,
      ...missingTicks(report.ticks.source),
    };
  },
  'last refresh'({ history }, nowMs) {
    const [last] = history;
    if (last === undefined) return { severity: 'hint', finding: 'none is recorded yet' };
    const by = last.reason === 'timer' ? 'a tick' : last.reason;
    const finding = `${ago(last.atMs, nowMs)} by ${by}: ${last.outcome}, took ${duration(last.tookMs)}`;
    if (last.outcome === 'minted') return { severity: 'ok', finding };
    const rid = last.rid === null ? '' : ` (rid ${last.rid})`;
    return {
      severity: 'hint',
      finding: `${finding}, errcode ${last.errcode}${rid}`,
      why: 'one failure is weather; the breaker tells whether it goes on',
      cure: `${callOf('refresh')} tries it now`,
    };
  },
  ticks(report, nowMs) {
    const finding = describeTicks(report, nowMs);
    if (!isLastFetchedLate(report)) return { severity: 'ok', finding };
    return {
      severity: 'hint',
      finding: `${finding}; the stored token was fetched by a caller, after a tick had been due`,
      ...missingTicks(report.ticks.source),
    };
  },
  'mints today'(report) {
    const { api } = report;
    const { count, limit, effectiveLimit } = report.mintsToday;
    const finding = describeMints(report);
    const why = 'every mint ends the token before it, and WeChat grants a limited number a day';
    const cure = `look at who reports or mints: ${callOf('status')} shows each refresh's cause`;
    if (count >= limit)
      return {
        severity: 'problem',
        finding: `${finding}: nothing is minted any more today`,
        why,
        cure: `${cure}; raise MINT_LIMIT_PER_DAY and ${callOf('deploy')} if it is right so`,
      };
    if (count >= effectiveLimit * NEAR_LIMIT && effectiveLimit < limit)
      return { severity: 'problem', finding: `${finding}: soon WeChat refuses more today`, why, cure };
    const isUnusual = count > usualMints(api) || count >= limit * NEAR_LIMIT;
    return isUnusual
      ? { severity: 'hint', finding: `${finding}, more than usual`, why, cure }
      : { severity: 'ok', finding };
  },
  breaker(report, nowMs) {
    const { breaker } = report;
    const finding = describeBreaker(report, nowMs);
    if (breaker === null) return { severity: 'ok', finding };
    const why = breaker.isOpen
      ? `nothing is fetched before ${clockTime(breaker.retryAtMs, nowMs)}; the stored token is served to its end, and then none`
      : 'the token is not renewed while this goes on';
    const cure = CURES.get(breaker.errcode) ?? ANY_CURE;
    const isPassing = breaker.owner === 'transient' && report.lifeLeftMs > 0;
    return { severity: isPassing ? 'hint' : 'problem', finding, why, cure };
  },
  unsettled(report, nowMs) {
    const { unsettledSinceAtMs, claim } = report;
    if (unsettledSinceAtMs === null || claim !== null)
      return { severity: 'ok', finding: describeState(report, nowMs) };
    return {
      severity: nowMs - unsettledSinceAtMs > LATE_MS ? 'problem' : 'hint',
      finding: describeState(report, nowMs),
      why: 'the stored token may die 5 minutes after that mint; the next tick after 4 minutes puts it right',
      cure: callOf('refresh'),
    };
  },
  'foreign minter'(report, nowMs) {
    const finding = describeForeignMinter(report, nowMs);
    const { isSuspected, refusedAtMs } = report.foreignMinter;
    if (refusedAtMs.length === 0) return { severity: 'ok', finding };
    return {
      severity: isSuspected ? 'problem' : 'hint',
      finding,
      why: 'two systems that mint end each other’s tokens all day',
      cure: `find the other one and let it call getAccessToken, or ${callOf('setup', '--mode stable')} and ${callOf('deploy')}`,
    };
  },
  'wrong reports'(report, nowMs) {
    const finding = describeRefutedReports(report, nowMs);
    if (report.refutedReports.atMs.length === 0) return { severity: 'ok', finding };
    return {
      severity: 'hint',
      finding,
      why: 'a caller takes a 40001 of another AppID, or of a wrong parameter, for a refused token; other callers keep theirs',
      cure: 'find the function that passes invalid_access_token, and let it do so only for 40001, 40014 or 42001 of a call with this very token',
    };
  },
  manualRefresh(report, nowMs) {
    const finding = describeManualRefresh(report, nowMs);
    if (report.manualRefresh === null) return { severity: 'ok', finding };
    return {
      severity: report.manualRefresh.isLeak ? 'problem' : 'hint',
      finding: `not carried out yet: ${finding}`,
      why: `it is forgotten ${duration(MANUAL_REFRESH_LIFE_MS)} after it was requested`,
      cure: callOf('refresh', report.manualRefresh.isLeak ? '--leaked' : ''),
    };
  },
  document({ damaged }) {
    if (damaged.length === 0) return { severity: 'ok', finding: 'every field can be read' };
    return {
      severity: 'problem',
      finding: `${damaged.join(', ')} can't be read and count as absent`,
      why: 'somebody else has written to this document',
      cure: `${callOf('refresh')} writes it anew; then see who has access to the collection`,
    };
  },
};

/** What it means that the ticks don't come, and where to look. */
function missingTicks(source: TickSource): Pick<Finding, 'why' | 'cure'> {
  return source === 'outside'
    ? {
        why: 'no tick comes from outside, or every one fails: readers keep it going only as long as they come',
        cure: `look at what posts to /tick and at the status that it gets; ${callOf('server-key', 'list')} shows whether its key is in force`,
      }
    : {
        why: 'the timer does not tick, or every tick fails: readers keep it going only as long as they come',
        cure: `${callOf('deploy')} (puts the timer right); if the timer is there: ${LOG}`,
      };
}

/** A caller leaves a living token to the ticks until one of them is missing (R1). */
function isLastFetchedLate({ ticks, history, token }: AppReport): boolean {
  const last = history.find(({ outcome }) => outcome === 'minted');
  if (ticks.source === 'readers' || token === null || last?.reason !== 'reader') return false;
  return last.gapMs !== null && last.gapMs >= token.dueAtMs - token.mintedAtMs + TICK_MS;
}

/** One every 110 minutes are 14; a few reports and manual refreshes come on top. In `stable` mode nearly as many. */
function usualMints(api: AppReport['api']): number {
  return api === 'token' ? 40 : 100;
}
