/** What has begun and is not finished: a mint whose outcome is unknown, a manual refresh. */

import { MANUAL_REFRESH_LIFE_MS } from '../../../functions/_shared/token/manual-refresh.ts';
import { callOf } from '../../command/call.ts';
import { pick } from '../../command/language.ts';
import { duration } from '../../command/words.ts';
import { LATE_MS } from '../../place/judge.ts';
import type { AppReport } from '../../place/report.ts';
import { describeManualRefresh, describeState } from '../../place/verdict.ts';
import type { Found } from '../finding.ts';

export function checkUnsettled(report: AppReport, nowMs: number): Found {
  const { unsettledSinceAtMs, claim } = report;
  if (unsettledSinceAtMs === null || claim !== null)
    return { severity: 'ok', finding: describeState(report, nowMs) };
  return {
    severity: nowMs - unsettledSinceAtMs > LATE_MS ? 'problem' : 'hint',
    finding: describeState(report, nowMs),
    why: pick({
      en: 'the stored token may die 5 minutes after that mint; the next tick after 4 minutes puts it right',
      zh: '库里的 token 可能在那次获取 5 分钟后失效；从那次起满 4 分钟后，第一次触发就会更换它',
    }),
    cure: callOf('refresh'),
  };
}

export function checkManualRefresh(report: AppReport, nowMs: number): Found {
  const finding = describeManualRefresh(report, nowMs);
  if (report.manualRefresh === null) return { severity: 'ok', finding };
  return {
    severity: report.manualRefresh.isLeak ? 'problem' : 'hint',
    finding: pick({ en: `not carried out yet: ${finding}`, zh: `还没有执行：${finding}` }),
    why: pick({
      en: `it is forgotten ${duration(MANUAL_REFRESH_LIFE_MS)} after it was requested`,
      zh: `请求后 ${duration(MANUAL_REFRESH_LIFE_MS)}内没有执行就会失效`,
    }),
    cure: callOf('refresh', report.manualRefresh.isLeak ? '--leaked' : ''),
  };
}
