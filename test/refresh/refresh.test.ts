/** `npm run refresh`: a request in the document, carried out by the real functions. */

import { describe, expect, it } from 'vitest';
import { CLAIM_MS } from '../../functions/_shared/token/policy.ts';
import { COLLECTION } from '../../scripts/local/cloud.ts';
import { placeRequest } from '../../scripts/refresh/place-request.ts';
import { APPID, SECRET } from '../support/cloud.ts';
import { KEY, startOperator, withoutKey } from '../place/support.ts';

const MINUTE_MS = 60_000;

describe('refresh: now', () => {
  it('replaces a token that is not due, and the old one lives out its grace', async () => {
    const { cloud, clock, refresh } = await startOperator();
    await cloud.refresh();
    const before = cloud.storedToken();
    await clock.sleep(MINUTE_MS);
    const { isDone, text } = await refresh();
    expect(isDone).toBe(true);
    expect(text).toMatch(/refreshed; the stored one is 110_… \(142 characters\), good for 1 h 53 min/);
    expect(cloud.storedToken()).not.toBe(before);
    expect(cloud.isAlive(cloud.storedToken())).toBe(true);
    expect(cloud.isAlive(before)).toBe(true);
    expect(cloud.mints()).toBe(2);
    expect(cloud.stored()).toMatchObject({ manualRefresh: null });
  });

  it('with --minter-gone forgets what was seen of another system, and counts anew', async () => {
    const { cloud, clock, refresh, report, tamper } = await startOperator();
    await cloud.refresh();
    const refusedAtMs = [clock.now() - 2, clock.now() - 1];
    await tamper({ refusedAtMs });
    await refresh();
    expect((await report()).foreignMinter).toEqual({ isSuspected: true, refusedAtMs });
    const { isDone, text } = await refresh({ isMinterGone: true });
    expect({ isDone, text }).toEqual({ isDone: true, text: expect.stringContaining('no longer counts') });
    expect((await report()).foreignMinter).toEqual({ isSuspected: false, refusedAtMs: [] });
  });

  it('fetches the first token of an app that has no document yet', async () => {
    const { cloud, refresh } = await startOperator();
    expect(await refresh()).toMatchObject({ isDone: true });
    expect(cloud.isAlive(cloud.storedToken())).toBe(true);
  });

  it('tells that stable mode answers with the same token', async () => {
    const { cloud, clock, refresh } = await startOperator({ WX_TOKEN_API: 'stable' });
    await cloud.refresh();
    const before = cloud.storedToken();
    await clock.sleep(MINUTE_MS);
    const { isDone, text } = await refresh();
    expect(isDone).toBe(true);
    expect(text).toMatch(/WeChat answered with the token that it gave before/);
    expect(cloud.storedToken()).toBe(before);
  });

  it('needs --appid with several apps, and touches only that one', async () => {
    const WX_APPS = JSON.stringify([
      { appid: 'wxa', secret: 'secret-a' },
      { appid: 'wxb', secret: 'secret-b' },
    ]);
    const { cloud, clock, refresh } = await startOperator({ WX_APPS });
    await cloud.refresh();
    await clock.sleep(MINUTE_MS);
    await expect(refresh()).rejects.toThrow(/--appid is needed: one of wxa, wxb/);
    await expect(refresh({ appid: 'wxc' })).rejects.toThrow(/there is no app wxc/);
    const other = cloud.storedToken('wxa');
    expect(await refresh({ appid: 'wxb' })).toMatchObject({ isDone: true });
    expect(cloud.mints('wxb')).toBe(2);
    expect(cloud.storedToken('wxa')).toBe(other);
  });

  it('says what WeChat refused, and that nothing was done', async () => {
    const { cloud, refresh } = await startOperator();
    await cloud.refresh();
    cloud.sandbox.wechat.account(APPID).setSecret('another', cloud.clock.now());
    const { isDone, text } = await refresh();
    expect(isDone).toBe(false);
    expect(text).toMatch(/not done: 40125 .*the AppSecret is wrong/);
    expect(text).not.toContain(SECRET);
  });

  it('tries again after a failure that passes', async () => {
    const { cloud, sleeps, refresh } = await startOperator();
    cloud.sandbox.faults.busy(3);
    expect(await refresh()).toMatchObject({ isDone: true });
    expect(sleeps.length).toBeGreaterThan(0);
  });

  it('gives up when the failure stays, after a bounded number of attempts', async () => {
    const { cloud, refresh, sleeps } = await startOperator();
    cloud.sandbox.faults.busy(100);
    const { isDone, text } = await refresh();
    expect(isDone).toBe(false);
    expect(text).toMatch(/not done: -1 .*the request stands until/);
    expect(sleeps.length).toBe(3);
  });

  it('waits while an earlier mint is unsettled, for a second one would kill the token in use', async () => {
    const { cloud, clock, tamper, sleeps, refresh } = await startOperator();
    await cloud.refresh();
    await tamper({ unsettledSinceAtMs: cloud.clock.now() });
    await clock.sleep(MINUTE_MS);
    const before = cloud.storedToken();
    expect(await refresh()).toMatchObject({ isDone: true });
    expect(Math.max(...sleeps)).toBeGreaterThan(2 * MINUTE_MS);
    expect(cloud.storedToken()).not.toBe(before);
  });

  it('places no request while somebody is minting: that mint began before it', async () => {
    const { cloud, tamper, sleeps, refresh } = await startOperator();
    await cloud.refresh();
    const nowMs = cloud.clock.now();
    const claim = { id: 'other', startedAtMs: nowMs, untilAtMs: nowMs + CLAIM_MS };
    await tamper({ claim: { ...claim, unsettledBeforeAtMs: null, contestedSinceAtMs: null } });
    await refresh({ isLeak: true });
    expect(sleeps.filter((ms) => ms === 1_000)).toHaveLength(CLAIM_MS / 1_000);
  });

  it('tells that the deployed functions don’t know the app', async () => {
    const { cloud, refresh, values } = await startOperator();
    await cloud.refresh();
    const { isDone, text } = await refresh({ appid: 'wxother', values: { ...values, WX_APPID: 'wxother' } });
    expect(isDone).toBe(false);
    expect(text).toMatch(/the deployed functions don't know wxother/);
  });
});

/** The mode of a cloud that sets none is token: one more cloud would cost its instances. */
const MODES = [
  ['token', {}],
  ['stable', { WX_TOKEN_API: 'stable' }],
] as const;

describe.each(MODES)('refresh: a leaked token in %s mode', (_, mode) => {
  it('is dead at once, and the stored one is alive', async () => {
    const { cloud, clock, refresh } = await startOperator(mode);
    await cloud.refresh();
    const leaked = cloud.storedToken();
    await clock.sleep(10 * MINUTE_MS);
    expect(cloud.isAlive(leaked)).toBe(true);
    const { isDone, text } = await refresh({ isLeak: true });
    expect(isDone).toBe(true);
    expect(text).toMatch(/the leaked token is dead/);
    expect(cloud.isAlive(leaked)).toBe(false);
    expect(cloud.isAlive(cloud.storedToken())).toBe(true);
    const answer = await cloud.get({ invalid_access_token: leaked! });
    expect(answer).toMatchObject({ errcode: 0, access_token: cloud.storedToken() });
    expect(cloud.mints()).toBe(3);
    expect(text).not.toContain(leaked);
    expect(text).not.toContain(cloud.storedToken());
  });

  it('dies although the token is sealed and this machine has no key', async () => {
    const { cloud, clock, refresh, values } = await startOperator({
      ...mode,
      TOKEN_ENCRYPTION_KEYS: KEY,
    });
    await cloud.refresh();
    const { access_token: leaked } = await cloud.get();
    await clock.sleep(10 * MINUTE_MS);
    const keyless = withoutKey(values);
    const { isDone, text } = await refresh({ isLeak: true, values: keyless });
    expect(isDone).toBe(true);
    expect(text).toMatch(/the stored one is encrypted, good for/);
    expect(cloud.isAlive(leaked)).toBe(false);
    await clock.sleep(MINUTE_MS);
    expect(cloud.isAlive((await cloud.get()).access_token)).toBe(true);
  });
});

describe('refresh: a sealed token', () => {
  it('is not touched by the request, which is made without its key', async () => {
    const { cloud, reach, clock } = await startOperator({ TOKEN_ENCRYPTION_KEYS: KEY });
    await cloud.refresh();
    const before = cloud.stored();
    await placeRequest(reach.documents(COLLECTION), APPID, { isLeak: false }, clock);
    const { manualRefresh, version, writer, ...rest } = cloud.stored()!;
    expect(manualRefresh).toMatchObject({ mintsLeft: 1, isLeak: false });
    expect(version).toBe(Number(before?.['version']) + 1);
    expect(writer).not.toBe(before?.['writer']);
    expect(before).toMatchObject(rest);
  });

  it('outlives a refusal of the mint that was asked for', async () => {
    const { cloud, refresh, values } = await startOperator({ TOKEN_ENCRYPTION_KEYS: KEY });
    await cloud.refresh();
    const before = await cloud.get();
    cloud.sandbox.wechat.account(APPID).setSecret('another', cloud.clock.now());
    const keyless = withoutKey(values);
    expect(await refresh({ values: keyless })).toMatchObject({ isDone: false });
    expect(await cloud.get()).toMatchObject({ errcode: 0, access_token: before.access_token });
  });
});

describe('refresh: forced mints in stable mode', () => {
  it('are 30 s apart', async () => {
    const { cloud, clock, sleeps, refresh } = await startOperator({ WX_TOKEN_API: 'stable' });
    await cloud.refresh();
    await clock.sleep(10 * MINUTE_MS);
    sleeps.length = 0;
    const { text } = await refresh({ isLeak: true });
    expect(sleeps).toEqual([30_500]);
    expect(text).toMatch(/30 s apart/);
    const [, first, second] = cloud.sandbox.wechat.mints(APPID).latest();
    expect(second!.atMs - first!.atMs).toBeGreaterThanOrEqual(30_000);
  });

  it('are no more than 20 a day, and the next day brings new ones', async () => {
    const { cloud, clock, refresh } = await startOperator({ WX_TOKEN_API: 'stable' });
    await cloud.refresh();
    for (let leak = 0; leak < 10; leak++) {
      await clock.sleep(MINUTE_MS);
      expect(await refresh({ isLeak: true })).toMatchObject({ isDone: true });
    }
    const spent = cloud.mints();
    await clock.sleep(MINUTE_MS);
    const { isDone, text } = await refresh({ isLeak: true });
    expect(isDone).toBe(false);
    expect(text).toMatch(/45009 the 20 forced refreshes that WeChat allows a day are used up/);
    expect(cloud.mints()).toBe(spent);
    await clock.sleep(24 * 60 * MINUTE_MS);
    expect(await refresh({ isLeak: true })).toMatchObject({ isDone: true });
  });
});
