/** The WeChat that `--with-wechat` asks: the sandbox on a clock that is moved, or the real one after a question. */

import { setTimeout as sleep } from 'node:timers/promises';
import { pick } from '../command/language.ts';
import { callOf } from '../command/call.ts';
import { createCloudClock } from '../local/clock.ts';
import { createSecret } from '../local/guard.ts';
import { appsIn } from '../local/variables.ts';
import { startWeChatSandbox, type WeChatSandbox } from '../local/wechat/sandbox.ts';
import type { AppOptions } from '../local/wechat/account.ts';
import { requireTyped, type Terminal } from '../place/typed.ts';
import { PlatformError } from '../platform/errors.ts';
import { askWeChat, MOST_MINTS, type ProveWeChat } from './ask-wechat.ts';
import { NotTried } from './not-tried.ts';

const APP = { appid: 'wx0000000000prove', secret: '0123456789abcdef0123456789abcdef' };
const WECHAT = 'https://api.weixin.qq.com';

interface LocalWeChat {
  wechat: ProveWeChat;
  sandbox: WeChatSandbox;
  now(): number;
}

/** `app`: how a test's sandbox differs. */
export async function openSandbox(app: Partial<AppOptions> = {}): Promise<LocalWeChat> {
  const clock = createCloudClock();
  const apps = [{ ...APP, ...app }];
  const sandbox = await startWeChatSandbox({ clock, port: 0, secret: createSecret(), apps });
  const wechat = askWeChat({
    ...APP,
    baseUrls: [sandbox.url],
    now: () => clock.now(),
    wait: async (durationMs) => clock.advance(durationMs),
  });
  return { wechat, sandbox, now: () => clock.now() };
}

export interface RealWeChatOptions {
  values: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
  mayWait: boolean;
  say(line: string): void;
  terminal?: Terminal;
}

/** Throws one readable line, before anything is asked, unless the AppID of the one app is typed. */
export async function openRealWeChat({
  values,
  signal,
  mayWait,
  say,
  terminal,
}: RealWeChatOptions): Promise<ProveWeChat> {
  const [app, ...others] = appsIn(values);
  if (app === undefined || others.length > 0) throw notOneApp();
  await requireTyped(app.appid, questionAbout(app.appid), terminal);
  return askWeChat({
    ...app,
    baseUrls: [values['WX_API_BASE_URLS']?.split(',')[0]?.trim() ?? WECHAT],
    now: Date.now,
    async wait(durationMs, why) {
      if (!mayWait) throw new NotTried(pick({ en: 'skipped by --no-wait', zh: '按 --no-wait 跳过' }));
      const minutes = Math.ceil(durationMs / 60_000);
      say(
        pick({
          en: `  … waits ${minutes} min to see ${why}; Ctrl-C ends the run and keeps what was seen`,
          zh: `  … 等待 ${minutes} 分钟，以确认：${why}。按 Ctrl-C 结束，已有的结果会保留`,
        }),
      );
      await sleep(durationMs, undefined, { signal });
    },
  });
}

function questionAbout(appid: string) {
  return {
    prompt: [
      pick({
        en: `This fetches up to ${MOST_MINTS} tokens of ${appid} from WeChat, and ends those that are in use: only for a test account’s AppID that nobody uses.`,
        zh: `将向微信获取 ${appid} 的 token，最多 ${MOST_MINTS} 个，正在使用的会作废：请只用没有人在用的测试号。`,
      }),
      pick({ en: `Type ${appid} to go on: `, zh: `输入 ${appid} 继续：` }),
    ].join('\n'),
    otherwise: pick({ en: 'WeChat has not been asked', zh: '没有请求微信' }),
    withoutTerminal: pick({
      en: 'this is asked at one, and has no flag',
      zh: '这一项只在终端上询问，没有参数可以代替',
    }),
  };
}

function notOneApp(): PlatformError {
  return new PlatformError(
    pick({ en: '--with-wechat needs exactly one app', zh: '--with-wechat 需要恰好一个应用' }),
    {
      code: 'NOT_ONE_APP',
      cure: pick({
        en: `set WX_APPID and WX_APPSECRET of a test account, leave WX_APPS empty, and run ${callOf('prove')} again`,
        zh: `请设置测试号的 WX_APPID 和 WX_APPSECRET，不设置 WX_APPS，再执行 ${callOf('prove')}`,
      }),
    },
  );
}
