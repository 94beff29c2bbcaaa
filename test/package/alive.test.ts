/** The installed client serves what is alive while getAccessToken has nothing fresh, and nothing that is refused. */

import { describe, expect, it, vi } from 'vitest';
import { errorOf, json, startPlace, tokenOf, tokenReply } from './wechat.ts';

const hangs = () => new Promise<never>(() => {});

describe('a token held with 98 minutes of promise', () => {
  it.each<[string, () => unknown]>([
    [
      'callFunction rejects',
      () => {
        throw Object.assign(new Error('resource system error'), { errCode: -501001 });
      },
    ],
    ['getAccessToken answers 503', () => ({ errcode: 503, errmsg: 'no', retry_after: 2 })],
    ['getAccessToken answers nothing', () => undefined],
  ])('serves to the end of its promise when %s', async (_, fail) => {
    const place = await startPlace(json({ ok: 1 }));
    place.answerToken = () => tokenReply('t1', 98 * 60);
    await place.wechat.get('/x');
    place.answerToken = fail;
    for (const second of [59, 61, 600, 98 * 60 - 1]) {
      place.nowMs = Date.UTC(2026, 10, 22, 4) + second * 1_000;
      expect(await place.wechat.get('/x')).toEqual({ ok: 1 });
    }
    place.nowMs += 1_000;
    expect(await errorOf(place.wechat.get('/x'))).toMatchObject({ origin: 'getAccessToken' });
    expect(new Set(place.requests.map(tokenOf))).toEqual(new Set(['t1']));
  });

  it('is asked for again with pauses that grow from 1 s to 30 s, and a fresh one ends them', async () => {
    const place = await startPlace(json({}));
    await place.wechat.accessToken();
    place.answerToken = () => ({ errcode: 503, errmsg: 'no' });
    place.nowMs += 60_000;
    const gapsMs: number[] = [];
    for (let last = place.nowMs; gapsMs.length < 8; place.nowMs += 250) {
      const before = place.asked.length;
      await place.wechat.accessToken();
      await new Promise((resolve) => setImmediate(resolve));
      if (place.asked.length === before) continue;
      gapsMs.push(place.nowMs - last);
      last = place.nowMs;
    }
    expect(gapsMs).toEqual([0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    place.answerToken = () => tokenReply('t2');
    place.nowMs += 30_000;
    await place.wechat.accessToken();
    await vi.waitFor(async () => expect(await place.wechat.accessToken()).toBe('t2'));
  });
});

describe('a getAccessToken that hangs', () => {
  it('costs a call 8 s with something alive, 15 s without, and the next one nothing', async () => {
    const alive = await startPlace(json({}));
    await alive.wechat.accessToken();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      alive.answerToken = hangs;
      alive.nowMs += 61_000;
      const served = alive.wechat.accessToken();
      await vi.advanceTimersByTimeAsync(7_999);
      expect(await isSettled(served)).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      expect(await isSettled(served)).toBe(true);
      expect(await isSettled(alive.wechat.accessToken())).toBe(true);

      const cold = await startPlace(json({}));
      cold.answerToken = hangs;
      const failed = errorOf(cold.wechat.accessToken());
      await vi.advanceTimersByTimeAsync(14_999);
      expect(await isSettled(failed)).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      expect(await failed).toMatchObject({ origin: 'getAccessToken', errcode: 502 });
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a token that WeChat has refused to this client', () => {
  it('is not sent again when the report fails and a plain question brings it back', async () => {
    const place = await startPlace((request) =>
      tokenOf(request) === 't1' ? json({ errcode: 42001, errmsg: 'expired' }) : json({ ok: 1 }),
    );
    place.answerToken = (data) =>
      data['invalid_access_token'] === undefined ? tokenReply('t1') : { errcode: 503, errmsg: 'no' };
    expect(await errorOf(place.wechat.get('/x'))).toMatchObject({ errcode: 503 });
    expect(await errorOf(place.wechat.get('/x'))).toMatchObject({ errcode: 503 });
    await expect(place.wechat.accessToken()).rejects.toMatchObject({ errcode: 503 });
    expect(place.requests).toHaveLength(1);
    place.answerToken = (data) => tokenReply(data['invalid_access_token'] === undefined ? 't1' : 't2');
    expect(await place.wechat.get('/x')).toEqual({ ok: 1 });
    // The memory of another instance of getAccessToken, a minute later.
    place.nowMs += 60_000;
    expect(await place.wechat.accessToken()).toBe('t2');
    expect(place.requests.map(tokenOf)).toEqual(['t1', 't2']);
  });

  it('is good again when getAccessToken answers the report with it, and reported anew when refused anew', async () => {
    const place = await startPlace(json({ errcode: 40001, errmsg: 'invalid' }));
    place.answerToken = () => tokenReply('t1');
    expect(await errorOf(place.wechat.get('/x'))).toMatchObject({ errcode: 40001, origin: 'wechat' });
    expect(await place.wechat.accessToken()).toBe('t1');
    const reports = place.asked.filter((data) => data['invalid_access_token'] === 't1');
    expect(reports).toHaveLength(2);
  });

  it('can be reported by hand, as of any age, and a token of no one poisons nothing', async () => {
    const place = await startPlace(json({}));
    place.answerToken = (data) => {
      if (data['invalid_access_token'] === 'junk') return { errcode: 400, errmsg: 'malformed' };
      return tokenReply(data['invalid_access_token'] === undefined ? 't1' : 't2');
    };
    const refused = await place.wechat.accessToken();
    const all = Array.from({ length: 50 }, () => place.wechat.accessToken({ refused }));
    expect(new Set(await Promise.all(all))).toEqual(new Set(['t2']));
    expect(place.asked).toEqual([{}, { invalid_access_token: 't1' }]);
    place.nowMs += 60_000;
    await place.wechat.accessToken({ refused: 'junk' });
    expect(await place.wechat.accessToken()).toBe('t2');
    for (const wrong of ['', 5, {}])
      await expect(place.wechat.accessToken({ refused: wrong as string })).rejects.toThrow(TypeError);
  });
});

async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const open = Symbol('open');
  const first = await Promise.race([promise, new Promise((resolve) => setImmediate(resolve, open))]);
  return first !== open;
}
