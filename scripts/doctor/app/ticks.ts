/** Whether ticks come, and what it means where they don’t. */

import type { TickSource } from '../../../functions/_shared/runtime/config.ts';
import { TICK_MS } from '../../../functions/_shared/token/policy.ts';
import { callOf } from '../../command/call.ts';
import { pick } from '../../command/language.ts';
import type { AppReport } from '../../place/report.ts';
import { describeTicks } from '../../place/verdict.ts';
import type { Finding, Found } from '../finding.ts';

export function checkTicks(report: AppReport, nowMs: number): Found {
  const finding = describeTicks(report, nowMs);
  if (!isLastFetchedLate(report)) return { severity: 'ok', finding };
  return {
    severity: 'hint',
    finding: pick({
      en: `${finding}; the stored token was fetched by a caller, after a tick had been due`,
      zh: `${finding}；库里的 token 是调用方获取的，当时该来的触发没有来`,
    }),
    ...missingTicks(report.ticks.source),
  };
}

/** A caller leaves a living token to the ticks until one of them is missing (R1). */
function isLastFetchedLate({ ticks, history, token }: AppReport): boolean {
  const last = history.find(({ outcome }) => outcome === 'minted');
  if (ticks.source === 'readers' || token === null || last?.reason !== 'reader') return false;
  return last.gapMs !== null && last.gapMs >= token.dueAtMs - token.mintedAtMs + TICK_MS;
}

/** What it means that the ticks don't come, and where to look. */
export function missingTicks(source: TickSource): Pick<Finding, 'why' | 'cure'> {
  return source === 'outside'
    ? {
        why: pick({
          en: 'no tick comes from outside, or every one fails: readers keep it going only as long as they come',
          zh: '外部没有来触发，或者每次都失败：只有还有调用，token 才会刷新',
        }),
        cure: pick({
          en: `look at what posts to /tick and at the status that it gets; ${callOf('server-key', 'list')} shows whether its key is in force`,
          zh: `请检查向 /tick 发请求的程序，看它收到的状态码；${callOf('server-key', 'list')} 可以看它的密钥是否有效`,
        }),
      }
    : {
        why: pick({
          en: 'the timer does not tick, or every tick fails: readers keep it going only as long as they come',
          zh: '触发器没有触发，或者每次都失败：只有还有调用，token 才会刷新',
        }),
        cure: pick({
          en: `${callOf('deploy')} (puts the timer right); if the timer is there: ${pick(LOG)}`,
          zh: `请执行 ${callOf('deploy')}（会恢复触发器）；如果触发器已经存在，请看${pick(LOG)}`,
        }),
      };
}

/** `tcb fn log` of CLI 2 asks an API that is gone. */
const LOG = {
  en: 'the log of refreshAccessToken in the console (https://tcb.cloud.tencent.com/ → 云函数 → 日志), or tcb logs search with CLI 3',
  zh: '控制台里 refreshAccessToken 的日志（https://tcb.cloud.tencent.com/ → 云函数 → 日志），或者用 CLI 3 的 tcb logs search',
};
