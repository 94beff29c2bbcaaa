/** The lines that `npm start` prints. A token is shown as its first 4 characters and its length, nowhere more. */

import pc from 'picocolors';
import type { RefreshReply } from '../../functions/refreshAccessToken/index.ts';
import type { TickReply } from '../../functions/refreshAccessToken/reply.ts';
import { respell } from '../command/call.ts';
import { pick } from '../command/language.ts';
import { clockTime } from '../command/words.ts';
import type { LogLine } from '../local/functions/hosted-function.ts';
import type { Settings } from '../local/settings.ts';
import { appsIn } from '../local/variables.ts';
import { ACTIONS, lifeIn } from '../place/texts/replies.ts';

type Outcome = { result: unknown } | { failure: { code: string; message: string } };

export function tellStart({ isWeChatReal, dataFolder, variables }: Settings): void {
  console.log(
    pc.bold(
      pick({
        en: 'cloudbase-access-token on an embedded cloud',
        zh: 'cloudbase-access-token，运行在本地模拟云环境上',
      }),
    ),
  );
  const wechat = isWeChatReal
    ? pc.yellow(
        pick({
          en: 'the real one: WX_APPID/WX_APPSECRET or WX_APPS are set, so this mints real tokens',
          zh: '真实接口（已设置 WX_APPID/WX_APPSECRET 或 WX_APPS），会获取真实的 token',
        }),
      )
    : pick({
        en: 'a sandbox on this machine (set WX_APPID and WX_APPSECRET to talk to the real one)',
        zh: '本机沙箱（设置 WX_APPID 和 WX_APPSECRET 后连接真实的微信）',
      });
  const appids = appsIn(variables).map(({ appid }) => appid);
  console.log(pick({ en: `  WeChat: ${wechat}`, zh: `  微信：${wechat}` }));
  console.log(pick({ en: `  apps:   ${appids.join(', ')}`, zh: `  应用：${appids.join('、')}` }));
  console.log(pick({ en: `  data:   ${dataFolder}`, zh: `  数据：${dataFolder}` }));
}

export function tellStep(isGood: boolean, who: string, what: string): boolean {
  console.log(
    `${isGood ? pc.green('✓') : pc.red('✗')} ${pc.bold(who)}${pick({ en: ': ', zh: '：' })}${what}`,
  );
  return isGood;
}

/** One line per app; false when the tick failed. The time is that of the cloud's clock, as on the dashboard. */
export function tellTick(functionName: string, outcome: Outcome, nowMs: number): boolean {
  const time = clockTime(nowMs, Date.now());
  if ('failure' in outcome)
    return tellStep(false, `${time} ${functionName}`, respell(outcome.failure.message));
  const { errcode, errmsg, results } = outcome.result as RefreshReply;
  if (errcode !== 0) return tellStep(false, `${time} ${functionName}`, `${errcode} ${respell(errmsg)}`);
  const told = results.map((result) =>
    tellStep(result.errcode === 0, `${time} ${functionName}`, describe(result)),
  );
  return told.every(Boolean);
}

/** Of a function of the user's. What it prints may hold anything, but controls no terminal. */
export function tellLine({ name, callId, text }: LogLine): void {
  const call = callId === '' ? '' : ` ${pc.dim(callId.slice(0, 8))}`;
  console.log(`${pc.cyan(name)}${call} ${text.replaceAll(CONTROL, '�')}`);
}

/** All but the tabulator. */
const CONTROL = /[^\P{Cc}\t]/gu;

/** A tick of another function than ours says no more than whether it went well: the rest is in what it prints. */
export function tellOwnTick(functionName: string, outcome: Outcome): void {
  if ('failure' in outcome)
    tellStep(
      false,
      pick({ en: `${functionName} (timer)`, zh: `${functionName}（定时器）` }),
      respell(outcome.failure.message),
    );
}

function describe({
  appid,
  action,
  errcode,
  errmsg,
  expires_in: expiresIn,
  refresh_in: refreshIn,
}: TickReply): string {
  const cause = errcode === 0 ? '' : `${pick({ en: ', ', zh: '，' })}${errcode} ${respell(errmsg)}`;
  return `${appid} ${pick(ACTIONS)[action]}${cause}${pick({ en: '; ', zh: '；' })}${lifeIn(expiresIn, refreshIn)}`;
}
