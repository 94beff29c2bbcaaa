/** Whether the clock of this machine is right. */

import { pick } from '../../command/language.ts';
import { duration } from '../../command/words.ts';
import { ok, type Finding } from '../finding.ts';

/** `serverAtMs`: null where nobody told the time. */
export function checkClock(serverAtMs: number | null, nowMs: number): Finding {
  const check = 'clock';
  if (serverAtMs === null)
    return {
      check,
      severity: 'hint',
      finding: pick({
        en: "no server's time could be read to compare with",
        zh: '没有读到任何服务器的时间，无法比较',
      }),
    };
  const offMs = Math.abs(nowMs - serverAtMs);
  const side = nowMs > serverAtMs ? 'ahead' : 'behind';
  if (offMs <= HINT_MS) return ok(check, pick({ en: 'right to within seconds', zh: '误差在几秒以内' }));
  return {
    check,
    severity: offMs > PROBLEM_MS ? 'problem' : 'hint',
    finding: pick({
      en: `this machine is ${duration(offMs)} ${side}`,
      zh: `本机${nowMs > serverAtMs ? '快' : '慢'} ${duration(offMs)}`,
    }),
    why: pick({
      en: 'what is shown here as time left is wrong by that much, and far off Tencent Cloud refuses every call',
      zh: '这里显示的剩余时间也差这么多；差得太多时，腾讯云会拒绝所有调用',
    }),
    cure: pick({ en: 'set the clock of this machine (NTP)', zh: '请校准本机时钟（NTP）' }),
  };
}

/** The platform refuses signatures that are 5 minutes off, and a manual refresh counts for 15. */
const PROBLEM_MS = 60_000;

/** HTTP tells whole seconds, and the answer has been under way. */
const HINT_MS = 5_000;
