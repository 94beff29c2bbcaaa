/** Each alert fires once and recovers once, over 8 instances that all see the same at the same time. */

import { describe, expect, it } from 'vitest';
import { APPID, INSTANCES, type TestCloud } from '../support/cloud.ts';
import { MINUTE_MS, noted, openKinds, quiet, borrowAlerted, type Alerted } from './alerts.ts';

const borrow = () => borrowAlerted({ variables: { MINT_LIMIT_PER_DAY: '5' } });

/** Beyond what was expected nothing comes, however often everybody looks. */
async function expectNothingMore({ robot, ticks, advance }: Alerted, count: number): Promise<void> {
  for (let round = 0; round < 3; round++) {
    advance(5);
    await ticks();
  }
  await quiet();
  expect(robot.messages).toHaveLength(count);
}

function expectAllInstances({ host }: TestCloud, name: string): void {
  expect(host.instances(name)).toHaveLength(INSTANCES);
}

describe('over 8 instances', () => {
  it('a refresh that fails with under 30 minutes left', async () => {
    const alerted = await borrow();
    const { cloud, robot, ticks, advance } = alerted;
    await ticks();
    expectAllInstances(cloud, 'refreshAccessToken');
    cloud.sandbox.faults.add({ fault: { do: 'drop' }, untilMs: cloud.clock.now() + 130 * MINUTE_MS });
    advance(110);
    await ticks();
    expect(robot.messages).toEqual([expect.stringContaining('刷新失败，token 剩余不到 30 分钟')]);
    expect(robot.messages[0]).toContain('The refresh fails, and less than 30 minutes are left');
    expect(openKinds(cloud)).toEqual(['refreshFailing']);
    await expectNothingMore(alerted, 1);
    advance(10);
    await ticks();
    expect(robot.messages).toHaveLength(2);
    expect(robot.messages[1]).toMatch(/已恢复（历时 25 分钟）：刷新失败/);
    expect(cloud.isAlive(cloud.storedToken())).toBe(true);
    await expectNothingMore(alerted, 2);
  });

  it('a configuration error, and one cause is one alert', async () => {
    const alerted = await borrow();
    const { cloud, robot, ticks, advance } = alerted;
    await ticks();
    cloud.sandbox.wechat.account(APPID).setSecret('changed', cloud.clock.now());
    advance(110);
    await ticks();
    expect(robot.messages).toEqual([expect.stringContaining('微信拒绝，需要改配置')]);
    expect(robot.messages[0]).toMatch(/> 原因：`40125 invalid appsecret/);
    expect(robot.messages[0]).not.toContain('刷新失败');
    await expectNothingMore(alerted, 1);
    cloud.sandbox.wechat.account(APPID).setSecret('test-app-secret-0001', cloud.clock.now());
    advance(60);
    await ticks();
    expect(robot.messages).toHaveLength(2);
    expect(robot.messages[1]).toContain('已恢复');
    expect(robot.messages[1]).toContain('微信拒绝，需要改配置');
    await expectNothingMore(alerted, 2);
  });

  it('80 % of the mint limit, until the day turns', async () => {
    const alerted = await borrow();
    const { cloud, robot, ticks, advance } = alerted;
    for (let mints = 1; mints <= 3; mints++) {
      await ticks();
      advance(110);
    }
    expect([cloud.mints(), robot.messages.length]).toEqual([3, 0]);
    await ticks();
    expect(robot.messages).toEqual([expect.stringContaining('今天已获取 4 次，上限 5 次')]);
    await expectNothingMore(alerted, 1);
    advance(7 * 60);
    await ticks();
    expect(robot.messages).toHaveLength(2);
    expect(robot.messages[1]).toContain('已恢复');
    await expectNothingMore(alerted, 2);
  });

  it('a foreign minter, until a day has passed without another', async () => {
    const alerted = await borrow();
    const { cloud, robot, ticks, advance } = alerted;
    await ticks();
    for (let deaths = 1; deaths <= 2; deaths++) {
      advance(10);
      const { access_token: dead = '' } = await cloud.get();
      cloud.sandbox.wechat.account(APPID).revoke(cloud.clock.now());
      await cloud.get({ invalid_access_token: dead });
      await ticks();
      expect(robot.messages).toHaveLength(deaths - 1);
    }
    expect(robot.messages).toEqual([expect.stringContaining('有其他系统在获取同一 AppID 的 token')]);
    await expectNothingMore(alerted, 1);
    advance(24 * 60);
    await ticks();
    expect(robot.messages).toHaveLength(2);
    expect(robot.messages[1]).toContain('已恢复');
    await expectNothingMore(alerted, 2);
  });

  it('a timer that is silent for 15 minutes, seen by those who read', async () => {
    const alerted = await borrow();
    const { cloud, robot, ticks, calls, advance } = alerted;
    await ticks();
    advance(119.5);
    await calls();
    expectAllInstances(cloud, 'getAccessToken');
    expect(cloud.mints()).toBe(2);
    await noted(cloud);
    advance(14);
    await calls();
    await quiet();
    expect(robot.messages).toEqual([]);
    advance(1.1);
    await calls();
    await robot.heard(1);
    for (let round = 0; round < 3; round++) {
      advance(2);
      await calls();
    }
    await quiet();
    expect(robot.messages).toEqual([expect.stringContaining('定时器 15 分钟没有触发')]);
    await ticks();
    expect(robot.messages).toHaveLength(2);
    expect(robot.messages[1]).toMatch(/已恢复（历时 21 分钟）：定时器/);
    expect(cloud.stored()).toMatchObject({ missedTickAtMs: null, incidents: { open: [] } });
    await calls();
    await expectNothingMore(alerted, 2);
  });
});
