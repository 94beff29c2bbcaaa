/** The text of a message: whole, bounded, and with nothing in it that others could steer. */

import { describe, expect, it } from 'vitest';
import type { Finding } from '../../functions/_shared/alerts/conditions.ts';
import type { Incident } from '../../functions/_shared/alerts/incidents.ts';
import { compose } from '../../functions/_shared/alerts/message.ts';
import { pages } from '../readme/pages.ts';
import { NOW_MS, MINUTE_MS, refusedSecret, backoff } from './records.ts';

const failing = (rest: object = {}): Finding => ({
  appid: 'wx0123456789abcdef',
  kind: 'configurationError',
  sinceAtMs: NOW_MS - MINUTE_MS,
  cause: refusedSecret,
  endsAtMs: NOW_MS + 10 * MINUTE_MS,
  ...rest,
});

const say = (opened: Finding[], recovered: Incident[] = []): string =>
  compose({ opened, recovered, open: [] }, NOW_MS);

it('says in Chinese, then in English, what, who, since when, why, and what to do', () => {
  expect(say([failing()])).toBe(
    [
      '### access_token 告警',
      '<font color="warning">微信拒绝，需要改配置</font> `wx0123456789abcdef`',
      '> 开始：2026-11-22 11:59（北京时间）',
      '> 原因：`40125 invalid appsecret`',
      '> 影响：现有 token 最多用到 2026-11-22 12:10',
      '> 处理：AppSecret 错误：到 https://mp.weixin.qq.com（开发管理 → 开发设置）重新复制，再执行 npm run setup 和 npm run deploy',
      '',
      '### access_token alert',
      '<font color="warning">WeChat refuses: the configuration has to be changed</font> `wx0123456789abcdef`',
      '> since: 2026-11-22 11:59 (UTC+8)',
      '> cause: `40125 invalid appsecret`',
      '> effect: the stored token is good until 2026-11-22 12:10 at most',
      '> do now: the AppSecret is wrong: copy it again from https://mp.weixin.qq.com (开发管理 → 开发设置) into WX_APPSECRET and deploy',
    ].join('\n'),
  );
});

it('says of a recovery what is over, and how long it was', () => {
  const silent: Incident = { appid: 'wxa', kind: 'timerSilent', sinceAtMs: NOW_MS - 16 * MINUTE_MS };
  const near: Incident = { appid: 'wxa', kind: 'mintLimitNear', sinceAtMs: NOW_MS - 180 * MINUTE_MS };
  expect(say([], [silent, near]).split('\n')).toEqual([
    '### access_token 告警',
    '<font color="info">已恢复（历时 16 分钟）：定时器 15 分钟没有触发</font> （所有应用）',
    '<font color="info">已恢复（历时 3 小时）：今天的获取次数已达上限的 80%</font> `wxa`',
    '',
    '### access_token alert',
    '<font color="info">Recovered after 16 minutes: The timer has not ticked for 15 minutes</font> (all apps)',
    '<font color="info">Recovered after 3 hours: 80 % of the day’s mint limit is used</font> `wxa`',
  ]);
});

it.each<[Finding, string, string]>([
  [
    failing({ kind: 'refreshFailing', cause: backoff(), endsAtMs: null }),
    '影响：已经没有可用的 token\n> 处理：先不用处理',
    'there is no usable token\n> do now: nothing at first',
  ],
  [
    failing({ kind: 'refreshFailing', cause: { owner: 'quota', errcode: 503, errmsg: 'x' } }),
    '确有需要就调大 MINT_LIMIT_PER_DAY',
    'or raise MINT_LIMIT_PER_DAY',
  ],
  [
    failing({ kind: 'refreshFailing', cause: backoff({ owner: 'quota', errcode: 45009 }) }),
    'UTC+8 的 00:00 恢复',
    'until 00:00 UTC+8',
  ],
  [
    { appid: 'wxa', kind: 'mintLimitNear', sinceAtMs: 1, count: 400, limit: 500, isLearned: false },
    '今天已获取 400 次，上限 500 次',
    'or raise MINT_LIMIT_PER_DAY',
  ],
  [
    { appid: 'wxa', kind: 'mintLimitNear', sinceAtMs: 1, count: 160, limit: 200, isLearned: true },
    '调大 MINT_LIMIT_PER_DAY 没有用',
    'cause: 160 of 200 tokens fetched today',
  ],
  [
    { appid: 'wxa', kind: 'foreignMinter', sinceAtMs: 1, refusals: 2 },
    '一天内 2 次提前失效',
    'died 2 times within a day',
  ],
  [
    { appid: 'wxa', kind: 'reportsRefuted', sinceAtMs: 1, refutations: 3, source: 'wx_client,scf' },
    '3 次上报的 token 仍被微信接受；最近一次上报的来源（TCB_SOURCE）：`wx_client,scf`',
    'accepted 3 reported tokens within an hour; the last report came by `wx_client,scf`',
  ],
  [{ appid: 'wxa', kind: 'timerSilent', sinceAtMs: 1 }, '此后一直没有等到定时器', 'no tick has come since'],
  [{ appid: 'wxa', kind: 'outsideSilent', sinceAtMs: 1 }, '此后一直没有等到外部触发', 'what posts to /tick'],
])('tells what $0.kind is about', (finding, chinese, english) => {
  const text = say([finding]);
  expect(text.indexOf(chinese)).toBeGreaterThan(0);
  expect(text.indexOf(english)).toBeGreaterThan(text.indexOf(chinese));
});

describe('advice in Chinese', () => {
  const section = pages.operationsInChinese.tables.find(({ section: name }) => name === '微信拒绝时');
  const codes = (section?.rows ?? []).flatMap(([codesOf = '']) => codesOf.match(/-?\d+/g) ?? []).map(Number);

  it('is there for each code of the table of refusals', () => {
    expect(codes.length).toBeGreaterThan(15);
    const advised = codes.filter((errcode) => {
      const cause = { ...refusedSecret, errcode };
      return !say([failing({ cause })]).includes('查微信的错误码列表');
    });
    expect(advised).toEqual(codes);
  });
});

describe('what others wrote', () => {
  const hostile = '<@all> `<@all>` **x** [a](http://b)\n# h\u2028\u202e </font>\ud800';
  const text = say([failing({ appid: hostile, cause: { ...refusedSecret, errmsg: hostile } })]);

  it('calls nobody, and stands in code on its own line', () => {
    expect(text).not.toContain('<@');
    expect(text).not.toContain('\n# h');
    expect(text).not.toMatch(/[\u2028\u202e\ud800]/);
    const quoted = text.split('\n').filter((line) => line.includes('＜@all＞'));
    expect(quoted.length).toBe(4);
    for (const line of quoted) expect(line.match(/`/g)).toHaveLength(2);
  });

  it('is cut, between two characters', () => {
    const long = say([failing({ cause: { ...refusedSecret, errmsg: '😀'.repeat(3_000) } })]);
    expect(Buffer.byteLength(long)).toBeLessThan(4_096);
    expect(long).toContain('😀…`');
  });
});

describe('the length', () => {
  const many = (count: number): Finding[] =>
    Array.from({ length: count }, (_, index) =>
      failing({ appid: `wx${index}`, cause: { ...refusedSecret, errmsg: '错'.repeat(500) } }),
    );

  it.each([1, 2, 3, 40, 160])('of %i incidents is at most 4096 bytes, and the rest is counted', (count) => {
    const text = say(many(count));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4_096);
    const shown = text.match(/微信拒绝，需要改配置/g)?.length ?? 0;
    expect(shown).toBeGreaterThan(0);
    const rest = /另有 (\d+) 项/.exec(text)?.[1] ?? '0';
    expect(shown + Number(rest)).toBe(count);
  });

  it('shows as many as fit in', () => {
    const recovered = Array.from({ length: 40 }, (_, index) => ({
      appid: `wx${index}`,
      kind: 'foreignMinter' as const,
      sinceAtMs: NOW_MS - MINUTE_MS,
    }));
    const text = say([], recovered);
    expect(Buffer.byteLength(text)).toBeGreaterThan(3_700);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4_096);
  });
});
