/**
 * Asks WeChat whether AppID and AppSecret belong together, without disturbing a token in use.
 *
 * Always by the stable endpoint in normal mode: its tokens are isolated from those of /cgi-bin/token, and where the
 * project uses that endpoint itself, a normal call only returns the token that is in use.
 * https://developers.weixin.qq.com/miniprogram/dev/server/API/mp-access-token/api_getstableaccesstoken.html (read 2026-11-22)
 */

import { adviceFor as chineseAdvice } from '../../functions/_shared/alerts/chinese.ts';
import { meaningOf } from '../../functions/_shared/wechat/errcodes.ts';
import { createMint } from '../../functions/_shared/wechat/mint.ts';
import { send } from '../../functions/_shared/wechat/send.ts';
import { language } from '../command/language.ts';
import { systemClock } from '../place/reach.ts';
import { texts } from './texts.ts';

export interface CheckOptions {
  appid: string;
  secret: string;
  baseUrls: readonly string[];
}

export type CheckResult =
  | { ok: true }
  /** `wrong`: which of the two can't be right as it is; null: WeChat didn't get as far as that. */
  | { ok: false; wrong: 'appid' | 'secret' | null; why: string };

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
  if (errcode === 503) return { ok: false, wrong: null, why: texts().unreached };
  return { ok: false, wrong: WRONG.get(errcode) ?? null, why: explain(errcode, errmsg) };
}

/** WeChat has looked at the two, and this one can't be right. */
const WRONG = new Map<number, 'appid' | 'secret'>([
  [40001, 'secret'],
  [40125, 'secret'],
  [41004, 'secret'],
  [40013, 'appid'],
  [41002, 'appid'],
]);

function explain(errcode: number, errmsg: string): string {
  return texts().answered(errcode, wordsFor(errcode, errmsg));
}

/** From the machine that sets up, not from the functions: the same code has other causes here. */
function wordsFor(errcode: number, errmsg: string): string {
  const t = texts();
  switch (errcode) {
    case 40001:
    case 40125:
      return t.wrongSecret;
    case 40013:
      return t.wrongAppid;
    case 40164:
      return t.notListed(ipIn(errmsg));
    case 40243:
      return t.frozen;
    case -1:
    case 45011:
      return t.busy;
    case 89503:
      return t.toConfirm;
    case 89501:
      return t.notConfirmed;
    default:
      return language() === 'zh' ? chineseAdvice(errcode) : meaningOf(errcode).advice;
  }
}

/** In WeChat's own sample: `invalid ip 8.149.1.108 ipv6 ::ffff:8.149.1.108, not in whitelist`. Empty: none is named. */
function ipIn(errmsg: string): string {
  return /invalid ip ([0-9a-f.:]{3,45})/i.exec(errmsg)?.[1] ?? '';
}
