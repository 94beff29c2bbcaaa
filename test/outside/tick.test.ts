/** A tick from outside: a key that may tick and nothing else, and the recipes that send one. */

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { addServer } from '../../scripts/deploy/outside/servers.ts';
import { createCloudClock } from '../../scripts/local/clock.ts';
import { startRobot } from '../alerts/robot.ts';
import { MINUTE_MS, noted, quiet } from '../cloud/alerts.ts';
import { APPID, NOON_MS, ROOT, SECRET } from '../support/cloud.ts';
import {
  answered,
  borrowOutsideCloud,
  startOutsideCloud,
  type Answered,
  type OutsideCloud,
} from './harness.ts';

const borrow = () => borrowOutsideCloud({ startAtMs: NOON_MS });

const addTicker = ({ servers, clock }: OutsideCloud): Promise<string> =>
  addServer(servers, { name: 'cron', appids: [], mayTick: true }, clock.now());
const tick = ({ url }: OutsideCloud, secret: string): Promise<Answered> =>
  answered(fetch(`${url}/tick`, { method: 'POST', body: JSON.stringify({ secret }) }));

describe('a tick from outside', () => {
  it('refreshes what is due and answers as refreshAccessToken does, without a token', async () => {
    const cloud = await borrow();
    const key = await addTicker(cloud);
    const first = await tick(cloud, key);
    const result = { appid: APPID, errcode: 0, errmsg: 'ok' };
    expect(first).toMatchObject({ status: 200, body: { errcode: 0, errmsg: 'ok' } });
    expect(JSON.parse(first.text)).toMatchObject({ results: [{ ...result, action: 'refreshed' }] });
    expect(JSON.parse((await tick(cloud, key)).text)).toMatchObject({
      results: [{ ...result, action: 'fresh' }],
    });
    expect(cloud.mints()).toBe(1);
    expect(first.text).not.toContain(cloud.storedToken());
    const { history } = cloud.stored() as { history: object[] };
    expect(history.at(-1)).toMatchObject({
      reason: 'timer',
      who: expect.stringMatching(/^accessTokenHttp\//),
    });
  });

  it('its key gets no token, and a key for tokens does not tick', async () => {
    const cloud = await borrow();
    const [ticker, reader] = [await addTicker(cloud), await cloud.addKey()];
    expect((await cloud.ask(ticker)).body).toMatchObject({ errcode: 40125 });
    for (const secret of [reader, 'wrong'])
      expect((await tick(cloud, secret)).body).toMatchObject({ errcode: 40125 });
    expect(cloud.mints()).toBe(0);
  });

  it('a revoked key ticks no more', async () => {
    const cloud = await borrow();
    const key = await addTicker(cloud);
    await tick(cloud, key);
    await cloud.revokeKey('cron');
    expect((await tick(cloud, key)).body).toMatchObject({ errcode: 40125 });
  });

  it.each([
    ['GET', undefined, 43002],
    ['POST', '{}', 41004],
    ['POST', 'no json', 41004],
  ])('%s with the body %s is refused', async (method, body, errcode) => {
    const cloud = await borrow();
    const init = body === undefined ? { method } : { method, body };
    expect((await answered(fetch(`${cloud.url}/tick?secret=x`, init))).body).toMatchObject({ errcode });
  });

  it('fails with 503 where a later one may succeed', async () => {
    const cloud = await borrow();
    const key = await addTicker(cloud);
    cloud.sandbox.faults.intercept(({ stage }) => (stage === 'before' ? { do: 'drop' } : undefined));
    const failed = await tick(cloud, key);
    expect(failed).toMatchObject({ status: 503, body: { errcode: 503 } });
    expect(JSON.parse(failed.text)).toMatchObject({ results: [{ appid: APPID, action: 'failed' }] });
  });
});

describe('the alert that no tick comes', () => {
  const startAlerted = async (TICKS: string) => {
    const clock = createCloudClock(NOON_MS);
    const robot = await startRobot(() => clock.now());
    const variables = { WX_APPID: APPID, WX_APPSECRET: SECRET, ALERT_WEBHOOK_URL: robot.url, TICKS };
    const cloud = await startOutsideCloud({ clock, startAtMs: NOON_MS, variables });
    const key = await addTicker(cloud);
    /** A caller has to fetch the token, and 15 minutes later another one looks. */
    const missTicks = async (): Promise<void> => {
      await cloud.refresh();
      clock.advance(119 * MINUTE_MS);
      await cloud.get();
      expect(cloud.mints()).toBe(2);
      await (TICKS === 'readers' ? quiet() : noted(cloud));
      clock.advance(16 * MINUTE_MS);
      await cloud.get();
    };
    const come = { timer: () => cloud.refresh(), outside: () => tick(cloud, key) };
    return { cloud, robot, missTicks, come, advance: () => clock.advance(2 * MINUTE_MS) };
  };

  it.each([
    ['outside', '15 分钟没有收到外部触发', 'timer'],
    ['timer', '定时器 15 分钟没有触发', 'outside'],
  ] as const)(
    'from where TICKS=%s says: "%s", and one from elsewhere does not end it',
    async (ticks, title, other) => {
      const { robot, missTicks, come, advance } = await startAlerted(ticks);
      await missTicks();
      await robot.heard(1);
      expect(robot.messages[0]).toContain(title);
      advance();
      await come[other]();
      await quiet();
      expect(robot.messages).toHaveLength(1);
      await come[ticks]();
      expect(robot.messages).toHaveLength(2);
      expect(robot.messages[1]).toMatch(new RegExp(`已恢复.*${title}`));
    },
  );

  it('is none where no tick is meant to come', async () => {
    const { cloud, robot, missTicks } = await startAlerted('readers');
    await missTicks();
    await quiet();
    expect(robot.messages).toEqual([]);
    expect(cloud.stored()?.['missedTickAtMs'] ?? null).toBeNull();
  });
});

/** The recipes as they are in docs/operations.md; what a user fills in is filled in. */
describe('a recipe', () => {
  const document = readFileSync(join(ROOT, 'docs/operations.md'), 'utf8');
  const section = document.split('### Ticks from outside')[1]?.split('\n### ')[0] ?? '';
  const block = (language: string): string =>
    new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(section)?.[1] ?? '';
  it.each(['crontab', 'yaml'])('for %s sends a tick, and fails where it is refused', async (language) => {
    const cloud = await borrow();
    const line = /echo [^\n]*/.exec(block(language))?.[0] ?? '';
    const run = (key: string) =>
      promisify(execFile)('sh', ['-c', line], { env: { ...process.env, DOOR: cloud.url, TICK_KEY: key } });
    await run(await addTicker(cloud));
    expect(cloud.mints()).toBe(1);
    await expect(run('wrong')).rejects.toThrow('403');
  });

  it('for a function of plain SCF sends a tick, and throws where it is refused', async () => {
    const cloud = await borrow();
    const file = join(mkdtempSync(join(tmpdir(), 'recipe-')), 'index.cjs');
    writeFileSync(file, block('js'));
    const { main_handler: main } = createRequire(file)(file) as { main_handler(): Promise<string> };
    vi.stubEnv('DOOR', cloud.url);
    vi.stubEnv('TICK_KEY', await addTicker(cloud));
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await main()).toContain('refreshed');
    expect(cloud.mints()).toBe(1);
    vi.stubEnv('TICK_KEY', 'wrong');
    await expect(main()).rejects.toThrow('40125');
  });
});
