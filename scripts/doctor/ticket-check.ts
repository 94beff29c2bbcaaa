/** What the stored document of one ticket tells of its health. Pure. */

import { pick } from '../command/language.ts';
import { callOf } from '../command/call.ts';
import { judge, type Tone } from '../place/judge.ts';
import type { AppReport } from '../place/report.ts';
import { describeTicket } from '../place/verdict.ts';
import type { Finding } from './finding.ts';

const SEVERITIES: Record<Tone, Finding['severity']> = { good: 'ok', watch: 'hint', act: 'problem' };

export function checkTicket(report: AppReport, nowMs: number): Finding {
  const { appid, breaker } = report;
  const { tone } = judge(report, nowMs);
  const found = {
    check: 'ticket',
    appid,
    severity: SEVERITIES[tone],
    finding: describeTicket(report, nowMs),
  };
  if (tone === 'good') return found;
  const cure =
    breaker === null || breaker.owner === 'transient'
      ? pick({
          en: 'a tick fetches it: where none comes, see the check "ticks"',
          zh: '下一次触发会获取；如果没有触发，请看“触发”一项',
        })
      : pick({
          en: `do what the finding says, then ${callOf('deploy')}`,
          zh: `请按上面所说的处理，再执行 ${callOf('deploy')}`,
        });
  return {
    ...found,
    why: pick({ en: 'no page can be signed with a ticket that is over', zh: 'ticket 过期后，页面无法签名' }),
    cure,
  };
}
