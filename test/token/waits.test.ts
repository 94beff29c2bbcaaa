/** How long a caller waits for somebody else's mint, how often it reads, and what it asks for. */

import { describe, expect, it } from 'vitest';
import { remember } from '../../functions/_shared/token/app.ts';
import { checkAccessToken, getAccessToken } from '../../functions/_shared/token/getAccessToken.ts';
import { TokenError } from '../../functions/_shared/token/ports.ts';
import { claimOf, MINUTE_MS, NOW_MS, recordOf, SECOND_MS, stable, tokenOf } from './samples.ts';
import { scripted } from './scripted.ts';

/** Nothing is stored, and another instance holds the claim for as long as the test lasts. */
const busy = () => recordOf({ token: null, claim: claimOf({ untilAtMs: NOW_MS + 10 * MINUTE_MS }) });

describe('a caller that waits for another one’s mint', () => {
  it.each([
    { chance: 0, sleeps: [112.5, 225, 450, 900, 1_200, 1_612.5] },
    { chance: 0.5, sleeps: [150, 300, 600, 1_200, 1_600, 2_150] },
  ])(
    'sleeps six times, longer each time (chance $chance), and reads seven times',
    async ({ chance, sleeps }) => {
      const script = scripted({ chance, record: busy });
      expect(await getAccessToken(script.app, null)).toMatchObject({ ok: false, errcode: 503 });
      expect(script.sleeps).toEqual(sleeps);
      expect(script.reads()).toBe(7);
    },
  );

  it('reads for the last time after six seconds, however slow the database is', async () => {
    // 2 775 + 150 + 2 775 + 300 = 6 000
    const script = scripted({ record: busy, readMs: () => 2_775 });
    await getAccessToken(script.app, null);
    expect(script.reads()).toBe(3);
    const quicker = scripted({ record: busy, readMs: () => 2_774 });
    await getAccessToken(quicker.app, null);
    expect(quicker.reads()).toBe(4);
  });

  it('does not wait where calls must be further apart than it would wait', async () => {
    const spaced = async (leftMs: number) => {
      const lastAtMs = NOW_MS + leftMs - 15 * SECOND_MS;
      const record = recordOf({
        token: tokenOf({ api: 'stable' }),
        reports: { lastAtMs, source: null, refutedAtMs: [] },
      });
      const script = scripted({ policy: stable, record: () => record, wins: () => false });
      await getAccessToken(script.app, 't1');
      return script.sleeps;
    };
    expect(await spaced(6_001)).toEqual([]);
    expect((await spaced(6_000)).length).toBeGreaterThan(0);
  });

  it('does not wait while there is a token with enough left', async () => {
    const token = tokenOf({ mintedAtMs: NOW_MS - 115 * MINUTE_MS });
    const script = scripted({ record: () => recordOf({ token, claim: claimOf() }) });
    expect(await getAccessToken(script.app, null)).toMatchObject({ ok: true, token: 't1' });
    expect([script.sleeps, script.reads()]).toEqual([[], 1]);
  });
});

describe('a caller whose instance was frozen', () => {
  it('reads again when what it has read is a minute old', async () => {
    const readsAfter = async (frozenMs: number) => {
      const script = scripted({ record: () => recordOf(), readMs: (read) => (read === 1 ? frozenMs : 0) });
      expect(await getAccessToken(script.app, null)).toMatchObject({ ok: true });
      return script.reads();
    };
    expect([await readsAfter(MINUTE_MS - 1), await readsAfter(MINUTE_MS)]).toEqual([1, 2]);
  });
});

describe('what is asked', () => {
  it('by a reader says so in the history', async () => {
    const script = scripted({ record: () => recordOf({ token: null }) });
    expect(await getAccessToken(script.app, null)).toMatchObject({ ok: true, token: 't2' });
    expect(script.written.at(-1)!.entry).toMatchObject({ reason: 'reader', outcome: 'minted' });
  });

  it('by a report carries who reported', async () => {
    const script = scripted({ record: () => recordOf() });
    await getAccessToken(script.app, 't1', 'wx_client,scf');
    expect(script.written[0]!.next.reports.source).toBe('wx_client,scf');
    expect(script.written.at(-1)!.entry!.reason).toBe('report');
  });

  it('by a suspicion shows WeChat the token that was given, or else the stored one', async () => {
    for (const suspected of ['t1', null]) {
      const script = scripted({ record: () => recordOf() });
      await checkAccessToken(script.app, suspected);
      expect(script.probes[0]).toBe('t1');
    }
    const other = scripted({ record: () => recordOf() });
    expect(await checkAccessToken(other.app, 't0')).toMatchObject({ ok: true, token: 't1' });
    expect(other.probes).toEqual([]);
    const empty = scripted({ record: () => recordOf({ token: null }) });
    expect(await checkAccessToken(empty.app, null)).toMatchObject({ ok: true, token: 't2' });
  });

  it('by readers, by reports and by suspicions are flights of their own', async () => {
    const { app } = scripted({ record: () => recordOf() });
    const flights = [
      getAccessToken(app, null),
      getAccessToken(app, null),
      getAccessToken(app, 't0'),
      checkAccessToken(app, 't0'),
      checkAccessToken(app, 't9'),
    ];
    expect([...app.flights.keys()]).toEqual(['', 't0', ' t0', ' t9']);
    await Promise.all(flights);
    expect(app.flights.size).toBe(0);
  });
});

describe('a failing database', () => {
  const down = () => {
    throw new TokenError('STORE_UNAVAILABLE', 'gone');
  };

  it('gives no reporter its token back from memory, unless WeChat accepted it since', async () => {
    const { app } = scripted({ policy: stable, record: down });
    const verdict = { id: 'c1', atMs: NOW_MS - MINUTE_MS, outcome: 'accepted' as const };
    remember(app, recordOf({ token: tokenOf({ api: 'stable' }), verdict }), NOW_MS);
    expect(await getAccessToken(app, 't1')).toMatchObject({ ok: false, errcode: 503 });
  });

  it('is told from a fault of our own', async () => {
    const { app } = scripted({
      record: () => {
        throw new TypeError('a bug');
      },
    });
    await expect(getAccessToken(app, null)).rejects.toThrow('a bug');
  });
});
