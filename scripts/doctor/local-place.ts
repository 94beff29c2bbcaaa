/** What is different for the embedded cloud: its clock, and the cures, which must be commands that work there. */

import { pick } from '../command/language.ts';
import { callOf, respell } from '../command/call.ts';
import { duration } from '../command/words.ts';
import { ok, skipped, type Finding } from './finding.ts';

export interface LocalPlace {
  /** How far the cloud's clock is ahead of this machine's. */
  offsetMs(): number;
  /** Why the stored times can't be trusted; null: they can. */
  notice: string | null;
  isWeChatReal: boolean;
  /** The flags that bring another command there. */
  flags: string;
}

/** Two readings of one clock differ by less. */
const SAME_MS = 1_000;

export function checkLocalClock(place: LocalPlace | undefined): Finding {
  const check = 'clock';
  if (place?.notice)
    return {
      check,
      severity: 'hint',
      finding: place.notice,
      why: pick({
        en: `no ${callOf('start')} runs that would still be at that time`,
        zh: `现在没有以那个时间运行的 ${callOf('start')}`,
      }),
      cure: callOf('refresh'),
    };
  const offsetMs = place?.offsetMs() ?? 0;
  if (Math.abs(offsetMs) <= SAME_MS)
    return skipped(
      check,
      pick({ en: "the embedded cloud runs on this machine's", zh: '本地模拟云环境用的就是本机时钟' }),
    );
  const side = offsetMs > 0 ? 'ahead' : 'behind';
  return ok(
    check,
    pick({
      en: `the running ${callOf('start')} is ${duration(Math.abs(offsetMs))} ${side} of this machine; times here are its own`,
      zh: `正在运行的 ${callOf('start')} 比本机${offsetMs > 0 ? '快' : '慢'} ${duration(Math.abs(offsetMs))}；这里的时间以它为准`,
    }),
  );
}

/** The same finding with a cure that works in that place. */
export function forLocal({ flags }: LocalPlace): (finding: Finding) => Finding {
  return (finding) =>
    finding.cure === undefined ? finding : { ...finding, cure: localCure(finding.cure, flags) };
}

function localCure(cure: string, flags: string): string {
  // The platform's timer and its log: here the timer runs in npm start.
  if (cure.includes('tcb.cloud.tencent.com'))
    return pick({
      en: `${callOf('start')}, which runs the timer`,
      zh: `请执行 ${callOf('start')}，它会运行定时器`,
    });
  return respell(cure, flags);
}
