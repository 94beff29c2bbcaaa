/** What callers’ reports of refused tokens give away: another minter, or a caller that reports wrongly. */

import { callOf } from '../../command/call.ts';
import { pick } from '../../command/language.ts';
import type { AppReport } from '../../place/report.ts';
import { describeForeignMinter, describeRefutedReports } from '../../place/verdict.ts';
import type { Found } from '../finding.ts';

export function checkForeignMinter(report: AppReport, nowMs: number): Found {
  const finding = describeForeignMinter(report, nowMs);
  const { isSuspected, refusedAtMs } = report.foreignMinter;
  if (refusedAtMs.length === 0) return { severity: 'ok', finding };
  return {
    severity: isSuspected ? 'problem' : 'hint',
    finding,
    why: pick({
      en: 'two systems that mint end each other’s tokens all day',
      zh: '两个系统会不停地互相作废对方的 token',
    }),
    cure: pick({
      en: `find the other one and let it call getAccessToken, or ${callOf('setup', '--mode stable')} and ${callOf('deploy')}; once it is stopped: ${callOf('refresh', '--minter-gone')}`,
      zh: `请找到另一个系统，让它改为调用 getAccessToken；或者执行 ${callOf('setup', '--mode stable')} 和 ${callOf('deploy')}；停用之后执行 ${callOf('refresh', '--minter-gone')}`,
    }),
  };
}

export function checkWrongReports(report: AppReport, nowMs: number): Found {
  const finding = describeRefutedReports(report, nowMs);
  if (report.refutedReports.atMs.length === 0) return { severity: 'ok', finding };
  return {
    severity: 'hint',
    finding,
    why: pick({
      en: 'a caller takes a 40001 of another AppID, or of a wrong parameter, for a refused token; other callers keep theirs',
      zh: '某个调用方把其他 AppID 的 40001，或者参数错误引起的 40001，当成了 token 失效；其他调用方不受影响',
    }),
    cure: pick({
      en: 'find the function that passes invalid_access_token, and let it do so only for 40001, 40014 or 42001 of a call with this very token',
      zh: '请找出传了 invalid_access_token 的云函数：只有用这个 token 的调用返回 40001、40014 或 42001 时才能传',
    }),
  };
}
