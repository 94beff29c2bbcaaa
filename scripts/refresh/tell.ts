/** One refresh from the operator's wish to the last line on the screen. */

import { pick } from '../command/language.ts';
import { callOf } from '../command/call.ts';
import type { TickSource } from '../../functions/_shared/runtime/config.ts';
import { MANUAL_REFRESH_LIFE_MS } from '../../functions/_shared/token/manual-refresh.ts';
import type { Values } from '../platform/settings.ts';
import { chooseApp, readReports } from '../place/apps.ts';
import type { Clock, Reach } from '../place/reach.ts';
import type { AppReport } from '../place/report.ts';
import { readSettings } from '../place/settings.ts';
import { clockTime, duration, shownToken } from '../command/words.ts';
import { refresh, type RefreshResult } from './refresh.ts';

export interface RefreshOneOptions {
  reach: Reach;
  values: Values;
  appid: string | undefined;
  isLeak: boolean;
  /** The other system that fetched tokens is stopped. */
  isMinterGone?: boolean;
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
  isMinterGone = false,
  clock,
  out,
}: RefreshOneOptions): Promise<boolean> {
  const settings = readSettings(values);
  const readReport = async (wanted: string | undefined): Promise<AppReport> =>
    chooseApp(await readReports(reach, settings, clock.now()), wanted);
  const before = await readReport(appid);
  const tell = (line: string): void => out(null, line);
  const result = await refresh({ reach, appid: before.appid, isLeak, isMinterGone, clock, tell });
  if (!result.ok) {
    out(false, `${before.appid}${colon()}${describeFailure(result, clock.now(), settings.ticks)}`);
    return false;
  }
  const after = await readReport(before.appid);
  out(
    true,
    `${after.appid}${colon()}${isLeak ? describeDeath(result) : describeMint(result)}${pick({ en: ' ', zh: '' })}${describeToken(after, clock.now())}`,
  );
  if (isLeak) pick(AFTERWARDS).forEach(tell);
  if (isMinterGone) tell(pick(FORGOTTEN));
  return true;
}

/** What to do when a token has leaked and is dead: the leak is still there. */
const AFTERWARDS = {
  en: [
    'callers that hold the old token get 40001, report it and get the new one; instances forget it within a minute',
    `now find the leak; if the AppSecret may have leaked too: reset it at https://mp.weixin.qq.com, ${callOf('setup')}, ${callOf('deploy')}`,
  ],
  zh: [
    '还拿着旧 token 的调用方会收到 40001，上报之后得到新的；各实例一分钟内不再使用旧的',
    `接下来找出泄露的原因；如果 AppSecret 也可能泄露：到 https://mp.weixin.qq.com 重置，再执行 ${callOf('setup')} 和 ${callOf('deploy')}`,
  ],
};

const FORGOTTEN = {
  en: 'what was seen of the other system no longer counts; two new refusals within a day would be told again',
  zh: '之前的迹象不再计入；一天内再有两次提前失效，会重新提示',
};

function colon(): string {
  return pick({ en: ': ', zh: '：' });
}

function describeDeath({ hadToken }: Extract<RefreshResult, { ok: true }>): string {
  return hadToken
    ? pick({ en: 'the leaked token is dead;', zh: '泄露的 token 已作废；' })
    : pick({ en: 'no token was stored before;', zh: '之前没有存 token；' });
}

function describeMint({ isSameToken }: Extract<RefreshResult, { ok: true }>): string {
  return isSameToken
    ? pick({
        en: 'WeChat answered with the token that it gave before, as stable mode does until 5 minutes before its end;',
        zh: '微信返回了和之前相同的 token，stable 模式下，剩余超过 5 分钟时都是如此；',
      })
    : pick({ en: 'refreshed;', zh: '已刷新；' });
}

function describeToken(
  { token, lifeLeftMs, mintsToday, api, forcesToday }: AppReport,
  nowMs: number,
): string {
  const { count, limit } = mintsToday;
  const [left, until] = [duration(lifeLeftMs), clockTime(nowMs + lifeLeftMs, nowMs)];
  const isStable = api === 'stable';
  return pick({
    en: `${token === null ? 'no token is stored' : `the stored one is ${shownToken(token.shown)}`}, good for ${left} (until ${until}); ${count} of ${limit} mints today${isStable ? `, ${forcesToday} of 20 forced` : ''}`,
    zh: `${token === null ? '库里没有 token' : `库里的是 ${shownToken(token.shown)}`}，可用 ${left}（到 ${until} 为止）；今天获取 ${count} / ${limit} 次${isStable ? `，其中强制 ${forcesToday} / 20 次` : ''}`,
  });
}

function describeFailure(
  { why, isStillRequested }: Extract<RefreshResult, { ok: false }>,
  nowMs: number,
  ticks: TickSource,
): string {
  const until = clockTime(nowMs + MANUAL_REFRESH_LIFE_MS, nowMs);
  const meanwhile =
    ticks === 'readers'
      ? pick({ en: `${callOf('refresh')} tries again`, zh: `可以再执行 ${callOf('refresh')}` })
      : pick({ en: 'ticks go on trying', zh: '每次触发都会再试' });
  const rest = isStillRequested
    ? pick({
        en: `; the request stands until about ${until}, ${meanwhile}; ${callOf('doctor')} looks for causes`,
        zh: `；请求保留到 ${until} 左右，${meanwhile}；原因可以用 ${callOf('doctor')} 查`,
      })
    : '';
  return pick({ en: `not done: ${why}${rest}`, zh: `没有完成：${why}${rest}` });
}
