/** What a caller is told, from memory, from the document, and without a database; each bound to the millisecond. */

import { describe, expect, it } from 'vitest';
import { conclude, fromMemory, isUsable, withoutStore } from '../../functions/_shared/token/answer.ts';
import { createApp, pauseStore, remember } from '../../functions/_shared/token/app.ts';
import { TokenError } from '../../functions/_shared/token/ports.ts';
import type { Ports } from '../../functions/_shared/token/ports.ts';
import {
  backoffOf,
  classic,
  MINUTE_MS,
  NOW_MS,
  recordOf,
  reportOf,
  SECOND_MS,
  stable,
  tokenOf,
} from './samples.ts';

/** Of a token an hour old: it is due after 110 minutes less 30 s, and our own mint leaves it 240 s more. */
const LEFT_MS = 50 * MINUTE_MS - 30 * SECOND_MS + 240 * SECOND_MS;

/** A record whose token ends in so long. */
const leftOf = (leftMs: number) =>
  recordOf({ token: tokenOf({ mintedAtMs: NOW_MS + leftMs - 120 * MINUTE_MS }) });

function appAt(nowMs = NOW_MS, policy = classic) {
  const lines: [string, object][] = [];
  const ports = {
    now: () => nowMs,
    log: (event: string, fields: object) => void lines.push([event, fields]),
  };
  return { app: createApp('wx1', policy, ports as unknown as Ports), lines };
}

/** An app that remembers a record read so long ago. */
function remembering(record: ReturnType<typeof recordOf>, agoMs: number) {
  const { app } = appAt();
  remember(app, record, NOW_MS - agoMs);
  return app;
}

const busy = (record: ReturnType<typeof recordOf>, untilAtMs: number) =>
  ({ action: 'busy', why: 'claim', untilAtMs, record }) as const;

describe('from memory', () => {
  it('a token is served for a minute, with the life that was left then', () => {
    expect(fromMemory(remembering(recordOf(), MINUTE_MS - 1))).toEqual({
      ok: true,
      token: 't1',
      leftMs: LEFT_MS,
      endsAtMs: NOW_MS + LEFT_MS,
    });
    expect(fromMemory(remembering(recordOf(), MINUTE_MS))).toBeNull();
    expect(fromMemory(appAt().app)).toBeNull();
  });

  it('nothing is said when the clock stepped back', () => {
    expect(fromMemory(remembering(recordOf(), 0))).toMatchObject({ ok: true });
    expect(fromMemory(remembering(recordOf(), -1))).toBeNull();
  });

  it('a token with too little left is left to the database', () => {
    expect(fromMemory(remembering(leftOf(MINUTE_MS), 0))).toMatchObject({ leftMs: MINUTE_MS });
    expect(fromMemory(remembering(leftOf(MINUTE_MS - 1), 0))).toBeNull();
  });

  it('a failure is repeated for five seconds, with what is left of its pause', () => {
    const failing = recordOf({ token: null, backoff: backoffOf({ advice: 'wait' }) });
    expect(fromMemory(remembering(failing, 5 * SECOND_MS - 1))).toEqual({
      ok: false,
      errcode: -1,
      errmsg: 'system error (wait)',
      retryAfterMs: MINUTE_MS,
    });
    expect(fromMemory(remembering(failing, 5 * SECOND_MS))).toBeNull();
    const over = recordOf({ token: null, backoff: backoffOf({ retryAtMs: NOW_MS }) });
    expect(fromMemory(remembering(over, 0))).toBeNull();
    expect(fromMemory(remembering(recordOf({ token: null }), 0))).toBeNull();
  });

  it('what is left is served beside a failure', () => {
    const record = { ...leftOf(SECOND_MS), backoff: backoffOf() };
    expect(fromMemory(remembering(record, 0))).toMatchObject({ ok: true, leftMs: SECOND_MS });
    const none = { ...leftOf(SECOND_MS - 1), backoff: backoffOf({ retryAtMs: NOW_MS + 1 }) };
    expect(fromMemory(remembering(none, 0))).toMatchObject({ ok: false, retryAfterMs: SECOND_MS });
  });

  it('while the database pauses a token is served to its end, however long ago it was read', () => {
    const app = remembering(recordOf(), 40 * MINUTE_MS);
    expect(fromMemory(app)).toBeNull();
    pauseStore(app);
    expect(fromMemory(app)).toMatchObject({ ok: true, token: 't1' });
    const empty = remembering(recordOf({ token: null }), 0);
    pauseStore(empty);
    expect(fromMemory(empty)).toBeNull();
  });
});

describe('from the document', () => {
  const reader = { by: 'reader' } as const;
  const told = (
    outcome: Parameters<typeof conclude>[1]['outcome'],
    reason: Parameters<typeof isUsable>[2] = reader,
  ) => conclude(appAt().app, { askedAtMs: NOW_MS, reason, outcome });

  it('a token is served, whoever fetches another meanwhile', () => {
    expect(told(busy(recordOf(), NOW_MS + 1))).toMatchObject({ ok: true, token: 't1' });
  });

  it('a reported token is not given back, unless WeChat has accepted it', () => {
    expect(told(busy(recordOf(), NOW_MS + 2_500), reportOf())).toEqual({
      ok: false,
      errcode: 503,
      errmsg: 'no usable access_token just now: another call is fetching one; ask again in a moment',
      retryAfterMs: 2_500,
    });
    const verdict = { id: 'c1', atMs: NOW_MS, outcome: 'accepted' as const };
    expect(told(busy(recordOf({ verdict }), NOW_MS), reportOf())).toMatchObject({ ok: true });
    const { app } = appAt(NOW_MS, stable);
    expect(isUsable(app, recordOf({ verdict }), reportOf({ knownId: 'c1' }))).toBe(false);
  });

  it('a failure is told with its cure and the time until the next try, a second at least', () => {
    const failure = {
      owner: 'configuration',
      errcode: 40_164,
      errmsg: 'not in whitelist',
      advice: 'list it',
    } as const;
    const record = recordOf({ token: null });
    const failed = (retryAtMs: number) => told({ action: 'failed', failure, retryAtMs, record });
    expect(failed(NOW_MS + MINUTE_MS)).toEqual({
      ok: false,
      errcode: 40_164,
      errmsg: 'not in whitelist (list it)',
      retryAfterMs: MINUTE_MS,
    });
    expect(failed(0)).toMatchObject({ retryAfterMs: SECOND_MS });
    expect(told({ action: 'fresh', record })).toMatchObject({ errcode: 503, retryAfterMs: SECOND_MS });
  });

  it('a step back of the clock lengthens no life', () => {
    const record = recordOf({ token: tokenOf({ mintedAtMs: NOW_MS - 112 * MINUTE_MS }) });
    const answer = conclude(appAt().app, {
      askedAtMs: NOW_MS + MINUTE_MS,
      reason: reader,
      outcome: { action: 'fresh', record },
    });
    expect(answer).toMatchObject({ leftMs: 240 * SECOND_MS });
  });
});

describe('without a database', () => {
  const down = new TokenError('STORE_UNAVAILABLE', 'the database could not be read (TIMEOUT)');
  const reader = { by: 'reader' } as const;

  it('memory serves, and the database is left alone for a while', () => {
    const { app, lines } = appAt();
    remember(app, recordOf(), NOW_MS - 40 * MINUTE_MS);
    expect(withoutStore(app, reader, down)).toMatchObject({ ok: true, token: 't1' });
    expect(app.storePause).toEqual({ failures: 1, untilAtMs: NOW_MS + 5 * SECOND_MS });
    expect(lines).toEqual([
      [
        'store_failed',
        { appid: 'wx1', code: 'STORE_UNAVAILABLE', errmsg: 'the database could not be read (TIMEOUT)' },
      ],
    ]);
    expect(withoutStore(app, reportOf(), down)).toMatchObject({ ok: false });
  });

  it('a caller hears what is wrong and when to ask again, or that waiting cures nothing', () => {
    expect(withoutStore(appAt().app, reader, down)).toEqual({
      ok: false,
      errcode: 503,
      errmsg: 'no usable access_token just now: the database could not be read (TIMEOUT)',
      retryAfterMs: 5 * SECOND_MS,
    });
    const closed = new TokenError('STORE_MISCONFIGURED', 'the collection is closed');
    expect(withoutStore(appAt().app, reader, closed)).toEqual({
      ok: false,
      errcode: 500,
      errmsg: 'the collection is closed',
      retryAfterMs: null,
    });
  });

  it('a memory from a clock that stepped back promises no more for it', () => {
    const { app } = appAt();
    remember(app, recordOf({ token: tokenOf({ mintedAtMs: NOW_MS - 112 * MINUTE_MS }) }), NOW_MS + MINUTE_MS);
    expect(withoutStore(app, reader, down)).toMatchObject({ leftMs: 240 * SECOND_MS });
  });
});
