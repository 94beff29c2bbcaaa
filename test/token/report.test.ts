/** R6: a report is compared with what is stored; one mint serves all who report the same token. */

import { describe, expect, it } from 'vitest';
import { commit } from '../../functions/_shared/token/result.ts';
import { getAccessToken } from '../../functions/_shared/token/getAccessToken.ts';
import { APPID, createHarness, tokenOf } from '../support/harness.ts';
import { claimOf } from './samples.ts';

const MINUTE_MS = 60_000;

describe('reports', () => {
  it('mints once for 200 reporters in 8 processes, and all get the new token', async () => {
    const harness = createHarness();
    const apps = Array.from({ length: 8 }, () => harness.process());
    const dead = tokenOf(await harness.get(apps[0]!));
    await harness.advance(MINUTE_MS);
    harness.wechat.account(APPID).revoke(harness.timeline.now());
    const calls = apps.flatMap((app) => Array.from({ length: 25 }, () => getAccessToken(app, dead)));
    const answers = await harness.timeline.settle(Promise.all(calls));
    expect(new Set(answers.map(tokenOf)).size).toBe(1);
    expect(answers.every((answer) => tokenOf(answer) !== dead && harness.isAlive(tokenOf(answer)))).toBe(
      true,
    );
    expect(harness.mints()).toBe(2);
  });

  it('answers a late report of an older token with the stored one, without a mint', async () => {
    const harness = createHarness();
    const app = harness.process();
    const first = tokenOf(await harness.get(app));
    await harness.advance(110 * MINUTE_MS);
    await harness.tick(harness.process());
    await harness.advance(MINUTE_MS);
    expect(tokenOf(await harness.get(app, first))).toBe(harness.stored().token!.value);
    expect(harness.mints()).toBe(2);
  });

  it('hands a newborn out again instead of replacing it', async () => {
    const harness = createHarness();
    const app = harness.process();
    const newborn = tokenOf(await harness.get(app));
    await harness.advance(5_000);
    expect(tokenOf(await harness.get(app, newborn))).toBe(newborn);
    expect(harness.mints()).toBe(1);
  });

  it('hands out again what was stored 22 s after its birth: its holder was frozen meanwhile', async () => {
    const harness = createHarness();
    const app = harness.process();
    await harness.get(app);
    const { read, swap } = app.ports.store;
    const { record, basis } = await harness.timeline.settle(read());
    const late = { ...record.token!, mintedAtMs: harness.timeline.now() };
    await harness.advance(22_000);
    const held = { ...record, claim: { ...claimOf(), startedAtMs: late.mintedAtMs } };
    await harness.timeline.settle(swap(basis, commit(held, late, harness.timeline.now())));
    await harness.advance(2_000);
    expect(tokenOf(await harness.get(harness.process(), late.value))).toBe(late.value);
    expect(harness.mints()).toBe(1);
  });

  it('mints nothing for tokens that are none of ours, however many are reported', async () => {
    const harness = createHarness();
    const app = harness.process();
    const token = tokenOf(await harness.get(app));
    await harness.advance(MINUTE_MS);
    for (let index = 0; index < 100; index++)
      expect(tokenOf(await harness.get(app, `garbage-${index}`))).toBe(token);
    expect(harness.mints()).toBe(1);
    expect(app.flights.size).toBe(0);
  });

  it('does not hand a refused token back when no new one can be had', async () => {
    const harness = createHarness();
    const app = harness.process();
    const dead = tokenOf(await harness.get(app));
    await harness.advance(MINUTE_MS);
    harness.outage.wechat = true;
    expect(await harness.get(app, dead)).toMatchObject({ ok: false, errcode: 503 });
  });

  it('says that another system mints once our token has died before its time twice in a day', async () => {
    const harness = createHarness();
    const app = harness.process();
    let token = tokenOf(await harness.get(app));
    for (let index = 0; index < 2; index++) {
      await harness.advance(10 * MINUTE_MS);
      expect(harness.logged.some(({ event }) => event === 'foreign_minter_suspected')).toBe(false);
      harness.wechat.account(APPID).revoke(harness.timeline.now());
      token = tokenOf(await harness.get(app, token));
    }
    const notice = harness.logged.find(({ event }) => event === 'foreign_minter_suspected');
    expect(notice?.fields['errmsg']).toContain('WX_TOKEN_API=stable');
    expect(harness.stored().refusedAtMs).toHaveLength(2);
  });
});
