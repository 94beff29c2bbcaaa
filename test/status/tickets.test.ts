/** What status and doctor say of tickets: a line for each, and nothing where none is configured. */

import { describe, expect, it, onTestFinished } from 'vitest';
import { chooseLanguage } from '../../scripts/command/language.ts';
import { examine } from '../../scripts/doctor/doctor.ts';
import { readStatus, renderStatus } from '../../scripts/status/status.ts';
import { APPID } from '../support/cloud.ts';
import { startOperator, type Operator } from '../place/support.ts';

const screenOf = async ({ reach, cloud, values }: Operator, own = values): Promise<string> =>
  renderStatus(await readStatus({ reach, values: own }, undefined, cloud.clock.now()));

const findingOf = async ({ reach, cloud, values }: Operator) => {
  const findings = await examine({
    reach,
    environment: null,
    wanted: async () => [],
    outside: () => Promise.reject(new Error('there is no platform')),
    values,
    envFile: '/nowhere/.env.local',
    now: () => cloud.clock.now(),
    serverTime: async () => cloud.clock.now(),
  });
  return findings.filter(({ check }) => check === 'ticket');
};

describe('with a ticket', () => {
  it('status and doctor have a line for it, good or bad, without the ticket', async () => {
    const operator = await startOperator({ WX_TICKETS: 'jsapi' });
    const { cloud, clock } = operator;
    await cloud.refresh();
    await clock.sleep(12 * 60_000);
    const screen = await screenOf(operator);
    const { ticket = '' } = await cloud.ticket();
    expect(screen).toContain(
      `${APPID}:jsapi  ${ticket.slice(0, 4)}… (86 characters), WeChat gave it 12 min ago, fetched 1 × today`,
    );
    expect(screen).not.toContain(ticket);
    expect(await findingOf(operator)).toMatchObject([{ appid: `${APPID}:jsapi`, severity: 'ok' }]);

    cloud.sandbox.wechat.account(APPID).setKind('mini');
    await clock.sleep(20 * 60_000);
    await cloud.refresh();
    expect(await screenOf(operator)).toMatch(/open until .*\(configuration\): 48001 .*official account/);
    expect(await findingOf(operator)).toMatchObject([
      { severity: 'problem', cure: expect.stringContaining('npm run deploy') as string },
    ]);
    chooseLanguage(['--lang', 'zh'], {});
    onTestFinished(() => chooseLanguage(['--lang', 'en'], {}));
    expect(await screenOf(operator)).toMatch(/（86 个字符），.*从微信取得，今天获取 1 次，已熔断/);
  });

  it('nothing of it is read where it is not configured', async () => {
    const operator = await startOperator();
    await operator.cloud.refresh();
    expect(await screenOf(operator)).not.toContain('jsapi');
    expect(await findingOf(operator)).toEqual([]);
    expect(operator.cloud.database.hasCollection('wx_tickets')).toBe(false);
  });
});
