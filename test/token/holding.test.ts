/** Under a claim: who may still ask WeChat, how often a result is written, and what is kept when it can't be. */

import { describe, expect, it } from 'vitest';
import { mintAndSave, readSaved } from '../../functions/_shared/token/mintAndSave.ts';
import { TokenError } from '../../functions/_shared/token/ports.ts';
import { probeAndSave } from '../../functions/_shared/token/probeAndSave.ts';
import { refreshAccessToken } from '../../functions/_shared/token/refreshAccessToken.ts';
import {
  backoffOf,
  claimOf,
  MINUTE_MS,
  NOW_MS,
  recordOf,
  refused,
  reportOf,
  SECOND_MS,
  TODAY,
  tokenOf,
  unknown,
} from './samples.ts';
import { scripted, storedOf } from './scripted.ts';
import type { Script } from './scripted.ts';

const timer = { by: 'timer' } as const;
const due = () => recordOf({ token: tokenOf({ mintedAtMs: NOW_MS - 111 * MINUTE_MS }) });

describe('a refresh', () => {
  it('claims, asks WeChat once, and stores what it said', async () => {
    const script = scripted({ record: due });
    const outcome = await refreshAccessToken(script.app, timer);
    expect(outcome).toMatchObject({ action: 'refreshed', record: { token: { value: 't2' }, claim: null } });
    expect(script.mints).toEqual([false]);
    expect(script.written).toHaveLength(2);
    expect(script.written[1]!.entry).toMatchObject({ atMs: NOW_MS, tookMs: 0, gapMs: 111 * MINUTE_MS });
    expect(script.lines.map(([event]) => event)).toEqual(['token_minted']);
  });

  it('has lost nothing where there is nothing to save', async () => {
    expect((await readSaved(scripted({ record: due }).app)).isLost).toBe(false);
  });

  it('says why there is nothing to do, or not yet', async () => {
    const outcomeOf = (record: ReturnType<typeof recordOf>) =>
      refreshAccessToken(scripted({ record: () => record }).app, timer);
    expect(await outcomeOf(recordOf())).toEqual({ action: 'fresh', record: recordOf() });
    const claimed = { ...due(), claim: claimOf() };
    const untilAtMs = NOW_MS + 20 * SECOND_MS;
    expect(await outcomeOf(claimed)).toEqual({ action: 'busy', why: 'claim', untilAtMs, record: claimed });
    const stopped = { ...due(), backoff: backoffOf({ owner: 'quota', errcode: 45_009 }) };
    expect(await outcomeOf(stopped)).toMatchObject({
      action: 'failed',
      failure: { errcode: 45_009 },
      retryAtMs: NOW_MS + MINUTE_MS,
      record: stopped,
    });
  });

  it('says what WeChat refused, and when it is asked again', async () => {
    const script = scripted({ record: due, mint: () => refused('transient', -1) });
    expect(await refreshAccessToken(script.app, timer)).toMatchObject({
      action: 'failed',
      failure: { errcode: -1 },
      retryAtMs: NOW_MS + SECOND_MS,
    });
  });

  it.each([
    { chance: 0, sleepMs: 50 },
    { chance: 0.5, sleepMs: 100 },
  ])(
    'that loses every race gives way five times for $sleepMs ms, and then waits',
    async ({ chance, sleepMs }) => {
      const script = scripted({ chance, record: due, wins: () => false });
      const outcome = await refreshAccessToken(script.app, timer);
      expect(script.sleeps).toEqual(Array(5).fill(sleepMs));
      const untilAtMs = script.clock.nowMs + 20 * SECOND_MS;
      expect(outcome).toMatchObject({ action: 'busy', why: 'claim', untilAtMs });
      expect(script.mints).toEqual([]);
    },
  );

  it('for a second report shows WeChat the token first, and reads what came of it', async () => {
    const reports = { lastAtMs: NOW_MS - MINUTE_MS, source: null, refutedAtMs: [] };
    const accepted = { id: 'c1', atMs: NOW_MS, outcome: 'accepted' as const };
    const script = scripted({
      record: (read) => recordOf({ reports, verdict: read === 1 ? null : accepted }),
    });
    expect(await refreshAccessToken(script.app, reportOf())).toMatchObject({ action: 'fresh' });
    expect([script.probes, script.mints, script.sleeps, script.reads()]).toEqual([['t1'], [], [], 2]);
  });
});

describe('a mint under a claim', () => {
  const held = recordOf({ claim: claimOf() });
  const mint = async (atMs: number, script: Partial<Script> = {}) => {
    const made = scripted({ record: () => held, ...script });
    made.clock.nowMs = atMs;
    return { ...made, made: await mintAndSave(made.app, storedOf(held), claimOf(), timer) };
  };

  it('is made as long as it ends with the claim, and not before the claim began', async () => {
    const mints = async (atMs: number) => (await mint(atMs)).mints.length;
    expect([await mints(NOW_MS), await mints(NOW_MS + 12 * SECOND_MS)]).toEqual([1, 1]);
    expect([await mints(NOW_MS - 1), await mints(NOW_MS + 12 * SECOND_MS + 1)]).toEqual([0, 0]);
  });

  it('that comes too late says so, and minted nothing', async () => {
    const { made, written } = await mint(NOW_MS + 13 * SECOND_MS);
    expect(made.outcome).toEqual({
      kind: 'refused',
      failure: {
        owner: 'transient',
        errcode: 503,
        errmsg:
          'the claim was nearly over before WeChat was asked (a slow database or a frozen instance); nothing was minted',
      },
    });
    expect(written[0]!.next).toMatchObject({ claim: null, mints: { day: TODAY, count: 6 } });
  });

  it('is forced when its claim was taken for a force', async () => {
    const forces = { day: TODAY, count: 1, lastAtMs: NOW_MS };
    const script = scripted({ record: () => held });
    await mintAndSave(script.app, storedOf({ ...held, forces }), claimOf(), timer);
    expect(script.mints).toEqual([true]);
  });

  it('keeps the chance of its backoff: 0 is a quarter sooner', async () => {
    const { written } = await mint(NOW_MS, { chance: 0, mint: () => refused('transient') });
    expect(written[0]!.next.backoff!.retryAtMs).toBe(NOW_MS + 750);
  });

  it('that can’t be stored is kept, ends early meanwhile, and is stored at the next call', async () => {
    let isDown = true;
    const wins = () => {
      if (isDown) throw new TokenError('STORE_UNAVAILABLE', 'the database could not be written (TIMEOUT)');
      return true;
    };
    const { app, made, written, lines } = await mint(NOW_MS, { wins });
    expect(made).toMatchObject({
      isLost: false,
      outcome: {
        kind: 'refused',
        failure: {
          owner: 'transient',
          errcode: 503,
          errmsg:
            'the access_token that WeChat issued could not be stored: the database could not be written (TIMEOUT); it is kept in memory and stored at the next call',
        },
      },
      record: { token: { value: 't2' }, claim: claimOf(), unsettledSinceAtMs: NOW_MS },
    });
    expect(app.memory).toMatchObject({ record: made.record, readAtMs: NOW_MS });
    expect(lines[0]![0]).toBe('token_minted');
    isDown = false;
    expect(await readSaved(app)).toMatchObject({ isLost: false, record: { token: { value: 't2' } } });
    expect([written.length, app.unsaved]).toEqual([1, null]);
  });

  it('whose answer is unknown and can’t be stored stays unknown', async () => {
    const wins = () => {
      throw new TokenError('STORE_UNAVAILABLE', 'gone');
    };
    const { made } = await mint(NOW_MS, { wins, mint: () => unknown });
    expect(made.outcome).toEqual(unknown);
  });

  it('lets a fault of our own through', async () => {
    const wins = () => {
      throw new TypeError('a bug');
    };
    await expect(mint(NOW_MS, { wins })).rejects.toThrow('a bug');
  });

  it('is tried five times against a document that changes each time', async () => {
    const { app, made, reads } = await mint(NOW_MS, { wins: () => false });
    expect(reads()).toBe(5);
    // It is still to be saved, and can't be.
    await expect(readSaved(app)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(made.outcome).toHaveProperty(
      'failure.errmsg',
      expect.stringContaining('the document changed under every attempt to write the result of a mint'),
    );
  });

  it('marks the document of another holder, and says so', async () => {
    const taken = recordOf({ version: 9, claim: claimOf({ id: 'of another' }) });
    const { made, written, lines, app } = await mint(NOW_MS, {
      record: () => taken,
      wins: (write) => write > 1,
    });
    expect(made).toMatchObject({ isLost: true, record: { claim: { contestedSinceAtMs: NOW_MS } } });
    expect(written[0]!.entry).toMatchObject({ outcome: 'lost' });
    expect(lines[0]).toEqual(['claim_lost', { appid: 'wx1', isMarked: true }]);
    expect(app.unsaved).toBeNull();
  });

  it('leaves a document that it can’t have hit, and says so', async () => {
    const young = recordOf({ token: tokenOf({ mintedAtMs: NOW_MS + MINUTE_MS }) });
    const { made, written, lines } = await mint(NOW_MS, { record: () => young, wins: (write) => write > 1 });
    expect(made).toMatchObject({ isLost: true, record: young });
    expect([written, lines[0]]).toEqual([[], ['claim_lost', { appid: 'wx1', isMarked: false }]]);
  });

  it('is found to be stored when only the answer was lost', async () => {
    const token = tokenOf({ value: 't2', mintedAtMs: NOW_MS });
    const { made, written, app } = await mint(NOW_MS, {
      record: () => recordOf({ token, version: 7 }),
      wins: (write) => write > 1,
    });
    expect(made).toMatchObject({ isLost: false, record: { version: 7 } });
    expect([written, app.unsaved]).toEqual([[], null]);
  });
});

describe('a probe under a claim', () => {
  const probe = (script: Partial<Script>, tookMs = 0) => {
    const made = scripted({ record: () => recordOf(), ...script });
    const { swap } = made.app.ports.store;
    let writes = 0;
    made.app.ports.store.swap = async (...args) => {
      const stored = await swap(...args);
      if (++writes === 1) made.clock.nowMs += tookMs;
      return stored;
    };
    return { ...made, done: probeAndSave(made.app, reportOf(), storedOf(recordOf())) };
  };

  it('asks WeChat, says so in the log, and stores the verdict', async () => {
    const { done, probes, written, lines } = probe({ probe: () => 'refused' });
    expect(await done).toBe(true);
    expect(probes).toEqual(['t1']);
    expect(written.map(({ next }) => next.verdict!.outcome)).toEqual(['pending', 'refused']);
    expect(lines).toEqual([['token_checked', { appid: 'wx1', outcome: 'refused' }]]);
  });

  it('is left to whoever was first', async () => {
    const { done, probes } = probe({ wins: () => false });
    expect([await done, probes]).toEqual([false, []]);
  });

  it('is not begun when its claim may be over before WeChat answers', async () => {
    const probesAfter = async (tookMs: number) => {
      const { done, probes } = probe({}, tookMs);
      return [await done, probes.length];
    };
    expect(await probesAfter(16 * SECOND_MS)).toEqual([true, 1]);
    expect(await probesAfter(16 * SECOND_MS + 1)).toEqual([false, 0]);
    expect(await probesAfter(-16 * SECOND_MS - 1)).toEqual([false, 0]);
  });

  it('is saved beside a mark, as long as the claim is its own, five times at most', async () => {
    const marked = recordOf({ version: 8, claim: claimOf({ contestedSinceAtMs: 1 }) });
    const beside = probe({ record: () => marked, wins: (write) => write !== 2 });
    expect(await beside.done).toBe(true);
    expect(beside.written.at(-1)!.next.version).toBe(9);
    const taken = probe({
      record: () => recordOf({ claim: claimOf({ id: 'of another' }) }),
      wins: (write) => write !== 2,
    });
    expect(await taken.done).toBe(false);
    const gone = probe({ record: () => recordOf(), wins: (write) => write !== 2 });
    expect(await gone.done).toBe(false);
    const never = probe({ record: () => marked, wins: (write) => write === 1 });
    expect([await never.done, never.reads()]).toEqual([false, 5]);
  });

  it('names the caller once its third report in an hour is refuted', async () => {
    const reports = { lastAtMs: 0, source: null, refutedAtMs: [NOW_MS - 2, NOW_MS - 1] };
    const made = scripted({ record: () => recordOf({ reports }) });
    await probeAndSave(made.app, reportOf(), storedOf(recordOf({ reports })));
    expect(made.lines.map(([event]) => event)).toEqual(['token_checked', 'reports_refuted']);
  });
});
