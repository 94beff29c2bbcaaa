/** R6: a report is compared with what is stored; one mint serves all who report the same token. */

import { describe, expect, it } from 'vitest';
import { getAccessToken } from '../../functions/_shared/token/getAccessToken.ts';
import { APPID, createRig, tokenOf } from '../support/rig.ts';

const MINUTE_MS = 60_000;

describe('reports', () => {
  it('mints once for 200 reporters in 8 processes, and all get the new token', async () => {
    const rig = createRig();
    const keepers = Array.from({ length: 8 }, () => rig.process());
    const dead = tokenOf(await rig.get(keepers[0]!));
    await rig.advance(MINUTE_MS);
    rig.wechat.account(APPID).revoke(rig.timeline.now());
    const calls = keepers.flatMap((keeper) => Array.from({ length: 25 }, () => getAccessToken(keeper, dead)));
    const answers = await rig.timeline.settle(Promise.all(calls));
    expect(new Set(answers.map(tokenOf)).size).toBe(1);
    expect(answers.every((answer) => tokenOf(answer) !== dead && rig.isAlive(tokenOf(answer)))).toBe(true);
    expect(rig.mints()).toBe(2);
  });

  it('answers a late report of an older token with the stored one, without a mint', async () => {
    const rig = createRig();
    const keeper = rig.process();
    const first = tokenOf(await rig.get(keeper));
    await rig.advance(110 * MINUTE_MS);
    await rig.tick(rig.process());
    await rig.advance(MINUTE_MS);
    expect(tokenOf(await rig.get(keeper, first))).toBe(rig.stored().token!.value);
    expect(rig.mints()).toBe(2);
  });

  it('hands a newborn out again instead of replacing it', async () => {
    const rig = createRig();
    const keeper = rig.process();
    const newborn = tokenOf(await rig.get(keeper));
    await rig.advance(5_000);
    expect(tokenOf(await rig.get(keeper, newborn))).toBe(newborn);
    expect(rig.mints()).toBe(1);
  });

  it('mints nothing for tokens that are none of ours, however many are reported', async () => {
    const rig = createRig();
    const keeper = rig.process();
    const token = tokenOf(await rig.get(keeper));
    await rig.advance(MINUTE_MS);
    for (let index = 0; index < 100; index++)
      expect(tokenOf(await rig.get(keeper, `garbage-${index}`))).toBe(token);
    expect(rig.mints()).toBe(1);
    expect(keeper.flights.size).toBe(0);
  });

  it('does not hand a refused token back when no new one can be had', async () => {
    const rig = createRig();
    const keeper = rig.process();
    const dead = tokenOf(await rig.get(keeper));
    await rig.advance(MINUTE_MS);
    rig.outage.wechat = true;
    expect(await rig.get(keeper, dead)).toMatchObject({ ok: false, errcode: 503 });
  });

  it('answers a report in stable mode with a normal call, once in 30 s', async () => {
    const rig = createRig({ policy: { api: 'stable' } });
    const keeper = rig.process();
    const token = tokenOf(await rig.get(keeper));
    await rig.advance(MINUTE_MS);
    for (let index = 0; index < 10; index++) {
      expect(tokenOf(await rig.get(keeper, token))).toBe(token);
      await rig.advance(1_000);
    }
    expect(rig.upstream.calls).toBe(2);
    expect(rig.mints()).toBe(1);
  });

  it('says that another system mints once our token has died before its time twice in a day', async () => {
    const rig = createRig();
    const keeper = rig.process();
    let token = tokenOf(await rig.get(keeper));
    for (let index = 0; index < 2; index++) {
      await rig.advance(10 * MINUTE_MS);
      expect(rig.logged.some(({ event }) => event === 'foreign_minter_suspected')).toBe(false);
      rig.wechat.account(APPID).revoke(rig.timeline.now());
      token = tokenOf(await rig.get(keeper, token));
    }
    const notice = rig.logged.find(({ event }) => event === 'foreign_minter_suspected');
    expect(notice?.fields['errmsg']).toContain('WX_TOKEN_API=stable');
    expect(rig.stored().refusedAtMs).toHaveLength(2);
  });
});
