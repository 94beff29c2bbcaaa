/** `npm run status`: the stored document in words, whatever state it is in. */

import { describe, expect, it, onTestFinished } from 'vitest';
import { chooseLanguage } from '../../scripts/command/language.ts';
import { translate } from '../../scripts/command/translate.ts';
import { readStatus, renderStatus } from '../../scripts/status/status.ts';
import { watch } from '../../scripts/status/watch.ts';
import { APPID } from '../support/cloud.ts';
import { KEY, startOperator, withoutKey, type Operator } from '../place/support.ts';

const MINUTE_MS = 60_000;

async function screenOf({ reach, cloud, values }: Operator, own = values): Promise<string> {
  return renderStatus(await readStatus({ reach, values: own }, undefined, cloud.clock.now()));
}

describe('status', () => {
  it('shows life left, next refresh, mints and the last refreshes of a healthy app', async () => {
    const operator = await startOperator();
    await operator.cloud.refresh();
    await operator.clock.sleep(110 * MINUTE_MS);
    await operator.cloud.refresh();
    await operator.clock.sleep(30 * MINUTE_MS);
    const screen = await screenOf(operator);
    expect(screen).toMatch(new RegExp(`${APPID}  healthy`));
    expect(screen).toMatch(/token +110_… \(142 characters\), minted 30 min ago, stored in clear/);
    expect(screen).toMatch(/life left +1 h 23 min/);
    expect(screen).toMatch(/next refresh +in 1 h 19 min/);
    expect(screen).toMatch(/mints today +2 of 500/);
    expect(screen).toMatch(/breaker +closed/);
    expect(screen).toMatch(/tick +minted +1 h 50 min +\d\S* s +0 +- +refreshAccessToken\//);
    expect(screen).not.toContain(operator.cloud.storedToken());
  });

  it('works without the key of a sealed token, and with it shows the token’s first characters', async () => {
    const operator = await startOperator({ TOKEN_ENCRYPTION_KEYS: KEY });
    await operator.cloud.refresh();
    const keyless = withoutKey(operator.values);
    expect(await screenOf(operator, keyless)).toMatch(
      /encrypted, minted .*stored sealed with a key that is not here/,
    );
    expect(await screenOf(operator, keyless)).toMatch(/life left +1 h 53 min/);
    expect(await screenOf(operator)).toMatch(/110_… \(142 characters\), minted .*stored sealed$/m);
  });

  it('works on a machine that knows nothing but the environment', async () => {
    const operator = await startOperator();
    await operator.cloud.refresh();
    const screen = await screenOf(operator, {});
    expect(screen).toMatch(/mode +token \(as the stored token has it; not configured on this machine\)/);
    expect(screen).toMatch(/life left +1 h 53 min/);
  });

  it('shows the breaker with its cause, and the failed refresh with errcode and rid', async () => {
    const operator = await startOperator();
    const { cloud } = operator;
    await cloud.refresh();
    await operator.clock.sleep(110 * MINUTE_MS);
    cloud.sandbox.wechat.account(APPID).setSecret('another', cloud.clock.now());
    await cloud.refresh();
    const screen = await screenOf(operator);
    expect(screen).toMatch(/alive, but the breaker is open/);
    expect(screen).toMatch(
      /breaker +open until .*1 failed since .*\(configuration\): 40125 invalid appsecret/,
    );
    expect(screen).toMatch(/refused .*40125 +[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}/);
  });

  it('puts an unsettled mint, another minter, a manual refresh and damage into words', async () => {
    const operator = await startOperator();
    await operator.cloud.refresh();
    const nowMs = operator.cloud.clock.now();
    await operator.tamper({
      unsettledSinceAtMs: nowMs - MINUTE_MS,
      refusedAtMs: [nowMs - MINUTE_MS, nowMs],
      reports: { lastAtMs: nowMs, source: 'wx_client,scf', refutedAtMs: [nowMs, nowMs, nowMs] },
      learnedLimit: 200,
      manualRefresh: { requestedAtMs: nowMs, mintsLeft: 2, isLeak: true },
      mints: 'many',
    });
    const screen = await screenOf(operator);
    expect(screen).toMatch(/state +nobody is minting; a mint 1 min ago is unsettled/);
    expect(screen).toMatch(
      /other minters +the current token was refused before its time 2 ×.*another system mints/,
    );
    expect(screen).toMatch(/mints today +0 of 500; WeChat refused more than 200 \(45009\)/);
    expect(screen).toMatch(/wrong reports +WeChat accepted 3 reported tokens .* from "wx_client,scf"/);
    expect(screen).toMatch(/manual refresh +kill a leaked token \(2 of 2 mints to go\)/);
    expect(screen).toMatch(/damaged +mints/);
  });

  it('shows every app, and one when asked for', async () => {
    const WX_APPS = JSON.stringify([
      { appid: 'wxb', secret: 'secret-b' },
      { appid: 'wxa', secret: 'secret-a', api: 'stable' },
    ]);
    const operator = await startOperator({ WX_APPS });
    const { reach, cloud, values } = operator;
    await cloud.refresh();
    const all = await readStatus({ reach, values }, undefined, cloud.clock.now());
    expect(all.apps.map(({ appid, api }) => [appid, api])).toEqual([
      ['wxa', 'stable'],
      ['wxb', 'token'],
    ]);
    const one = await readStatus({ reach, values }, 'wxb', cloud.clock.now());
    expect(one.apps.map(({ appid }) => appid)).toEqual(['wxb']);
    expect(JSON.stringify(all)).not.toMatch(/secret-[ab]|110_[\w-]{9}/);
  });

  it('says so when there is no app, and when an app has no token yet', async () => {
    const operator = await startOperator();
    expect(await screenOf(operator)).toMatch(new RegExp(`${APPID}  no token is stored`));
    expect(await screenOf(operator, {})).toMatch(/no app: npm run setup configures one/);
  });

  it('speaks Chinese to a reader of Chinese, but for names, codes and what WeChat said', async () => {
    const operator = await startOperator();
    await operator.cloud.refresh();
    const nowMs = operator.cloud.clock.now();
    await operator.tamper({
      unsettledSinceAtMs: nowMs - MINUTE_MS,
      refusedAtMs: [nowMs - MINUTE_MS, nowMs],
      reports: { lastAtMs: nowMs, source: 'scf', refutedAtMs: [nowMs, nowMs, nowMs] },
      learnedLimit: 200,
      manualRefresh: { requestedAtMs: nowMs, mintsLeft: 2, isLeak: true },
      mints: 'many',
    });
    onTestFinished(() => chooseLanguage([], {}));
    chooseLanguage([], { LANG: 'zh_CN.UTF-8' });
    const screen = (await screenOf(operator))
      .replace('test cloud', '')
      .replaceAll(/refreshAccessToken\/\w+/g, '');
    const names = new Set([
      'npm',
      'run',
      'refresh',
      'token',
      'AppID',
      'UTC',
      'errcode',
      'rid',
      'scf',
      'mints',
      APPID,
    ]);
    const words = screen.match(/[A-Za-z][A-Za-z0-9]+/g) ?? [];
    expect(words.filter((word) => !names.has(word))).toEqual([]);
    expect(screen).toContain('其他系统');
    chooseLanguage([], { LC_ALL: 'C', LANG: 'zh_CN.UTF-8' });
    expect(await screenOf(operator)).toMatch(/other minters/);
    chooseLanguage(['--lang', 'zh', '--json'], {});
    expect(await screenOf(operator)).toMatch(/other minters/);
  });

  it('says that a newer version has written a document, in both languages', async () => {
    const list = async () => [{ _id: APPID, schema: 2 }];
    const reach = { envId: 'env-1', documents: () => ({ list }) } as unknown as Operator['reach'];
    const reading = readStatus({ reach, values: {} }, undefined, 0);
    await expect(reading).rejects.toThrow(`the document of ${APPID} has format 2, and this version knows 1`);
    onTestFinished(() => chooseLanguage([], {}));
    chooseLanguage([], { LANG: 'zh_CN.UTF-8' });
    const error = await reading.catch((thrown: Error) => translate(thrown.message));
    expect(error).toMatch(new RegExp(`^${APPID} 的记录是格式 2，这个版本只认到 1：[^a-z]*$`));
  });

  it('draws again and again, and goes on after a failed look', async () => {
    const ending = new AbortController();
    const drawn: string[] = [];
    const draw = async (): Promise<string> => {
      if (drawn.length === 1) throw new Error('the database could not be read');
      return `screen ${drawn.length}`;
    };
    const out = (text: string): void => {
      drawn.push(text);
      if (drawn.length === 3) ending.abort();
    };
    await watch({ draw, out, periodMs: 1, signal: ending.signal });
    expect(drawn.join()).toMatch(/screen 0[^]*✗ the database could not be read[^]*screen 2/);
  });
});
