/** Which functions are this project's, and what is said of one that only has the same name. */

import { pick, names, phrases } from '../command/language.ts';
import { callOf } from '../command/call.ts';
import type { FunctionState, TriggerState } from '../platform/environment.ts';
import { PlatformError } from '../platform/errors.ts';
import { CODE_MARK, DESCRIPTION } from './wanted.ts';

/**
 * The description while code is uploaded over a function. If that is interrupted, the mark of the code, written last,
 * may tell of code that is no longer there; this line then says so. The CLI writes the ordinary description after the
 * code.
 */
export const UNFINISHED = 'upload of the code not finished, deploy again';

/** By what only an upload of this project leaves: another function may happen to have the same name. */
export function isFromHere({ variables, description }: FunctionState): boolean {
  return variables.has(CODE_MARK) || description === DESCRIPTION || description === UNFINISHED;
}

/** With the three ways out; the values of variables are not told. */
export function notFromHere(states: readonly FunctionState[], envId: string): PlatformError {
  const found = phrases(states.map(describeFound));
  const removals = names(states.map(({ name }) => `npx tcb fn delete ${name} -e ${envId}`));
  const taken = states.length === 1 ? 'a name is taken' : 'names are taken';
  const takeOver = callOf('deploy', '--take-over');
  const added = callOf('add');
  return new PlatformError(
    pick({
      en: `${taken} by what ${callOf('deploy')} did not put there: ${found}`,
      zh: `有同名的云函数不是由 ${callOf('deploy')} 部署的：${found}`,
    }),
    {
      code: 'NOT_OURS',
      cure: pick({
        en: `nothing has been changed. If you uploaded what ${added} wrote, give each its variable ${CODE_MARK} in the console, as that command lists it; else give ours other names (FUNCTION_PREFIX=wx- in .env.local); or replace what is there, after a copy of its code, variables and triggers (${takeOver}); or, if nobody needs it, remove it yourself (${removals}), then run ${callOf('deploy')} again`,
        zh: `没有改动任何内容。如果上传的是 ${added} 写出的函数，请在控制台给每个函数加上环境变量 ${CODE_MARK}，值见该命令的输出；否则可以给本项目的函数换名字（在 .env.local 里写 FUNCTION_PREFIX=wx-）；或者先备份代码、环境变量和触发器，再替换（${takeOver}）；或者，如果没有人使用，自行删除（${removals}），再执行 ${callOf('deploy')}`,
      }),
    },
  );
}

export function describeFound({ name, runtime, changedAt, variables, triggers }: FunctionState): string {
  const keys = names([...variables.keys()]);
  const timers = names(triggers.map(describeTrigger));
  const facts = pick({
    en: [
      runtime || 'unknown runtime',
      `last changed ${changedAt ?? 'at a time that the platform does not tell'}`,
      keys === '' ? 'no variables' : `variables ${keys}`,
      timers === '' ? 'no triggers' : `triggers ${timers}`,
    ],
    zh: [
      runtime || '运行环境不明',
      changedAt === undefined ? '修改时间不明' : `修改于 ${changedAt}`,
      keys === '' ? '没有环境变量' : `环境变量 ${keys}`,
      timers === '' ? '没有触发器' : `触发器 ${timers}`,
    ],
  });
  return pick({ en: `${name} (${facts.join('; ')})`, zh: `${name}（${facts.join('；')}）` });
}

/** The configuration of other types may hold anything. */
function describeTrigger({ name, type, config }: TriggerState): string {
  return `${name} [${type}${type === 'timer' ? ` ${config}` : ''}]`;
}
