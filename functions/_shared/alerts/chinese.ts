/** The Chinese half of an alert. */

import type { Api } from '../token/record.ts';
import type { Finding } from './conditions.ts';
import type { Kind } from './incidents.ts';
import { duration, inCode, nameOf, quoteOf } from './wording.ts';
import type { Wording } from './wording.ts';

export const chinese: Wording = {
  heading: 'access_token 告警',
  allApps: '（所有应用）',
  title: (finding) => TITLES[finding.kind].replace('token', nameOf(finding)),
  since: (time) => `开始：${time}（北京时间）`,
  cause: (finding) => `原因：${causeOf(finding)}`,
  nothingLeft: (name) => `影响：已经没有可用的 ${name}`,
  goodUntil: (name, time) => `影响：现有 ${name} 最多用到 ${time}`,
  advice: (finding) => `处理：${adviceOf(finding)}`,
  recovered({ kind, sinceAtMs }, nowMs) {
    const { count, unit } = duration(nowMs - sinceAtMs);
    return `已恢复（历时 ${count} ${unit === 'hours' ? '小时' : '分钟'}）：${TITLES[kind]}`;
  },
  rest: (count) => `……另有 ${count} 项：npm run status`,
};

const TITLES: Record<Kind, string> = {
  refreshFailing: '刷新失败，token 剩余不到 30 分钟',
  configurationError: '微信拒绝，需要改配置',
  mintLimitNear: '今天的获取次数已达上限的 80%',
  foreignMinter: '有其他系统在获取同一 AppID 的 token',
  reportsRefuted: '有调用方上报了微信仍然接受的 token',
  timerSilent: '定时器 15 分钟没有触发',
  outsideSilent: '15 分钟没有收到外部触发',
};

function causeOf(finding: Finding): string {
  switch (finding.kind) {
    case 'refreshFailing':
    case 'configurationError':
      return quoteOf(finding.cause);
    case 'mintLimitNear':
      return `今天已获取 ${finding.count} 次，上限 ${finding.limit} 次`;
    case 'foreignMinter':
      return `token 在一天内 ${finding.refusals} 次提前失效`;
    case 'reportsRefuted':
      return `一小时内有 ${finding.refutations} 次上报的 token 仍被微信接受；最近一次上报的来源（TCB_SOURCE）：${inCode(finding.source ?? '未知')}`;
    case 'timerSilent':
      return '调用方不得不自己获取 token，此后一直没有等到定时器';
    case 'outsideSilent':
      return '调用方不得不自己获取 token，此后一直没有等到外部触发';
  }
}

const LIMIT = '用 npm run status 找出谁在频繁上报或获取；确有需要就调大 MINT_LIMIT_PER_DAY 并部署';
const LEARNED_LIMIT =
  '用 npm run status 找出谁在频繁上报或获取：微信曾在这个次数之后返回 45009，调大 MINT_LIMIT_PER_DAY 没有用';

function adviceOf(finding: Finding): string {
  switch (finding.kind) {
    case 'refreshFailing':
    case 'configurationError': {
      const { owner, errcode } = finding.cause;
      if (errcode === 503 && owner === 'quota') return LIMIT;
      return adviceFor(errcode, owner === 'transient' ? PASSING : UNKNOWN, finding.api);
    }
    case 'mintLimitNear':
      if (finding.api === 'ticket') return '用 npm run status 找出谁在频繁上报这个 ticket';
      return finding.isLearned ? LEARNED_LIMIT : LIMIT;
    case 'foreignMinter':
      return '找到它，让它改为调用 getAccessToken；或者设 WX_TOKEN_API=stable，再执行 npm run deploy';
    case 'reportsRefuted':
      return '找出传了 invalid_access_token 的函数：只有用这个 token 的调用返回 40001、40014、42001 时才能上报，别的 AppID 的或参数错误引起的 40001 不算。其他调用方不受影响';
    case 'timerSilent':
      return 'npm run doctor 看原因，npm run deploy 会把触发器恢复。在此之前由调用方维持 token';
    case 'outsideSilent':
      return '检查向 /tick 发请求的程序，看它收到的状态码；npm run server-key -- list 可以看它的密钥是否有效。在此之前由调用方维持 token';
  }
}

const PASSING = '先不用处理，会自动重试；一直不好就运行 npm run doctor';
const UNKNOWN =
  '查微信的错误码列表：https://developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html';
const PLATFORM = '到 https://mp.weixin.qq.com（开发管理 → 开发设置）';
const SECRET = `AppSecret 错误：${PLATFORM}重新复制，再执行 npm run setup 和 npm run deploy`;
const WHITELIST = '把微信原文里的 IP 加进白名单，或为云函数开启固定出口 IP';
const CONFIRM = '请管理员在微信里确认这个 IP';
const BUG = '请给 cloudbase-access-token 提 issue';

/** What docs/operations.zh-CN.md says of each code. */
const ADVICE = new Map([
  [-1, PASSING],
  [45011, PASSING],
  [45009, '当天额度用完，UTC+8 的 00:00 恢复；找出还有谁在获取，或用 /cgi-bin/clear_quota/v2 清零一次'],
  [40001, SECRET],
  [40125, SECRET],
  [40013, 'AppID 错误（区分大小写）：检查 WX_APPID，再执行 npm run deploy'],
  [40164, WHITELIST],
  [61004, WHITELIST],
  [40243, 'AppSecret 被冻结：解冻（10 分钟后生效），或改用不需要密钥的 cloud.openapi'],
  [41002, 'AppID 没有送到：检查 WX_APPID，再执行 npm run deploy'],
  [41004, 'AppSecret 没有送到：检查 WX_APPSECRET，再执行 npm run deploy'],
  [50004, '该账号不允许使用 token 接口：到 mp.weixin.qq.com 看通知'],
  [50007, '账号已冻结：到 mp.weixin.qq.com 看通知'],
  [89501, CONFIRM],
  [89503, CONFIRM],
  [89506, '管理员两次拒绝了这个 IP，24 小时内不可用：换一个 IP'],
  [89507, '管理员拒绝了这个 IP，一小时内不可用：换一个 IP'],
  [40002, BUG],
  [43002, BUG],
]);

const TOKEN_REFUSED = `getticket 不接受 access_token，尽管它是新的，或者别的接口还接受它；${PASSING}`;

/** Where a code means something else at getticket. */
const TICKET_ADVICE = new Map([
  [40001, TOKEN_REFUSED],
  [40014, TOKEN_REFUSED],
  [42001, TOKEN_REFUSED],
  [45009, '当天 getticket 的额度用完，UTC+8 的 00:00 恢复；找出还有谁在获取 ticket'],
  [
    48001,
    '这个 AppID 没有 ticket（小程序没有）：在 WX_TICKETS 里改用公众号的 AppID，页面要在它的 JS 接口安全域名下，再部署',
  ],
]);

export function adviceFor(errcode: number, otherwise = UNKNOWN, api?: Api): string {
  const own = api === 'ticket' ? TICKET_ADVICE.get(errcode) : undefined;
  return own ?? ADVICE.get(errcode) ?? otherwise;
}
