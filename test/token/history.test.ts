/** What operators see of a mint: its entry, its lines in the log, and when somebody else is suspected to mint. */

import { describe, expect, it } from 'vitest';
import { createApp } from '../../functions/_shared/token/app.ts';
import {
  countRefusal,
  entryOf,
  isForeignMinterSuspected,
  logOutcome,
  logRefuted,
} from '../../functions/_shared/token/history.ts';
import type { Ports } from '../../functions/_shared/token/ports.ts';
import type { TokenRecord } from '../../functions/_shared/token/record.ts';
import {
  classic,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  minted,
  NOW_MS,
  recordOf,
  refused,
  SECOND_MS,
  tokenOf,
} from './samples.ts';

function appWithLog() {
  const lines: [string, object][] = [];
  const ports = {
    now: () => NOW_MS,
    who: 'refreshAccessToken 1',
    log: (event: string, fields: object) => void lines.push([event, fields]),
  };
  return { app: createApp('wx1', classic, ports as unknown as Ports), lines };
}

describe('the entry of a mint', () => {
  const at = { beganAtMs: NOW_MS, endedAtMs: NOW_MS + 70 };
  const entry = (record: TokenRecord, outcome = minted(tokenOf())) =>
    entryOf(appWithLog().app, record, outcome, { by: 'timer' }, at);

  it('says when, why, how long it took, how old the token before was, and who did it', () => {
    expect(entry(recordOf())).toEqual({
      atMs: NOW_MS,
      reason: 'timer',
      outcome: 'minted',
      errcode: 0,
      rid: null,
      tookMs: 70,
      gapMs: HOUR_MS,
      who: 'refreshAccessToken 1',
    });
    expect(entry(recordOf({ token: null })).gapMs).toBeNull();
  });

  it('says that an operator asked', () => {
    const manualRefresh = { requestedAtMs: NOW_MS, mintsLeft: 1, isLeak: false };
    expect(entry(recordOf({ manualRefresh })).reason).toBe('manual');
  });

  it('says what WeChat refused, with its id for the call', () => {
    const failure = { owner: 'configuration' as const, errcode: 40_125, errmsg: 'no', rid: 'r-1' };
    expect(entry(recordOf(), { kind: 'refused', failure })).toMatchObject({
      outcome: 'refused',
      errcode: 40_125,
      rid: 'r-1',
    });
    expect(entry(recordOf(), refused('transient', -1))).toMatchObject({ errcode: -1, rid: null });
  });
});

describe('the log of a mint', () => {
  it('says what came of it, and how long it took', () => {
    const { app, lines } = appWithLog();
    logOutcome(app, minted(tokenOf()), recordOf(), NOW_MS - 70);
    const failure = { owner: 'quota' as const, errcode: 45_009, errmsg: 'no more', advice: 'wait' };
    logOutcome(app, { kind: 'refused', failure }, recordOf(), NOW_MS - 70);
    expect(lines).toEqual([
      ['token_minted', { appid: 'wx1', api: 'token', tookMs: 70 }],
      [
        'mint_failed',
        {
          appid: 'wx1',
          outcome: 'refused',
          tookMs: 70,
          owner: 'quota',
          errcode: 45_009,
          errmsg: 'no more (wait)',
        },
      ],
    ]);
  });

  it('names another system that mints, once two of our tokens were refused within a day', () => {
    const { app, lines } = appWithLog();
    logOutcome(app, minted(tokenOf()), recordOf({ refusedAtMs: [NOW_MS - 2, NOW_MS - 1] }), NOW_MS);
    expect(lines[1]).toEqual([
      'foreign_minter_suspected',
      {
        appid: 'wx1',
        refusals: 2,
        errmsg:
          'another system mints access tokens for this AppID: find it and let it call getAccessToken instead, or set WX_TOKEN_API=stable',
      },
    ]);
  });
});

describe('the log of refuted reports', () => {
  const withRefuted = (refutedAtMs: number[]) =>
    recordOf({ reports: { lastAtMs: NOW_MS, source: 'wx_client,scf', refutedAtMs } });
  const lately = [NOW_MS - 3, NOW_MS - 2, NOW_MS - 1];

  it('names who reported, once there are three in an hour', () => {
    const { app, lines } = appWithLog();
    logRefuted(app, withRefuted(lately), withRefuted(lately.slice(0, 2)));
    expect(lines).toEqual([
      [
        'reports_refuted',
        {
          appid: 'wx1',
          refutations: 3,
          source: 'wx_client,scf',
          errmsg:
            'a caller reports tokens that WeChat accepts: report only 40001, 40014 and 42001, only of the call that used this very token, and not a 40001 of another AppID or of a wrong parameter',
        },
      ],
    ]);
  });

  it('says nothing of two, nor of those that were told before', () => {
    const { app, lines } = appWithLog();
    logRefuted(app, withRefuted(lately.slice(1)), withRefuted(lately.slice(1, 2)));
    logRefuted(app, withRefuted(lately), withRefuted(lately));
    expect(lines).toEqual([]);
  });
});

describe('another system that mints', () => {
  it('is suspected from two refusals within a day on', () => {
    const suspected = (...agoMs: number[]) =>
      isForeignMinterSuspected(recordOf({ refusedAtMs: agoMs.map((ms) => NOW_MS - ms) }), NOW_MS);
    expect([suspected(0, DAY_MS - 1), suspected(0, DAY_MS), suspected(0)]).toEqual([true, false, false]);
  });

  it('is no longer suspected once our tokens have lived on, twice as long as they live and as it ever paused', () => {
    const suspected = (mintedAgo: number, ...refusedAgo: number[]) =>
      isForeignMinterSuspected(
        recordOf({
          token: tokenOf({ mintedAtMs: NOW_MS - mintedAgo * MINUTE_MS }),
          refusedAtMs: refusedAgo.map((minutes) => NOW_MS - minutes * MINUTE_MS),
        }),
        NOW_MS,
      );
    // Two lives are 220 minutes; that time has passed without a new token says nothing.
    expect([suspected(1, 230, 220), suspected(0, 230, 220)]).toEqual([true, false]);
    expect(suspected(300, 310, 300)).toBe(true);
    // It pauses for six hours: ten without a sign are no evidence, twelve are.
    expect([suspected(0, 960, 600), suspected(0, 1080, 720)]).toEqual([true, false]);
    // Since the last of them, however many there were.
    expect([suspected(0, 960, 900, 480), suspected(0, 1380, 1320, 900)]).toEqual([true, false]);
  });

  it('is suspected, too, while no token is stored', () => {
    const refusedAtMs = [NOW_MS - 2, NOW_MS - 1];
    expect(isForeignMinterSuspected(recordOf({ token: null, refusedAtMs }), NOW_MS)).toBe(true);
  });

  it('is not suspected where the endpoint is the other one', () => {
    const token = tokenOf({ api: 'stable' });
    const refusedAtMs = [NOW_MS - 2, NOW_MS - 1];
    expect(isForeignMinterSuspected(recordOf({ token, refusedAtMs }), NOW_MS)).toBe(false);
  });

  const counted = (over: Partial<TokenRecord>) => countRefusal(recordOf(over), NOW_MS).length;

  it('is not made of what we did ourselves', () => {
    expect(counted({})).toBe(1);
    expect(counted({ unsettledSinceAtMs: NOW_MS })).toBe(0);
    expect(counted({ token: null })).toBe(0);
    expect(counted({ token: tokenOf({ api: 'stable' }) })).toBe(0);
  });

  it('is not made of newborns, nor of tokens that are over', () => {
    const born = (agoMs: number) => counted({ token: tokenOf({ mintedAtMs: NOW_MS - agoMs }) });
    expect([born(30 * SECOND_MS - 1), born(30 * SECOND_MS)]).toEqual([0, 1]);
    expect([born(120 * MINUTE_MS - 1), born(120 * MINUTE_MS)]).toEqual([1, 0]);
  });

  it('is forgotten after a day, and counted no further than ten', () => {
    const refusedAtMs = [NOW_MS - DAY_MS, NOW_MS - DAY_MS + 1];
    expect(countRefusal(recordOf({ refusedAtMs }), NOW_MS)).toEqual([NOW_MS - DAY_MS + 1, NOW_MS]);
    const ten = Array.from({ length: 10 }, (_, index) => NOW_MS - 10 + index);
    expect(countRefusal(recordOf({ refusedAtMs: ten }), NOW_MS)).toEqual([...ten.slice(1), NOW_MS]);
  });
});
