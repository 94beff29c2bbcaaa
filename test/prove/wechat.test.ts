/** `npm run prove -- --with-wechat` on the sandbox: four lines, each of which a WeChat that differs turns red. */

import { PassThrough } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { WeChatSandbox } from '../../scripts/local/wechat/sandbox.ts';
import { tryOne, type Line, type Subject } from '../../scripts/prove/assumption.ts';
import { askWeChat, MOST_MINTS, type ProveWeChat } from '../../scripts/prove/ask-wechat.ts';
import { openRealWeChat, openSandbox } from '../../scripts/prove/open-wechat.ts';
import { renderReport } from '../../scripts/prove/report.ts';
import { wechatAssumptions } from '../../scripts/prove/assumptions/wechat.ts';

/** These lines touch neither. */
const NOTHING = { database: () => ({}), scratchFunction: {} } as unknown as Subject;

async function linesOf(wechat: ProveWeChat): Promise<Line[]> {
  const lines: Line[] = [];
  for (const assumption of wechatAssumptions(wechat)) lines.push(await tryOne(assumption, NOTHING));
  return lines;
}

type Differ = (
  wechat: ProveWeChat,
  account: () => ReturnType<WeChatSandbox['wechat']['account']>,
  now: () => number,
) => Partial<ProveWeChat>;

async function open(limits = {}, differ: Differ = () => ({})) {
  const { wechat, sandbox, now } = await openSandbox({ limits });
  onTestFinished(() => sandbox.close());
  const [appid = ''] = sandbox.wechat.appids();
  const account = () => sandbox.wechat.account(appid);
  return { wechat: { ...wechat, ...differ(wechat, account, now) }, sandbox, appid, now };
}

const differing = (lines: readonly Line[]): string[] =>
  lines.filter(({ verdict }) => verdict !== 'holds').map(({ id, verdict }) => `${id} ${verdict}`);

describe('on the sandbox', () => {
  it('all four hold, within ten mints, and the report holds no token', async () => {
    const { wechat, sandbox, appid } = await open();
    const lines = await linesOf(wechat);
    expect(differing(lines)).toEqual([]);
    expect(lines).toHaveLength(4);
    const { legacy, stable } = sandbox.wechat.mints(appid);
    expect(legacy + stable).toBeLessThanOrEqual(MOST_MINTS);
    expect(renderReport('a sandbox', lines, 4)).not.toMatch(/\d_[\w-]{20}|wx0000/);
  });

  const DIFFERENT: Record<string, { limits?: object; differ?: Differ }> = {
    'wechat-refused': {
      differ: ({ askWrongly }, account, now) => ({
        async askWrongly() {
          account().foreignMint(now());
          return askWrongly();
        },
      }),
    },
    'wechat-apart': {
      differ: ({ mint }, account, now) => ({
        async mint() {
          account().revoke(now(), 'stable');
          return mint();
        },
      }),
    },
    'wechat-two-generations': { limits: { graceMs: 60_000 } },
    'wechat-stable-repeats': { limits: { stableEarlyMs: 3_600_000 } },
  };
  it.each(Object.entries(DIFFERENT))(
    'one that differs in %s turns exactly that line red',
    async (id, { limits, differ }) => {
      const { wechat } = await open(limits, differ);
      expect(differing(await linesOf(wechat))).toEqual([`${id} differs`]);
    },
  );

  it('no more than ten are asked for', async () => {
    const { wechat } = await open();
    for (let minted = 0; minted < MOST_MINTS; minted++) await wechat.mint();
    await expect(wechat.mint()).rejects.toThrow('10 tokens have been asked for');
  });

  it('a WeChat that refuses or is silent says nothing of any line', async () => {
    const { sandbox, appid, now } = await open();
    const asked = { appid, secret: 'wrong', baseUrls: [sandbox.url], now, wait: async () => undefined };
    const lines = await linesOf(askWeChat(asked));
    expect(lines.map(({ verdict, seen }) => [verdict, seen])).toEqual(
      lines.map(() => ['not tried', 'WeChat refused (40125)']),
    );
    const silent = await linesOf(askWeChat({ ...asked, baseUrls: ['http://127.0.0.1:1'] }));
    expect(silent.every(({ verdict }) => verdict === 'not tried')).toBe(true);
  });
});

describe('the real one', () => {
  const values = { WX_APPID: 'wxtest', WX_APPSECRET: 's', WX_API_BASE_URLS: 'http://127.0.0.1:1' };
  const rest = { signal: new AbortController().signal, mayWait: false, say: () => undefined };
  const terminal = (text?: string) => {
    const input = Object.assign(new PassThrough(), { isTTY: text !== undefined });
    if (text !== undefined) input.end(`${text}\n`);
    return { input, output: new PassThrough() };
  };

  it('is asked nothing without a terminal', async () => {
    await expect(openRealWeChat({ ...rest, values, terminal: terminal() })).rejects.toThrow(
      'WeChat has not been asked: there is no terminal to ask at',
    );
  });

  it('nor before the AppID was typed', async () => {
    await expect(openRealWeChat({ ...rest, values, terminal: terminal('yes') })).rejects.toMatchObject({
      code: 'NOT_CONFIRMED',
    });
  });

  it('nor where there is no app, or more than one', async () => {
    const WX_APPS = JSON.stringify([
      { appid: 'a', secret: 's' },
      { appid: 'b', secret: 's' },
    ]);
    for (const given of [{}, { WX_APPS }])
      await expect(openRealWeChat({ ...rest, values: given, terminal: terminal('a') })).rejects.toMatchObject(
        {
          code: 'NOT_ONE_APP',
        },
      );
  });

  it('and with --no-wait nothing is waited for', async () => {
    const wechat = await openRealWeChat({ ...rest, values, terminal: terminal('wxtest') });
    await expect(wechat.wait(300_000, 'it')).rejects.toThrow('skipped by --no-wait');
  });
});
