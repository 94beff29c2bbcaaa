/** The lines that `npm start` prints. A token is shown as its first 4 characters and its length, nowhere more. */

import pc from 'picocolors';
import { pick } from '../command/language.ts';
import { readTicks } from '../../functions/_shared/runtime/config.ts';
import type { RefreshReply } from '../../functions/refreshAccessToken/index.ts';
import type { TickReply } from '../../functions/refreshAccessToken/reply.ts';
import type { Cloud } from '../local/cloud.ts';
import { callOf, respell } from '../command/call.ts';
import { clockTime } from '../command/words.ts';
import type { LogLine } from '../local/functions/hosted-function.ts';
import { ACTIONS, lifeIn } from '../place/texts/replies.ts';
import { namesWith } from '../local/names.ts';
import type { Settings } from '../local/settings.ts';
import { appsIn, type Variables } from '../local/variables.ts';

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

/** One line per app; false when the tick failed. */
/** The time is that of the cloud's clock, as on the dashboard. */
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

export function tellAddresses(
  { door, secret, sandbox }: Cloud,
  variables: Variables,
  dashboard: string | undefined,
): void {
  if (dashboard !== undefined)
    console.log(`\n${pc.bold(pick(DASHBOARD))}${dashboard}   ${pick(sandbox ? TO_PLAY : TO_WATCH)}`);
  const curl = `  curl -H "Authorization: Bearer ${secret}"`;
  console.log(`\n${whoTicks(variables, door.url)}${pick(TO_TRY)}`);
  const [first, ...more] = appsIn(variables);
  // With several apps a call says which one it is about.
  const event = more.length === 0 ? '' : ` -d '${JSON.stringify({ appid: first?.appid })}'`;
  console.log(`${curl} -X POST ${door.url}/as/function/getAccessToken${event}`);
  console.log(`${curl} -X POST ${door.url}/call/getAccessToken${event}`);
  console.log(pick(sandbox ? ALSO_WECHAT : ALSO));
  console.log(`${curl} ${door.url}/`);
  if (sandbox) console.log(`${curl} ${sandbox.url}/__sandbox/state`);
  console.log(
    pick({
      en: `wx.cloud for a mini program in DevTools: ${door.url}/wx-cloud.js, with the same header (docs/embedded-cloud.md).`,
      zh: `微信开发者工具里的小程序用的 wx.cloud：${door.url}/wx-cloud.js，请求头同上（docs/embedded-cloud.zh-CN.md）。`,
    }),
  );
  console.log(
    pc.dim(
      pick({
        en: 'Ctrl-C ends it; the token stays in the database for the next start.',
        zh: '按 Ctrl-C 结束；token 留在数据库里，下次启动继续使用。',
      }),
    ),
  );
}

const TO_TRY = {
  en: '. To try by hand, as another cloud function, and as a mini program (403):',
  zh: '。可以手动试一下，先模拟其他云函数，再模拟小程序端（403）：',
};
const DASHBOARD = { en: 'Dashboard: ', zh: '仪表盘：' };
const TO_PLAY = { en: 'watch it, break it, see it heal', zh: '查看状态，制造故障，看它恢复' };
const TO_WATCH = { en: 'watch it', zh: '查看状态' };
const ALSO = { en: 'What else can be called:', zh: '其他可调用的地址：' };
const ALSO_WECHAT = {
  en: 'What else can be called, and WeChat’s side of it:',
  zh: '其他可调用的地址，以及微信一侧的状态：',
};

function whoTicks(variables: Variables, doorUrl: string): string {
  const ticks = readTicks(variables['TICKS']);
  if (ticks === 'readers')
    return pick({
      en: 'No ticks come (TICKS=readers): callers alone keep the token alive',
      zh: '没有设置触发（TICKS=readers）：token 只在有调用时刷新',
    });
  if (ticks !== 'outside')
    return pick({ en: 'The timer ticks every 5 minutes', zh: '定时器每 5 分钟触发一次' });
  return pick({
    en: `Ticks come from outside (TICKS=outside): POST ${doorUrl}/http/${namesWith('').outside}/tick with a key of ${callOf('server-key', 'add NAME --ticks --local')}`,
    zh: `由外部触发（TICKS=outside）：向 ${doorUrl}/http/${namesWith('').outside}/tick 发 POST 请求，密钥用 ${callOf('server-key', 'add NAME --ticks --local')} 生成`,
  });
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
