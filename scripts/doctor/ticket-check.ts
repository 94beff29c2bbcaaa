/** What the stored document of one ticket tells of its health. Pure. */

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
      ? 'a tick fetches it: where none comes, see the check "ticks"'
      : `do what the finding says, then ${callOf('deploy')}`;
  return { ...found, why: 'no page can be signed with a ticket that is over', cure };
}
