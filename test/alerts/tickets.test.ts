/** Alerts about tickets: found by the same conditions as those about tokens, and said in a ticket's words. */

import { describe, expect, it } from 'vitest';
import { adviceFor } from '../../functions/_shared/alerts/chinese.ts';
import { findingsOf } from '../../functions/_shared/alerts/conditions.ts';
import type { Finding } from '../../functions/_shared/alerts/conditions.ts';
import { compose } from '../../functions/_shared/alerts/message.ts';
import { ticketMeaningOf } from '../../functions/_shared/ticket/errcodes.ts';
import type { Backoff, TokenRecord } from '../../functions/_shared/token/record.ts';
import { meaningOf } from '../../functions/_shared/wechat/errcodes.ts';
import { aged, backoff, NOW_MS, policy, TODAY } from './records.ts';

const ofTicket = { ...policy, api: 'ticket', refreshAfterMs: 30 * 60_000 } as const;

function ticketAged(minutes: number, rest: Partial<TokenRecord> = {}): TokenRecord {
  const { token, ...record } = aged(minutes, rest);
  return { ...record, token: { ...token!, api: 'ticket' } };
}

const find = (record: TokenRecord): Finding[] => findingsOf('wxa:jsapi', record, ofTicket, NOW_MS, new Set());
const say = (opened: Finding[]): string => compose({ opened, recovered: [], open: [] }, NOW_MS);

const refused = (rest: Partial<Backoff>): Backoff => backoff({ owner: 'configuration', ...rest });

describe('a ticket', () => {
  it.each<[string, TokenRecord, string[]]>([
    ['that is due', ticketAged(30), []],
    ['that fails, and has half an hour left', ticketAged(90, { backoff: backoff() }), []],
    ['that fails, and has less', ticketAged(91, { backoff: backoff() }), ['refreshFailing']],
    ['that WeChat refuses', ticketAged(5, { backoff: refused({ errcode: 48001 }) }), ['configurationError']],
    ['near its limit', ticketAged(5, { mints: { day: TODAY, count: 400 } }), ['mintLimitNear']],
  ])('%s', (_, record, kinds) => {
    expect(find(record).map(({ kind }) => kind)).toEqual(kinds);
  });

  it('of an AppID that has none is told with what to do, in both languages', () => {
    const advice = 'name the official account';
    const cause = refused({ errcode: 48001, errmsg: 'api unauthorized', advice });
    const text = say(find(ticketAged(5, { backoff: cause })));
    expect(text).toContain('`wxa:jsapi`');
    expect(text).toContain('现有 ticket 最多用到');
    expect(text).toContain('处理：这个 AppID 没有 ticket（小程序没有）');
    expect(text).toContain('effect: the stored ticket is good until');
    expect(text).toContain('do now: name the official account');
  });

  it('whose token is refused says nothing of an AppSecret', () => {
    const cause = backoff({ errcode: 40001, errmsg: 'invalid credential', advice: 'it is tried again' });
    const text = say(find(ticketAged(100, { backoff: cause })));
    expect(text).toContain('刷新失败，ticket 剩余不到 30 分钟');
    expect(text).toContain('getticket 不接受 access_token');
    expect(text).toContain('do now: it is tried again');
    expect(text).not.toContain('AppSecret');
  });
});

it('the same codes mean something of their own at getticket in both languages', () => {
  const codes = Array.from({ length: 100_000 }, (_, code) => code - 1);
  const english = codes.filter((code) => ticketMeaningOf(code) !== meaningOf(code));
  const chinese = codes.filter((code) => adviceFor(code, '', 'ticket') !== adviceFor(code, ''));
  expect(english).toEqual([40001, 40014, 42001, 45009, 48001]);
  expect(chinese).toEqual(english);
});
