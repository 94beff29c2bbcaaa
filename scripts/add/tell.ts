/** What `add` has written, what is left to do by hand, and how it is checked. */

import { relative } from 'node:path';
import { callOf } from '../command/call.ts';
import { textsOf } from '../command/language.ts';
import { CODE_MARK, type WantedFunction } from '../deploy/wanted.ts';
import type { ConfigPlan } from './cloudbaserc.ts';
import type { FunctionPlan } from './function-files.ts';

export interface Told {
  root: string;
  plans: readonly FunctionPlan[];
  config: ConfigPlan;
  wanted: readonly WantedFunction[];
  isDryRun: boolean;
}

export function tellPlan({ root, plans, config, wanted, isDryRun }: Told): void {
  const texts = TEXTS();
  for (const { folder, kind, files } of plans)
    console.log(`  ${fromHere(folder)}: ${texts[kind](files.map(([name]) => name).join(', '))}`);
  if (config.kind === 'change')
    console.log(`  cloudbaserc.json: ${texts.entries(config.added, config.reset)}`);
  if (config.kind === 'elsewhere') console.log(`  cloudbaserc.json: ${texts.elsewhere(config.functionRoot)}`);
  if (config.kind === 'change' && config.leftOut.length > 0)
    console.log(`  ${texts.leftOut(config.leftOut)}`);
  if (isDryRun) return console.log(texts.dryRun);
  const isChanged = config.kind === 'change' || plans.some(({ kind }) => kind !== 'same');
  if (!isChanged) return console.log(texts.nothing(callOf('doctor')));
  console.log(
    texts.next({
      root: fromHere(root),
      timed: wanted.find(({ triggers }) => triggers.length > 0)?.name,
      settings: wanted.map(settingsOf),
      doctor: callOf('doctor'),
    }),
  );
}

/** Names of variables only: their values are secrets, or in `.env.local`. */
function settingsOf({ name, timeout, memorySize, variables }: WantedFunction): string {
  const mark = `${CODE_MARK}=${variables.get(CODE_MARK) ?? ''}`;
  const names = [...variables.keys()].filter((one) => one !== CODE_MARK);
  const set = names.length === 0 ? ['WX_APPID', 'WX_APPSECRET'] : names;
  return `     ${name}: ${timeout} s, ${memorySize} MB; ${[...set, mark].join(', ')}`;
}

/** As the reader would type it. */
function fromHere(path: string): string {
  const here = relative(process.cwd(), path);
  return here === '' ? '.' : here.startsWith('..') ? path : here;
}

interface Next {
  root: string;
  /** The function that the timer calls; undefined: TICKS wants none. */
  timed: string | undefined;
  settings: readonly string[];
  doctor: string;
}

const TEXTS = textsOf({
  en: {
    new: (files: string) => `new (${files})`,
    upgrade: (files: string) => `upgraded (${files})`,
    same: () => 'as it is to be',
    entries: (added: readonly string[], reset: readonly string[]) =>
      [
        added.length > 0 ? `with entries for ${added.join(' and ')}` : 'its entries brought up to date',
        ...(reset.length > 0 ? [`set as this version needs it: ${reset.join(', ')}`] : []),
      ].join('; '),
    elsewhere: (root: string) =>
      `not changed: its functionRoot is ${JSON.stringify(root)}, another folder; name that one to have the entries written`,
    leftOut: (names: readonly string[]) =>
      `${names.join(', ')}: not in cloudbaserc.json, because tcb can't take a value with a quote, a backslash or a line end; set it in the console`,
    dryRun: 'Nothing was written (--dry-run).',
    nothing: (doctor: string) => `Nothing had to be changed. ${doctor} checks what is deployed.`,
    next: ({ root, timed, settings, doctor }: Next) =>
      [
        'Next:',
        `  1. Upload both: in WeChat DevTools, each folder in ${root} with 上传并部署${timed ? `, then 上传触发器 on ${timed}` : ''}; or tcb fn deploy --all, where cloudbaserc.json has the entries.`,
        '  2. In the console (https://tcb.cloud.tencent.com/), unless tcb has done it: timeout, memory and variables of each:',
        ...settings,
        '  3. There, too: create the collection wx_access_tokens, with the permission 仅管理端可读写 (ADMINONLY).',
        `  4. ${doctor} checks all of it, and says what is missing.`,
      ].join('\n'),
  },
  zh: {
    new: (files: string) => `新写入（${files}）`,
    upgrade: (files: string) => `已升级（${files}）`,
    same: () => '已是最新',
    entries: (added: readonly string[], reset: readonly string[]) =>
      [
        added.length > 0 ? `已加入 ${added.join('、')}` : '其中的两项已更新',
        ...(reset.length > 0 ? [`已改为本版本所需的值：${reset.join('、')}`] : []),
      ].join('；'),
    elsewhere: (root: string) =>
      `未改动：它的 functionRoot 是 ${JSON.stringify(root)}，不是这个目录；要写入其中，请改用那个目录`,
    leftOut: (names: readonly string[]) =>
      `${names.join('、')}：未写入 cloudbaserc.json，因为值里有引号、反斜杠或换行，tcb 处理不了；请在控制台设置`,
    dryRun: '什么都没有写入（--dry-run）。',
    nothing: (doctor: string) => `无需改动。${doctor} 检查已部署的内容。`,
    next: ({ root, timed, settings, doctor }: Next) =>
      [
        '接下来：',
        `  1. 上传两个函数：在微信开发者工具里对 ${root} 中的两个目录分别“上传并部署”${timed ? `，再对 ${timed}“上传触发器”` : ''}；cloudbaserc.json 里有这两项时也可以用 tcb fn deploy --all。`,
        '  2. 在控制台（https://tcb.cloud.tencent.com/）设置各函数的超时时间、内存和环境变量（tcb 部署的不用）：',
        ...settings,
        '  3. 同样在控制台：新建集合 wx_access_tokens，权限选“仅管理端可读写”（ADMINONLY）。',
        `  4. ${doctor} 会逐项检查，并说明还缺什么。`,
      ].join('\n'),
  },
});
