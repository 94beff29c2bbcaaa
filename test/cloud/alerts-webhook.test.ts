/** A webhook that fails harms no refresh and holds up no caller; and alerts come a minute apart at the most. */

import { describe, expect, it } from 'vitest';
import { FAILURES, hanging, taken } from '../alerts/robot.ts';
import { APPID, SECRET } from '../support/cloud.ts';
import { closedPort } from '../wechat/loopback.ts';
import { noted, openKinds, quiet, borrowAlerted, startAlerted, TWO, type Alerted } from './alerts.ts';

const borrow = () => borrowAlerted({ host: TWO });

/** A configuration error of which nobody has heard yet. */
async function breakSecret({ cloud, advance }: Alerted): Promise<void> {
  await cloud.refresh();
  cloud.sandbox.wechat.account(APPID).setSecret('changed', cloud.clock.now());
  advance(110);
}

async function mendSecret({ cloud, advance }: Alerted): Promise<void> {
  cloud.sandbox.wechat.account(APPID).setSecret(SECRET, cloud.clock.now());
  advance(60);
  expect((await cloud.refresh()).results[0]).toMatchObject({ action: 'refreshed' });
}

/** A timer that has been silent for 15 minutes, and nobody who has noticed it yet. */
async function silenceTimer({ cloud, advance }: Alerted): Promise<void> {
  await cloud.refresh();
  advance(119.5);
  await cloud.get();
  await noted(cloud);
  advance(16);
}

const failedLines = ({ cloud }: Alerted): string[] =>
  cloud.lines.filter((line) => line.includes('"alert_failed"'));

describe('a webhook that', () => {
  it.each(Object.entries(FAILURES))('%s harms no refresh, and is tried again', async (_, failure) => {
    const alerted = await borrow();
    const { cloud, robot, ticks, advance } = alerted;
    robot.behave(failure);
    await breakSecret(alerted);
    await ticks();
    expect(robot.messages).toHaveLength(1);
    expect(openKinds(cloud)).toEqual([]);
    expect(failedLines(alerted)).toHaveLength(1);
    expect(failedLines(alerted)[0]).toContain('ALERT_WEBHOOK_URL');
    expect((await cloud.refresh()).results[0]).toMatchObject({ action: 'failed', errcode: 40125 });
    expect(robot.messages).toHaveLength(1);
    robot.behave(taken);
    advance(5);
    await ticks();
    expect(robot.messages).toHaveLength(2);
    expect(openKinds(cloud)).toEqual(['configurationError']);
    await mendSecret(alerted);
    expect(robot.messages).toHaveLength(3);
  });

  it('nobody listens at harms no refresh', async () => {
    const url = `http://127.0.0.1:${await closedPort()}/send?key=k`;
    const alerted = await startAlerted({ host: TWO, variables: { ALERT_WEBHOOK_URL: url } });
    await breakSecret(alerted);
    await alerted.ticks();
    expect(failedLines(alerted)).toHaveLength(1);
    expect(failedLines(alerted)[0]).toContain('ECONNREFUSED');
    await mendSecret(alerted);
    expect(openKinds(alerted.cloud)).toEqual([]);
  });

  it('hangs is given up after 3 s, and its message, which has arrived, is not repeated', async () => {
    const alerted = await borrow();
    const { cloud, robot, ticks, advance } = alerted;
    robot.behave(hanging);
    await breakSecret(alerted);
    const beganAtMs = performance.now();
    await ticks();
    expect(performance.now() - beganAtMs).toBeLessThan(6_000);
    advance(5);
    await ticks();
    expect(robot.messages).toHaveLength(1);
    expect(openKinds(cloud)).toEqual(['configurationError']);
    expect(failedLines(alerted)).toHaveLength(1);
    await mendSecret(alerted);
  });

  it('hangs delays no caller: all are answered while it still does', async () => {
    const alerted = await borrow();
    const { robot, calls, cloud, advance } = alerted;
    robot.behave(hanging);
    await cloud.refresh();
    // All instances are warm, so that nothing but the webhook takes its time.
    await calls();
    await silenceTimer(alerted);
    expect((await calls()).map(({ errcode }) => errcode)).toEqual(Array.from({ length: 8 }, () => 0));
    expect(failedLines(alerted)).toEqual([]);
    await robot.heard(1);
    advance(2);
    expect((await calls()).every(({ errcode }) => errcode === 0)).toBe(true);
    expect(failedLines(alerted)).toEqual([]);
    await expect.poll(() => failedLines(alerted).length, { timeout: 5_000 }).toBe(1);
    expect(robot.messages).toHaveLength(1);
    expect(cloud.host.crashes()).toEqual([]);
  });

  it('is misspelt is told in the log, and stops nothing', async () => {
    const ALERT_WEBHOOK_URL = 'http://qyapi.example/send?key=canary-key';
    const alerted = await startAlerted({ variables: { ALERT_WEBHOOK_URL } });
    expect((await alerted.cloud.refresh()).results[0]).toMatchObject({ action: 'refreshed' });
    expect(await alerted.cloud.get()).toMatchObject({ errcode: 0 });
    expect(failedLines(alerted)).toHaveLength(2);
    expect(alerted.cloud.lines.join()).not.toContain('canary-key');
  });
});

describe('a database that fails', () => {
  it('behind a caller’s back ends no instance', async () => {
    const alerted = await borrow();
    const { cloud } = alerted;
    await silenceTimer(alerted);
    let reads = 0;
    cloud.gateway.faults.intercept(({ stage, action }) => {
      const isRead = stage === 'before' && action === 'database.getDocument';
      return isRead && (reads += 1) > 1 ? { drop: true } : undefined;
    });
    expect(await cloud.get()).toMatchObject({ errcode: 0 });
    await expect.poll(() => failedLines(alerted).length, { timeout: 5_000 }).toBeGreaterThan(0);
    await quiet();
    expect(cloud.host.crashes()).toEqual([]);
    expect(cloud.lines.join()).not.toContain('internal error');
  });

  it('as the incidents are written: whoever wrote them knows it by the stamp, and calls the webhook', async () => {
    const alerted = await borrow();
    const { cloud, robot } = alerted;
    await breakSecret(alerted);
    cloud.gateway.faults.intercept(({ stage, body }) => {
      const isStamp = stage === 'after' && JSON.stringify(body).includes('incidents.stamp');
      return isStamp ? { drop: true } : undefined;
    });
    await cloud.refresh();
    expect(robot.messages).toHaveLength(1);
    expect(openKinds(cloud)).toEqual(['configurationError']);
  });
});

describe('several apps', () => {
  const WX_APPS = JSON.stringify([
    { appid: 'wxa', secret: 'secret-a' },
    { appid: 'wxb', secret: 'secret-b' },
  ]);

  it('share one message; what comes within a minute of another waits', async () => {
    const alerted = await startAlerted({ host: TWO, variables: { WX_APPS } });
    const { cloud, robot, ticks, advance } = alerted;
    await cloud.refresh();
    const { wechat } = cloud.sandbox;
    for (const appid of ['wxa', 'wxb']) wechat.account(appid).setSecret('changed', cloud.clock.now());
    advance(110);
    await cloud.refresh();
    expect(robot.messages).toHaveLength(1);
    expect(robot.messages[0]).toMatch(/`wxa`[^]*`wxb`[^]*`wxa`[^]*`wxb`/);
    wechat.account('wxa').setSecret('secret-a', cloud.clock.now());
    advance(60);
    await cloud.refresh();
    expect(robot.messages[1]).toMatch(/已恢复.*`wxa`/);
    expect(robot.messages[1]).not.toContain('wxb');
    wechat.account('wxb').setSecret('secret-b', cloud.clock.now());
    // The breaker would keep the next attempt away for longer than this test is about.
    await cloud.database
      .collection('wx_access_tokens')
      .update({ query: { _id: 'wxb' }, update: { $set: { backoff: null } } });
    advance(0.9);
    await ticks();
    expect(robot.messages).toHaveLength(2);
    advance(0.5);
    await ticks();
    expect(robot.messages[2]).toMatch(/已恢复.*`wxb`/);
    expect(robot.messages).toHaveLength(3);
  });
});
