/** An alert about a ticket, from WeChat's refusal to the webhook and back, in one cloud that keeps a ticket beside the token. */

import { expect, it } from 'vitest';
import { APPID } from '../support/cloud.ts';
import { borrowAlerted, openKinds, type Alerted } from './alerts.ts';

const ID = `${APPID}:jsapi`;

async function borrow() {
  const alerted = await borrowAlerted({ variables: { WX_TICKETS: 'jsapi' } });
  return { ...alerted, account: () => alerted.cloud.sandbox.wechat.account(APPID) };
}

/** Ticks every five minutes, so many times. */
async function tickFor({ cloud, advance }: Alerted, minutes: number): Promise<void> {
  for (let past = 0; past < minutes; past += 5) {
    advance(5);
    await cloud.refresh();
  }
}

it('48001: an AppID that has no tickets is told once, with what to do, and its end when it has some', async () => {
  const alerted = await borrow();
  const { cloud, robot, account } = alerted;
  account().setKind('mini');
  const { results, tickets } = await cloud.refresh();
  expect(results).toMatchObject([{ appid: APPID, action: 'refreshed', errcode: 0 }]);
  expect(tickets).toMatchObject([{ appid: ID, action: 'failed', errcode: 48001 }]);
  // The first tick of all has made the document; what is in it is looked at from the next one on.
  await tickFor(alerted, 5);
  expect(robot.messages).toHaveLength(1);
  const [message = ''] = robot.messages;
  expect(message).toContain(`\`${ID}\``);
  expect(message).toContain('微信拒绝，需要改配置');
  expect(message).toContain('原因：`48001 api unauthorized');
  expect(message).toContain('影响：已经没有可用的 ticket');
  expect(message).toContain('处理：这个 AppID 没有 ticket（小程序没有）：在 WX_TICKETS 里改用公众号的 AppID');
  expect(message).toContain(
    'do now: this AppID has no tickets: a mini program has none. Name the official account',
  );
  expect(message).not.toContain('AppSecret');
  expect(openKinds(cloud)).toEqual(['configurationError']);
  await tickFor(alerted, 30);
  expect(robot.messages).toHaveLength(1);
  account().setKind('official');
  await tickFor(alerted, 60);
  expect(cloud.storedTicket()).toMatchObject({ backoff: null });
  expect(robot.messages).toHaveLength(2);
  expect(robot.messages[1]).toMatch(/已恢复（历时 \d+ (分钟|小时)）：微信拒绝，需要改配置/);
  expect(robot.messages[1]).toContain(`\`${ID}\``);
  expect(openKinds(cloud)).toEqual([]);
});

it('45009: a quota that is used up is told when the ticket ends soon, in the words of getticket, and heals at midnight', async () => {
  const alerted = await borrow();
  const { cloud, robot, account } = alerted;
  account().setLimits({ ticketPerDay: 1 });
  await cloud.refresh();
  const { ticket } = await cloud.ticket();
  await tickFor(alerted, 85);
  expect(robot.messages).toEqual([]);
  expect(await cloud.ticket()).toMatchObject({ errcode: 0, ticket });
  await tickFor(alerted, 10);
  expect(robot.messages).toHaveLength(1);
  const [message = ''] = robot.messages;
  expect(message).toContain(`\`${ID}\``);
  expect(message).toContain('刷新失败，ticket 剩余不到 30 分钟');
  expect(message).toContain('原因：`45009 ');
  expect(message).toContain('处理：当天 getticket 的额度用完，UTC+8 的 00:00 恢复；找出还有谁在获取 ticket');
  expect(message).toContain("do now: the day's quota of getticket is used up until 00:00 UTC+8");
  expect(message).not.toContain('AppSecret');
  expect(openKinds(cloud)).toEqual(['refreshFailing']);
  // Noon of Beijing when it began.
  alerted.advance(12 * 60 - 95);
  await cloud.refresh();
  expect(robot.messages).toHaveLength(2);
  expect(robot.messages[1]).toMatch(/已恢复（历时 \d+ 小时）：刷新失败/);
  expect(await cloud.ticket()).toMatchObject({ errcode: 0 });
  expect(openKinds(cloud)).toEqual([]);
});
