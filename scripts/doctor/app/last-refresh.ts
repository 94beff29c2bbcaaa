/** How the last refresh went, and when. */

import type { HistoryEntry } from '../../../functions/_shared/token/ports.ts';
import { callOf } from '../../command/call.ts';
import { pick } from '../../command/language.ts';
import { ago, duration, wordFor } from '../../command/words.ts';
import type { AppReport } from '../../place/report.ts';
import { historyWords } from '../../place/texts/history.ts';
import type { Found } from '../finding.ts';

export function checkLastRefresh({ history }: AppReport, nowMs: number): Found {
  const [last] = history;
  if (last === undefined)
    return { severity: 'hint', finding: pick({ en: 'none is recorded yet', zh: '还没有记录' }) };
  const finding = describeLast(last, nowMs);
  if (last.outcome === 'minted') return { severity: 'ok', finding };
  const rid = last.rid === null ? '' : pick({ en: ` (rid ${last.rid})`, zh: `（rid ${last.rid}）` });
  return {
    severity: 'hint',
    finding: pick({
      en: `${finding}, errcode ${last.errcode}${rid}`,
      zh: `${finding}，errcode ${last.errcode}${rid}`,
    }),
    why: pick({
      en: 'one failure is weather; the breaker tells whether it goes on',
      zh: '偶尔失败一次不要紧；是否持续，看“熔断”一项',
    }),
    cure: pick({ en: `${callOf('refresh')} tries it now`, zh: `执行 ${callOf('refresh')} 立即重试` }),
  };
}

function describeLast({ atMs, reason, outcome, tookMs }: HistoryEntry, nowMs: number): string {
  const { reasons, outcomes } = historyWords();
  const took = duration(tookMs);
  return pick({
    en: `${ago(atMs, nowMs)} by ${reason === 'timer' ? 'a tick' : reason}: ${outcome}, took ${took}`,
    zh: `${ago(atMs, nowMs)}，${wordFor(reason, reasons)}，${wordFor(outcome, outcomes)}，用时 ${took}`,
  });
}
