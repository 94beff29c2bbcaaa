/** What alerts cost where nothing is wrong: nothing; and what they tell: no secret. */

import { describe, expect, it } from 'vitest';
import { KEY } from '../alerts/robot.ts';
import { APPID, SECRET } from '../support/cloud.ts';
import { noted, quiet, borrowAlerted, startAlerted, TWO, type Alerted } from './alerts.ts';

const borrow = () => borrowAlerted({ host: TWO });
const borrowSilent = () => borrowAlerted({ host: TWO, variables: { ALERT_WEBHOOK_URL: '' } });

/** The database calls of a healthy day, or of one on which the timer is missing for a while. */
async function dayOf({ cloud, advance, calls }: Alerted): Promise<unknown> {
  for (let hour = 0; hour < 24; hour++) {
    for (let ticks = 0; ticks < 12; ticks++) {
      await cloud.refresh();
      advance(5);
    }
    await calls();
  }
  return cloud.gateway.stats.snapshot().actions;
}

describe('the cost', () => {
  it('of an idle tick is one read, and an answer from memory asks nobody', async () => {
    const { cloud, advance } = await borrow();
    await cloud.refresh();
    await cloud.get();
    cloud.gateway.stats.reset();
    await cloud.get();
    expect(cloud.gateway.stats.snapshot().actions).toEqual({});
    advance(5);
    await cloud.refresh();
    expect(cloud.gateway.stats.snapshot().actions).toEqual({ 'database.getDocument': 1 });
  });

  it('of a healthy day is that of a day without alerts', async () => {
    const [withAlerts, without] = [await borrow(), await borrowSilent()];
    expect(await dayOf(withAlerts)).toEqual(await dayOf(without));
    expect(withAlerts.robot.messages).toEqual([]);
    expect(withAlerts.cloud.stored()).not.toHaveProperty('incidents');
  });

  it('without ALERT_WEBHOOK_URL is none, whatever happens', async () => {
    const { cloud, advance, calls } = await borrowSilent();
    const asked: string[] = [];
    cloud.gateway.faults.intercept(({ stage, body }) => {
      // What a read leaves out is named in its projection.
      if (stage === 'before') asked.push(`${String(body['query'])} ${String(body['data'])}`);
      return undefined;
    });
    await cloud.refresh();
    cloud.sandbox.wechat.account(APPID).setSecret('changed', cloud.clock.now());
    advance(119.5);
    await calls();
    await quiet();
    advance(20);
    await calls();
    await cloud.refresh();
    await quiet();
    expect(cloud.stored()).not.toHaveProperty('missedTickAtMs');
    expect(cloud.stored()).not.toHaveProperty('incidents');
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((one) => /incidents|timerMissed/.test(one))).toEqual([]);
    expect(cloud.lines.join()).not.toContain('alert_');
  });

  it('of a reader that had to fetch is one write, and one more for the tick that comes', async () => {
    const alerted = await borrow();
    const { cloud, advance } = alerted;
    await cloud.get();
    await noted(cloud);
    cloud.gateway.stats.reset();
    advance(5);
    await cloud.refresh();
    expect(cloud.gateway.stats.snapshot().actions).toEqual({
      'database.getDocument': 1,
      'database.modifyDocument': 1,
    });
    await quiet();
    expect(alerted.robot.messages).toEqual([]);
  });
});

it('an operator’s refresh is no sign of life of the timer', async () => {
  // Of its own: an instance that has noted a missing tick before doesn't look again in an empty database.
  const { cloud, robot, advance } = await startAlerted({ host: TWO });
  await cloud.get();
  await noted(cloud);
  advance(16);
  await cloud.get();
  await robot.heard(1);
  const operator = { name: 'refreshAccessToken', event: {}, caller: { kind: 'management' } } as const;
  expect(await cloud.host.invoke(operator)).toMatchObject({ result: { errcode: 0 } });
  expect(robot.messages).toHaveLength(1);
  expect(cloud.stored()).toMatchObject({ missedTickAtMs: expect.any(Number) as number });
  advance(2);
  await cloud.refresh();
  expect(robot.messages).toHaveLength(2);
});

it('no message and no line holds a secret, a token or the webhook’s key', async () => {
  const { cloud, robot, advance } = await borrow();
  await cloud.refresh();
  const tokens = [cloud.storedToken()!];
  const quoting = JSON.stringify({ errcode: 40125, errmsg: `invalid appsecret ${SECRET} <@all> \`x` });
  cloud.sandbox.faults.add({ fault: { do: 'reply', body: quoting }, times: 1 });
  advance(110);
  await cloud.refresh();
  robot.behave((response) => void response.end(`{"errcode":93000,"errmsg":"${robot.url}"}`));
  advance(60);
  await cloud.refresh();
  tokens.push(cloud.storedToken()!);
  const output = `${robot.messages.join('\n')}\n${cloud.lines.join('\n')}`;
  expect(robot.messages).toHaveLength(2);
  for (const secret of [SECRET, KEY, ...tokens]) expect(output).not.toContain(secret);
  expect(robot.messages[0]).toContain("invalid appsecret *** ＜@all＞ 'x");
  expect(JSON.stringify(cloud.stored()?.['incidents'])).not.toContain('appsecret');
});
