/** When each alert is due, and when it is over. */

import { describe, expect, it } from 'vitest';
import { findingsOf } from '../../functions/_shared/alerts/conditions.ts';
import type { Kind } from '../../functions/_shared/alerts/incidents.ts';
import type { TokenRecord } from '../../functions/_shared/token/record.ts';
import { aged, MINUTE_MS, NOW_MS, policy, refusedSecret, backoff, TODAY } from './records.ts';

function kindsOf(record: TokenRecord, open: Kind[] = [], rules = policy): Kind[] {
  return findingsOf('wxa', record, rules, NOW_MS, new Set(open)).map(({ kind }) => kind);
}

const claim = {
  id: 'c',
  startedAtMs: NOW_MS - 1,
  untilAtMs: NOW_MS + 19_999,
  unsettledBeforeAtMs: null,
  contestedSinceAtMs: null,
};

describe('nothing is said', () => {
  it.each<[string, TokenRecord]>([
    ['of a token that is fresh', aged(20)],
    ['of one that is due', aged(110)],
    ['when none was ever fetched', { ...aged(0), token: null }],
    ['of a failure long ago, while the token is not due', aged(95, { backoff: backoff() })],
    ['while somebody is trying again', aged(111, { backoff: backoff(), claim })],
    ['of one refusal before its time', aged(20, { refusedAtMs: [NOW_MS - 1] })],
    ['of refusals more than a day ago', aged(20, { refusedAtMs: [1, 2, NOW_MS - 86_400_000] })],
    ['of 399 mints of 500', aged(20, { mints: { day: TODAY, count: 399 } })],
    ['of the 400th while it is under way', aged(20, { mints: { day: TODAY, count: 400 }, claim })],
    ['of yesterday’s mints', aged(20, { mints: { day: TODAY - 1, count: 500 } })],
  ])('%s', (_, record) => {
    expect(kindsOf(record)).toEqual([]);
  });
});

describe('a refresh that fails', () => {
  it('is told with its cause and the end of the token', () => {
    const record = aged(111, { backoff: backoff() });
    expect(findingsOf('wxa', record, policy, NOW_MS, new Set())).toEqual([
      {
        appid: 'wxa',
        api: 'token',
        kind: 'refreshFailing',
        sinceAtMs: NOW_MS - MINUTE_MS,
        cause: record.backoff,
        endsAtMs: NOW_MS + 9 * MINUTE_MS,
      },
    ]);
  });

  it.each<['token' | 'stable', string, number]>([
    ['token', 'with the hold', 3],
    ['stable', 'at its own time', 4],
  ])('after a lost answer in %s mode is told with a token that ends %s', (api, _, minutesLeft) => {
    const { token, ...rest } = aged(116, { backoff: backoff(), unsettledSinceAtMs: NOW_MS - MINUTE_MS });
    const record = { ...rest, token: { ...token!, api } };
    const found = findingsOf('wxa', record, { ...policy, api }, NOW_MS, new Set(['refreshFailing']));
    expect(found).toMatchObject([{ endsAtMs: NOW_MS + minutesLeft * MINUTE_MS }]);
  });

  it.each<[string, number, Partial<TokenRecord>, Kind[]]>([
    ['30 minutes before the end', 90, {}, []],
    ['a moment later', 90.001, {}, ['refreshFailing']],
    [
      'earlier, when a lost answer has the token expire early',
      65,
      { unsettledSinceAtMs: NOW_MS },
      ['refreshFailing'],
    ],
    ['when there is no token', 65, { token: null }, ['refreshFailing']],
  ])('%s, with a refresh due every hour', (_, minutes, rest, expected) => {
    const hourly = { ...policy, refreshAfterMs: 60 * MINUTE_MS };
    expect(kindsOf(aged(minutes, { backoff: backoff(), ...rest }), [], hourly)).toEqual(expected);
  });

  it('for the limit of mints, which leaves no backoff', () => {
    const record = aged(111, { mints: { day: TODAY, count: 500 } });
    expect(findingsOf('wxa', record, policy, NOW_MS, new Set())).toMatchObject([
      { kind: 'refreshFailing', cause: { owner: 'quota', errcode: 503 } },
      { kind: 'mintLimitNear', count: 500, limit: 500 },
    ]);
  });

  it('stays said while somebody tries again, and until a token is stored', () => {
    expect(kindsOf(aged(111, { backoff: backoff(), claim }), ['refreshFailing'])).toEqual(['refreshFailing']);
    const paused = backoff({ retryAtMs: NOW_MS - 1 });
    expect(kindsOf(aged(111, { backoff: paused }), ['refreshFailing'])).toEqual(['refreshFailing']);
    expect(kindsOf(aged(0), ['refreshFailing'])).toEqual([]);
  });
});

describe('a configuration error', () => {
  it('is told whatever life is left, and is the only alert of its cause', () => {
    expect(kindsOf(aged(20, { backoff: refusedSecret }))).toEqual(['configurationError']);
    expect(kindsOf(aged(119, { backoff: refusedSecret }))).toEqual(['configurationError']);
  });

  it('comes on top of a failure that was said before it', () => {
    const record = aged(119, { backoff: refusedSecret });
    expect(kindsOf(record, ['refreshFailing'])).toEqual(['configurationError', 'refreshFailing']);
  });

  it('is not over because the network failed next, nor between two attempts', () => {
    const open: Kind[] = ['configurationError'];
    expect(kindsOf(aged(119, { backoff: backoff() }), open)).toEqual(open);
    const paused = { ...refusedSecret, retryAtMs: NOW_MS - 1, fingerprint: 'f0' };
    expect(kindsOf(aged(20, { backoff: paused }), open)).toEqual(open);
    expect(kindsOf(aged(0), open)).toEqual([]);
  });
});

it('three refuted reports within an hour are told, and who made the last', () => {
  const reports = { lastAtMs: NOW_MS, source: 'wx_client,scf', refutedAtMs: [1, NOW_MS - 3_599_999, NOW_MS] };
  expect(kindsOf(aged(20, { reports }))).toEqual([]);
  const faulty = aged(20, { reports: { ...reports, refutedAtMs: [...reports.refutedAtMs, NOW_MS] } });
  expect(findingsOf('wxa', faulty, policy, NOW_MS, new Set())).toEqual([
    {
      appid: 'wxa',
      api: 'token',
      kind: 'reportsRefuted',
      sinceAtMs: NOW_MS - 3_599_999,
      refutations: 3,
      source: 'wx_client,scf',
    },
  ]);
});

it('80 % of a limit, and two refusals within a day, are told', () => {
  expect(kindsOf(aged(20, { mints: { day: TODAY, count: 400 } }))).toEqual(['mintLimitNear']);
  // WeChat grants this account 200 a day, whatever is configured.
  const learned = aged(20, { mints: { day: TODAY, count: 160 }, learnedLimit: 200 });
  expect(findingsOf('wxa', learned, policy, NOW_MS, new Set())).toMatchObject([
    { kind: 'mintLimitNear', count: 160, limit: 200, isLearned: true },
  ]);
  expect(kindsOf(aged(20, { mints: { day: TODAY, count: 159 }, learnedLimit: 200 }))).toEqual([]);
  const foreign = aged(20, { refusedAtMs: [NOW_MS - 86_399_999, NOW_MS] });
  expect(findingsOf('wxa', foreign, policy, NOW_MS, new Set())).toEqual([
    { appid: 'wxa', api: 'token', kind: 'foreignMinter', sinceAtMs: NOW_MS - 86_399_999, refusals: 2 },
  ]);
});
