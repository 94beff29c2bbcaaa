/**
 * Asks WeChat whether AppID and AppSecret belong together, without disturbing a token in use.
 *
 * Always by the stable endpoint in normal mode: its tokens are isolated from those of /cgi-bin/token, and where the
 * project uses that endpoint itself, a normal call only returns the token that is in use.
 * https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-access-token/api_getstableaccesstoken.html (read 2026-11-22)
 */

import { meaningOf } from '../../functions/_shared/wechat/errcodes.ts';
import { createMint } from '../../functions/_shared/wechat/mint.ts';
import { send } from '../../functions/_shared/wechat/send.ts';
import { systemClock } from '../place/reach.ts';

export interface CheckOptions {
  appid: string;
  secret: string;
  baseUrls: readonly string[];
}

export type CheckResult =
  | { ok: true }
  /** `isWrong`: they can't be right as they are; else WeChat didn't get as far as that. */
  | { ok: false; isWrong: boolean; why: string };

export async function checkWithWeChat({ appid, secret, baseUrls }: CheckOptions): Promise<CheckResult> {
  const mint = createMint({
    appid,
    secret,
    api: 'stable',
    baseUrls,
    send,
    ...systemClock,
    random: () => Math.random(),
  });
  const outcome = await mint();
  if (outcome.kind === 'minted') return { ok: true };
  const { errcode, errmsg } = outcome.failure;
  if (errcode === 503) return { ok: false, isWrong: false, why: UNREACHED };
  return { ok: false, isWrong: WRONG.has(errcode), why: explain(errcode, errmsg) };
}

const UNREACHED =
  'WeChat could not be reached or did not answer: check the network, and https_proxy if you need one, and run the command again, or skip this check with --no-check';

const BUSY = 'it is busy just now. Run the command again in a minute';

/** WeChat has looked at the two and they can't be right as they are. */
const WRONG = new Set([40001, 40013, 40125, 41002, 41004]);

const SETTINGS = 'https://mp.weixin.qq.com (开发管理 → 开发设置)';

function explain(errcode: number, errmsg: string): string {
  const words = WORDS.get(errcode)?.(ipIn(errmsg)) ?? meaningOf(errcode).advice;
  return `WeChat answered ${errcode}: ${words}`;
}

const wrongSecret = (): string =>
  `the AppSecret is not that of this AppID. Copy it again from ${SETTINGS}; if nobody has it any more, reset it there, but then the old one stops working everywhere`;

/** From the machine that sets up, not from the functions: the same code has other causes here. */
const WORDS = new Map<number, (ip: string) => string>([
  [40001, wrongSecret],
  [40125, wrongSecret],
  [
    40013,
    () =>
      `there is no such AppID. It begins with wx, has 18 characters and is case-sensitive: copy it from ${SETTINGS}`,
  ],
  [
    40164,
    (ip) =>
      `this app has an IP whitelist, and this machine's address ${ip} is not on it. Add ${ip} at ${SETTINGS} → IP白名单 and run the command again, or skip this check with --no-check. The functions need their address there, too: give them a fixed egress IP`,
  ],
  [
    40243,
    () =>
      `the AppSecret is frozen. Unfreeze it at ${SETTINGS}, which takes 10 minutes to act, and run the command again`,
  ],
  [-1, () => BUSY],
  [45011, () => BUSY],
  [
    89503,
    () =>
      "WeChat wants the account's administrator to confirm calls from this machine: it has just sent him a message in WeChat. Let him confirm it and run the command again from here, or skip this check with --no-check",
  ],
  [
    89501,
    () =>
      "the account's administrator has not confirmed this machine yet: let him answer the message in WeChat and run the command again, or skip this check with --no-check",
  ],
]);

/** In WeChat's own sample: `invalid ip 8.149.1.108 ipv6 ::ffff:8.149.1.108, not in whitelist`. */
function ipIn(errmsg: string): string {
  return /invalid ip ([0-9a-f.:]{3,45})/i.exec(errmsg)?.[1] ?? '(unknown)';
}
