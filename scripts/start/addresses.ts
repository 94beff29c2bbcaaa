/** Where everything is once `npm start` runs, and what can be tried by hand. */

import pc from 'picocolors';
import { readTicks } from '../../functions/_shared/runtime/config.ts';
import { callOf } from '../command/call.ts';
import { pick } from '../command/language.ts';
import type { Cloud } from '../local/cloud.ts';
import { namesWith } from '../local/names.ts';
import { appsIn, type Variables } from '../local/variables.ts';

export function tellAddresses(cloud: Cloud, variables: Variables, dashboard: string | undefined): void {
  const { door, sandbox } = cloud;
  if (dashboard !== undefined)
    console.log(`\n${pc.bold(pick(DASHBOARD))}${dashboard}   ${pick(sandbox ? TO_PLAY : TO_WATCH)}`);
  console.log(`\n${whoTicks(variables, door.url)}${pick(TO_TRY)}`);
  for (const line of toTry(cloud, variables)) console.log(line);
  console.log(
    pick({
      en: `wx.cloud for a mini program in DevTools: ${door.url}/wx-cloud.js, with the same header (docs/embedded-cloud.md).`,
      zh: `微信开发者工具里的小程序用的 wx.cloud：${door.url}/wx-cloud.js，请求头同上（docs/embedded-cloud.zh-CN.md）。`,
    }),
  );
  console.log(pc.dim(pick(HOW_TO_END)));
}

function toTry({ door, secret, sandbox }: Cloud, variables: Variables): string[] {
  const curl = `  curl -H "Authorization: Bearer ${secret}"`;
  const [first, ...more] = appsIn(variables);
  // With several apps a call says which one it is about.
  const event = more.length === 0 ? '' : ` -d '${JSON.stringify({ appid: first?.appid })}'`;
  return [
    `${curl} -X POST ${door.url}/as/function/getAccessToken${event}`,
    `${curl} -X POST ${door.url}/call/getAccessToken${event}`,
    pick(sandbox ? ALSO_WECHAT : ALSO),
    `${curl} ${door.url}/`,
    ...(sandbox ? [`${curl} ${sandbox.url}/__sandbox/state`] : []),
  ];
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
const HOW_TO_END = {
  en: 'Ctrl-C ends it; the token stays in the database for the next start.',
  zh: '按 Ctrl-C 结束；token 留在数据库里，下次启动继续使用。',
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
