/** The facts about one app in words, in every language; for the status screen and the doctor. */

import { wordFor } from '../../command/words.ts';
import { textsOf } from '../../command/language.ts';

const OWNERS = { transient: '暂时故障', quota: '额度', configuration: '配置' };

export const facts = textsOf({
  en: {
    closed: 'closed',
    openUntil: (time: string) => `open until ${time}`,
    nextTickTries: 'closed, tried again at the next occasion',
    failures: (state: string, count: number, since: string, owner: string, errmsg: string) =>
      `${state}; ${count} failed since ${since} (${owner}): ${errmsg}`,
    nobodyMints: 'nobody is minting',
    mintingSince: (ago: string) => `a mint is under way since ${ago}`,
    unsettled: (minting: string, ago: string) =>
      `${minting}; a mint${ago === '' ? '' : ` ${ago}`} is unsettled: WeChat may have issued a token that nobody has, so the stored one counts for 4 minutes from then and is replaced after them`,
    noneSeen: 'none seen',
    refused: (count: number, ago: string) =>
      `the current token was refused before its time ${count} ×, last ${ago}`,
    otherMints: (seen: string) => `${seen}: another system mints for this AppID`,
    mints: (count: number, limit: number) => `${count} of ${limit}`,
    learned: (limit: number) => `; WeChat refused more than ${limit} (45009)`,
    refuted: (count: number, ago: string, source: string) =>
      `WeChat accepted ${count} reported tokens within an hour, last ${ago}, from ${source}`,
    ticksFrom: { timer: 'from the timer', outside: 'from outside' },
    lastTick: (from: string, ago: string) => `${from}; the last that had to refresh came ${ago}`,
    noTick: (from: string) => `${from}; none that had to refresh is on record`,
    readersAlone: 'none is meant to come (TICKS=readers): callers alone keep the token alive',
    none: 'none',
    noTicket: 'none is stored',
    ticket: (shown: string, ago: string) => `${shown}, WeChat gave it ${ago}`,
    over: 'it is over',
    fetches: (count: number) => `fetched ${count} × today`,
    separator: ', ',
    killLeaked: (left: number) => `kill a leaked token (${left} of 2 mints to go)`,
    refreshNow: 'refresh now',
    requested: (what: string, length: string) => `${what}, requested ${length} ago`,
  },
  zh: {
    closed: '未熔断',
    openUntil: (time) => `已熔断，${time} 再试`,
    nextTickTries: '未熔断，下次会再试',
    failures: (state, count, since, owner, errmsg) =>
      `${state}；${since} 以来失败 ${count} 次（${wordFor(owner, OWNERS)}）：${errmsg}`,
    nobodyMints: '没有在获取',
    mintingSince: (ago) => `正在获取新 token，开始于 ${ago}`,
    unsettled: (minting, ago) =>
      `${minting}；${ago === '' ? '有' : `${ago}的`}一次获取没有结果：微信可能已经签发了新的 token，但没有收到。库里的 token 从那时起再用 4 分钟，然后更换`,
    noneSeen: '未发现',
    refused: (count, ago) => `当前 token 未到期就被拒绝 ${count} 次，最近一次在 ${ago}`,
    otherMints: (seen) => `${seen}；另有系统在用这个 AppID 获取 token`,
    mints: (count, limit) => `${count} / ${limit} 次`,
    learned: (limit) => `；超过 ${limit} 次时被微信拒绝（45009）`,
    refuted: (count, ago, source) =>
      `一小时内上报的 token 有 ${count} 个其实有效，最近一次在 ${ago}，来自 ${source}`,
    ticksFrom: { timer: '定时器', outside: '外部触发' },
    lastTick: (from, ago) => `${from}；上一次需要刷新的触发在 ${ago}`,
    noTick: (from) => `${from}；记录里没有触发过刷新`,
    readersAlone: '没有设置触发（TICKS=readers）：token 只在有调用时刷新',
    none: '无',
    noTicket: '库里没有',
    ticket: (shown, ago) =>
      `${shown.replace(/ \((\d+) characters\)/, '（$1 个字符）').replace(/^encrypted$/, '已加密')}，${ago}从微信取得`,
    over: '已到期',
    fetches: (count) => `今天获取 ${count} 次`,
    separator: '，',
    killLeaked: (left) => `替换已泄露的 token（还要获取 ${left} 次，共 2 次）`,
    refreshNow: '立即刷新',
    requested: (what, length) => `${what}，${length}前请求`,
  },
});
