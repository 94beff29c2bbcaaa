/** Whether an app has a token that lives, and is renewed in time. */

import { callOf } from '../../command/call.ts';
import { pick } from '../../command/language.ts';
import { ago, duration } from '../../command/words.ts';
import { isLate, overdueMs } from '../../place/judge.ts';
import type { AppReport } from '../../place/report.ts';
import { missingTicks } from './ticks.ts';
import type { Found } from '../finding.ts';

export function checkToken(report: AppReport, nowMs: number): Found {
  const { token, lifeLeftMs } = report;
  const why = pick({
    en: 'callers get 503, or a token that WeChat refuses',
    zh: '调用方会收到 503，或者微信不接受的 token',
  });
  const cure = callOf('refresh');
  if (token === null)
    return { severity: 'problem', finding: pick({ en: 'none is stored', zh: '库里没有' }), why, cure };
  if (lifeLeftMs === 0)
    return {
      severity: 'problem',
      finding: pick({
        en: `the stored one is dead, minted ${ago(token.mintedAtMs, nowMs)}`,
        zh: `库里的已失效，${ago(token.mintedAtMs, nowMs)}获取`,
      }),
      why,
      cure,
    };
  const finding = pick({
    en: `alive for ${duration(lifeLeftMs)}, minted ${ago(token.mintedAtMs, nowMs)}`,
    zh: `还可用 ${duration(lifeLeftMs)}，${ago(token.mintedAtMs, nowMs)}获取`,
  });
  if (!isLate(report, nowMs)) return { severity: 'ok', finding };
  return {
    severity: 'problem',
    finding: pick({
      en: `${finding}, and its refresh is late by ${duration(overdueMs(report, nowMs))}`,
      zh: `${finding}，比应刷新的时间晚了 ${duration(overdueMs(report, nowMs))}`,
    }),
    ...missingTicks(report.ticks.source),
  };
}
