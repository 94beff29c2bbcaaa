/** Several apps: each with its own token, its own endpoint and its own troubles. */

import { describe, expect, it, onTestFinished } from 'vitest';
import { borrowCloud } from '../support/cloud.ts';

const WX_APPS = JSON.stringify([
  { appid: 'wxa', secret: 'secret-a' },
  { appid: 'wxb', secret: 'secret-b', api: 'stable' },
  { appid: 'wxc', secret: 'secret-c' },
]);

const borrow = () => borrowCloud({ variables: { WX_APPS } });

describe('several apps', () => {
  it('refreshes them in one tick, each by its own endpoint', async () => {
    const cloud = await borrow();
    const { results } = await cloud.refresh();
    expect(results.map(({ appid, action }) => [appid, action])).toEqual([
      ['wxa', 'refreshed'],
      ['wxb', 'refreshed'],
      ['wxc', 'refreshed'],
    ]);
    expect(cloud.sandbox.wechat.mints('wxb')).toMatchObject({ legacy: 0, stable: 1 });
    const tokens = ['wxa', 'wxb', 'wxc'].map((appid) => cloud.storedToken(appid));
    expect(new Set(tokens).size).toBe(3);
  });

  it('reads them all at once, and each alone where that fails', async () => {
    const cloud = await borrow();
    await cloud.refresh();
    const actionsOf = async (results: string[]): Promise<unknown> => {
      cloud.gateway.stats.reset();
      cloud.clock.advance(5 * 60_000);
      expect((await cloud.refresh()).results.map(({ action }) => action)).toEqual(results);
      return cloud.gateway.stats.snapshot().actions;
    };
    const idle = ['fresh', 'fresh', 'fresh'];
    expect(await actionsOf(idle)).toEqual({ 'database.getDocument': 1 });
    cloud.gateway.faults.intercept(({ stage, body }) =>
      stage === 'before' && JSON.stringify(body).includes('$in') ? { drop: true } : undefined,
    );
    expect(await actionsOf(idle)).toEqual({ 'database.getDocument': 4 });
  });

  it('lets one app’s wrong secret touch no other', async () => {
    const cloud = await borrow();
    const account = cloud.sandbox.wechat.account('wxa');
    account.setSecret('changed', cloud.clock.now());
    onTestFinished(() => account.setSecret('secret-a', cloud.clock.now()));
    const { results } = await cloud.refresh();
    expect(results.map(({ action, errcode }) => [action, errcode])).toEqual([
      ['failed', 40125],
      ['refreshed', 0],
      ['refreshed', 0],
    ]);
    expect(await cloud.get({ appid: 'wxc' })).toMatchObject({ errcode: 0, appid: 'wxc' });
    expect(await cloud.get({ appid: 'wxa' })).toMatchObject({ errcode: 40125 });
  });

  it('stores the others’ tokens although one app’s outage makes the tick throw', async () => {
    const cloud = await borrow();
    cloud.sandbox.faults.add({ fault: { do: 'drop' }, appid: 'wxa', times: 9 });
    await expect(cloud.refresh()).rejects.toThrow(/wxa: 503/);
    expect(cloud.isAlive(cloud.storedToken('wxb'))).toBe(true);
    expect(cloud.isAlive(cloud.storedToken('wxc'))).toBe(true);
  });

  it('asks WeChat for two apps at the same time', async () => {
    const cloud = await borrow();
    let underWay = 0;
    let most = 0;
    cloud.sandbox.faults.intercept(async ({ stage }) => {
      underWay += stage === 'before' ? 1 : -1;
      most = Math.max(most, underWay);
      if (stage === 'before') await new Promise((resolve) => setTimeout(resolve, 200));
      return undefined;
    });
    await cloud.refresh();
    expect(most).toBe(3);
  });
});
