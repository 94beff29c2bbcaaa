/** One refresh from the operator's wish to the last line on the screen. */

import { callOf } from '../command/call.ts';
import type { TickSource } from '../../functions/_shared/runtime/config.ts';
import { MANUAL_REFRESH_LIFE_MS } from '../../functions/_shared/token/manual-refresh.ts';
import type { Values } from '../platform/settings.ts';
import { chooseApp, readReports } from '../place/apps.ts';
import type { Clock, Reach } from '../place/reach.ts';
import type { AppReport } from '../place/report.ts';
import { readSettings } from '../place/settings.ts';
import { clockTime, duration } from '../command/words.ts';
import { refresh, type RefreshResult } from './refresh.ts';

export interface RefreshOneOptions {
  reach: Reach;
  values: Values;
  appid: string | undefined;
  isLeak: boolean;
  clock: Clock;
  /** `isGood`: null while it is under way. */
  out(isGood: boolean | null, line: string): void;
}

/** False when no new token came of it, or, with `isLeak`, when the old one may still be alive. */
export async function refreshOne({
  reach,
  values,
  appid,
  isLeak,
  clock,
  out,
}: RefreshOneOptions): Promise<boolean> {
  const settings = readSettings(values);
  const readReport = async (wanted: string | undefined): Promise<AppReport> =>
    chooseApp(await readReports(reach, settings, clock.now()), wanted);
  const before = await readReport(appid);
  const tell = (line: string): void => out(null, line);
  const result = await refresh({ reach, appid: before.appid, isLeak, clock, tell });
  if (!result.ok) {
    out(false, `${before.appid}: ${describeFailure(result, clock.now(), settings.ticks)}`);
    return false;
  }
  const after = await readReport(before.appid);
  out(
    true,
    `${after.appid}: ${isLeak ? describeDeath(result) : describeMint(result)} ${describeToken(after, clock.now())}`,
  );
  if (isLeak) AFTERWARDS.forEach(tell);
  return true;
}

/** What to do when a token has leaked and is dead: the leak is still there. */
const AFTERWARDS = [
  'callers that hold the old token get 40001, report it and get the new one; instances forget it within a minute',
  `now find the leak; if the AppSecret may have leaked too: reset it at https://mp.weixin.qq.com, ${callOf('setup')}, ${callOf('deploy')}`,
];

function describeDeath({ hadToken }: Extract<RefreshResult, { ok: true }>): string {
  return hadToken ? 'the leaked token is dead;' : 'no token was stored before;';
}

function describeMint({ isSameToken }: Extract<RefreshResult, { ok: true }>): string {
  return isSameToken
    ? 'WeChat answered with the token that it gave before, as stable mode does until 5 minutes before its end;'
    : 'refreshed;';
}

function describeToken(
  { token, lifeLeftMs, mintsToday, api, forcesToday }: AppReport,
  nowMs: number,
): string {
  const shown = token === null ? 'no token is stored' : `the stored one is ${token.shown}`;
  const forced = api === 'stable' ? `, ${forcesToday} of 20 forced` : '';
  const until = clockTime(nowMs + lifeLeftMs, nowMs);
  return `${shown}, good for ${duration(lifeLeftMs)} (until ${until}); ${mintsToday.count} of ${mintsToday.limit} mints today${forced}`;
}

function describeFailure(
  { why, isStillRequested }: Extract<RefreshResult, { ok: false }>,
  nowMs: number,
  ticks: TickSource,
): string {
  const meanwhile = ticks === 'readers' ? `${callOf('refresh')} tries again` : 'ticks go on trying';
  const rest = isStillRequested
    ? `; the request stands until about ${clockTime(nowMs + MANUAL_REFRESH_LIFE_MS, nowMs)}, ${meanwhile}; ${callOf('doctor')} looks for causes`
    : '';
  return `not done: ${why}${rest}`;
}
