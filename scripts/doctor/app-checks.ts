/** What the stored document of one app tells of its health. Pure. */

import { callOf } from '../command/call.ts';
import { MANUAL_REFRESH_LIFE_MS } from '../../functions/_shared/token/manual-refresh.ts';
import type { TickSource } from '../../functions/_shared/runtime/config.ts';
import { NEAR_LIMIT, TICK_MS } from '../../functions/_shared/token/policy.ts';
import type { AppReport } from '../place/report.ts';
import {
  describeBreaker,
  describeForeignMinter,
  describeManualRefresh,
  describeMints,
  describeRefutedReports,
  describeState,
  describeTicks,
} from '../place/verdict.ts';
import { adviceOn, type Whereabouts } from '../place/advice.ts';
import { isLate, judge, LATE_MS, overdueMs } from '../place/judge.ts';
import type { Trouble } from '../place/texts/troubles.en.ts';
import { language, pick, type Text } from '../command/language.ts';
import type { HistoryEntry } from '../../functions/_shared/token/ports.ts';
import { historyWords } from '../place/texts/history.ts';
import { ago, clockTime, duration, wordFor } from '../command/words.ts';
import type { Finding } from './finding.ts';

type Check = (report: AppReport, nowMs: number) => Omit<Finding, 'check' | 'appid'>;

/** In the order in which an operator reads them. The judge's trouble and its cure stand at the check that shows it. */
export function checkApp(report: AppReport, nowMs: number, at: Whereabouts): Finding[] {
  const { appid } = report;
  const { tone, trouble } = judge(report, nowMs);
  const shownBy = CHECK_OF[trouble];
  const { title, todo: cure } = adviceOn({ trouble }, at, language());
  return Object.entries(CHECKS).map(([check, run]) => {
    const found: Finding = Object.assign(run(report, nowMs), { check, appid });
    if (tone === 'good' || shownBy === undefined) return found;
    if (check === shownBy)
      return Object.assign(found, { severity: tone === 'act' ? 'problem' : 'hint', title, cure });
    // It follows from the trouble: one cure for both.
    return CONSEQUENCES.has(check) && found.cure !== undefined ? Object.assign(found, { cure }) : found;
  });
}

const CHECK_OF: Record<Trouble, string | undefined> = {
  healthy: undefined,
  minting: 'token',
  first: 'token',
  none: 'token',
  dead: 'token',
  late: 'token',
  lateOutside: 'token',
  resting: 'token',
  future: 'token',
  leftOver: 'token',
  weather: 'breaker',
  down: 'breaker',
  secret: 'breaker',
  appid: 'breaker',
  whitelist: 'breaker',
  confirm: 'breaker',
  account: 'breaker',
  frozen: 'breaker',
  refused: 'breaker',
  quota: 'breaker',
  limit: 'mints today',
  many: 'mints today',
  unsettled: 'unsettled',
  unsettledLong: 'unsettled',
  foreign: 'foreign minter',
  damaged: 'document',
  manualRefresh: 'manualRefresh',
  leak: 'manualRefresh',
};

const CONSEQUENCES = new Set(['token', 'breaker', 'unsettled']);

const DEPLOYED_WRONG = {
  en: `${callOf('setup')}, then ${callOf('deploy')}`,
  zh: `请先执行 ${callOf('setup')}，再执行 ${callOf('deploy')}`,
};
const WHITELIST = {
  en: 'add that address at https://mp.weixin.qq.com (开发管理 → 开发设置 → IP白名单), and give the functions a fixed egress IP so that it stays',
  zh: '请在 https://mp.weixin.qq.com（开发管理 → 开发设置 → IP白名单）添加该地址，并为云函数开启固定出口 IP，使它不再变化',
};

/** What cures a refusal of WeChat, where a command or a place does; https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-access-token/api_getaccesstoken.html (read 2026-11-22) */
const CURES = new Map<number, Text>([
  [40001, DEPLOYED_WRONG],
  [40125, DEPLOYED_WRONG],
  [40013, DEPLOYED_WRONG],
  [41002, DEPLOYED_WRONG],
  [41004, DEPLOYED_WRONG],
  [40164, WHITELIST],
  [61004, WHITELIST],
  [
    45009,
    {
      en: 'find who else fetches tokens for this AppID; the quota comes back at 00:00 UTC+8',
      zh: '请查出还有谁在获取这个 AppID 的 token；额度在 UTC+8 的 00:00 恢复',
    },
  ],
]);
const ANY_CURE = {
  en: `do what the finding says, then ${callOf('refresh')}`,
  zh: `请按上面所说的处理，再执行 ${callOf('refresh')}`,
};

/** `tcb fn log` of CLI 2 asks an API that is gone. */
const LOG = {
  en: 'the log of refreshAccessToken in the console (https://tcb.cloud.tencent.com/ → 云函数 → 日志), or tcb logs search with CLI 3',
  zh: '控制台里 refreshAccessToken 的日志（https://tcb.cloud.tencent.com/ → 云函数 → 日志），或者用 CLI 3 的 tcb logs search',
};

const CHECKS: Record<string, Check> = {
  token(report, nowMs) {
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
  },
  'last refresh'({ history }, nowMs) {
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
  },
  ticks(report, nowMs) {
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
  },
  'mints today'(report) {
    const { api } = report;
    const { count, limit, effectiveLimit } = report.mintsToday;
    const finding = describeMints(report);
    const why = pick({
      en: 'every mint ends the token before it, and WeChat grants a limited number a day',
      zh: '每获取一次，之前的 token 就会作废；微信每天允许的次数有限',
    });
    const cure = pick({
      en: `look at who reports or mints: ${callOf('status')} shows each refresh's cause`,
      zh: `请看是谁在上报或获取：${callOf('status')} 会显示每次刷新的原因`,
    });
    if (count >= limit)
      return {
        severity: 'problem',
        finding: pick({ en: `${finding}: nothing is minted any more today`, zh: `${finding}：今天不再获取` }),
        why,
        cure: pick({
          en: `${cure}; raise MINT_LIMIT_PER_DAY and ${callOf('deploy')} if it is right so`,
          zh: `${cure}；确实需要这么多，就调大 MINT_LIMIT_PER_DAY 并执行 ${callOf('deploy')}`,
        }),
      };
    if (count >= effectiveLimit * NEAR_LIMIT && effectiveLimit < limit)
      return {
        severity: 'problem',
        finding: pick({
          en: `${finding}: soon WeChat refuses more today`,
          zh: `${finding}：继续获取会被微信拒绝`,
        }),
        why,
        cure,
      };
    const isUnusual = count > usualMints(api) || count >= limit * NEAR_LIMIT;
    return isUnusual
      ? {
          severity: 'hint',
          finding: pick({ en: `${finding}, more than usual`, zh: `${finding}，比平时多` }),
          why,
          cure,
        }
      : { severity: 'ok', finding };
  },
  breaker(report, nowMs) {
    const { breaker } = report;
    const finding = describeBreaker(report, nowMs);
    if (breaker === null) return { severity: 'ok', finding };
    const why = breaker.isOpen
      ? pick({
          en: `nothing is fetched before ${clockTime(breaker.retryAtMs, nowMs)}; the stored token is served to its end, and then none`,
          zh: `${clockTime(breaker.retryAtMs, nowMs)} 之前不再获取；库里的 token 可以用到到期，之后就没有可用的了`,
        })
      : pick({ en: 'the token is not renewed while this goes on', zh: '在此期间 token 不会更换' });
    const cure = pick(CURES.get(breaker.errcode) ?? ANY_CURE);
    const isPassing = breaker.owner === 'transient' && report.lifeLeftMs > 0;
    return { severity: isPassing ? 'hint' : 'problem', finding, why, cure };
  },
  unsettled(report, nowMs) {
    const { unsettledSinceAtMs, claim } = report;
    if (unsettledSinceAtMs === null || claim !== null)
      return { severity: 'ok', finding: describeState(report, nowMs) };
    return {
      severity: nowMs - unsettledSinceAtMs > LATE_MS ? 'problem' : 'hint',
      finding: describeState(report, nowMs),
      why: pick({
        en: 'the stored token may die 5 minutes after that mint; the next tick after 4 minutes puts it right',
        zh: '库里的 token 可能在那次获取 5 分钟后失效；从那次起满 4 分钟后，第一次触发就会更换它',
      }),
      cure: callOf('refresh'),
    };
  },
  'foreign minter'(report, nowMs) {
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
  },
  'wrong reports'(report, nowMs) {
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
  },
  manualRefresh(report, nowMs) {
    const finding = describeManualRefresh(report, nowMs);
    if (report.manualRefresh === null) return { severity: 'ok', finding };
    return {
      severity: report.manualRefresh.isLeak ? 'problem' : 'hint',
      finding: pick({ en: `not carried out yet: ${finding}`, zh: `还没有执行：${finding}` }),
      why: pick({
        en: `it is forgotten ${duration(MANUAL_REFRESH_LIFE_MS)} after it was requested`,
        zh: `请求后 ${duration(MANUAL_REFRESH_LIFE_MS)}内没有执行就会失效`,
      }),
      cure: callOf('refresh', report.manualRefresh.isLeak ? '--leaked' : ''),
    };
  },
  document({ damaged }) {
    if (damaged.length === 0)
      return { severity: 'ok', finding: pick({ en: 'every field can be read', zh: '每个字段都可以读' }) };
    return {
      severity: 'problem',
      finding: pick({
        en: `${damaged.join(', ')} can't be read and count as absent`,
        zh: `${damaged.join('、')} 无法读取，按没有处理`,
      }),
      why: pick({ en: 'somebody else has written to this document', zh: '这条记录被别人改动过' }),
      cure: pick({
        en: `${callOf('refresh')} writes it anew; then see who has access to the collection`,
        zh: `请执行 ${callOf('refresh')} 重新写入；然后检查谁有这个集合的权限`,
      }),
    };
  },
};

function describeLast({ atMs, reason, outcome, tookMs }: HistoryEntry, nowMs: number): string {
  const { reasons, outcomes } = historyWords();
  const took = duration(tookMs);
  return pick({
    en: `${ago(atMs, nowMs)} by ${reason === 'timer' ? 'a tick' : reason}: ${outcome}, took ${took}`,
    zh: `${ago(atMs, nowMs)}，${wordFor(reason, reasons)}，${wordFor(outcome, outcomes)}，用时 ${took}`,
  });
}

/** What it means that the ticks don't come, and where to look. */
function missingTicks(source: TickSource): Pick<Finding, 'why' | 'cure'> {
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

/** A caller leaves a living token to the ticks until one of them is missing (R1). */
function isLastFetchedLate({ ticks, history, token }: AppReport): boolean {
  const last = history.find(({ outcome }) => outcome === 'minted');
  if (ticks.source === 'readers' || token === null || last?.reason !== 'reader') return false;
  return last.gapMs !== null && last.gapMs >= token.dueAtMs - token.mintedAtMs + TICK_MS;
}

/** One every 110 minutes are 14; a few reports and manual refreshes come on top. In `stable` mode nearly as many. */
function usualMints(api: AppReport['api']): number {
  return api === 'token' ? 40 : 100;
}
