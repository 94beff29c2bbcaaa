/** What the outside door needs while a server has a key in force, and what goes when none has. */

import { pick } from '../../command/language.ts';
import { SERVERS_COLLECTION } from '../../../functions/accessTokenHttp/server-document.ts';
import { functionRemovalStep } from '../steps/function-removal.ts';
import { ruleRemovalStep } from '../steps/rule-removal.ts';
import { pathsStep } from './path-removal.ts';
import type { Environment } from '../../platform/environment.ts';
import type { Site } from '../site.ts';
import type { Step } from '../step.ts';
import { isFromHere } from '../from-here.ts';
import { codeStep } from '../steps/code.ts';
import { collectionStep } from '../steps/collection.ts';
import { ruleStep } from '../steps/rule.ts';
import { triggerStep } from '../steps/trigger.ts';
import { variablesStep } from '../steps/variables.ts';

/** In the order of the other functions, and for the same reasons. The path comes last, once strangers are refused. */
export function doorSteps(door: Site): Step[] {
  const { outside } = door.environment.names;
  return [
    { ...collectionStep(door, SERVERS_COLLECTION), title: 'outside servers' },
    {
      ...codeStep(door),
      title: 'outside function',
      goal: pick({
        en: `${outside} runs this code with these settings`,
        zh: `${outside} 运行的是本项目的代码和配置`,
      }),
    },
    {
      ...ruleStep(door),
      title: 'outside rule',
      goal: pick({ en: `${outside} can't be called past its path`, zh: `只能经 HTTP 路径调用 ${outside}` }),
    },
    {
      ...variablesStep(door),
      title: 'outside variables',
      goal: pick({
        en: 'it has those of the other two, and no others',
        zh: '与另外两个函数的一致，没有多余的',
      }),
    },
    { ...triggerStep(door), title: 'outside trigger', goal: pick({ en: 'it has none', zh: '没有触发器' }) },
  ];
}

/** The way in goes first. With the rule goes what is remembered of the door. */
export function removalSteps(environment: Environment): Step[] {
  const { outside } = environment.names;
  const names = [outside];
  return [
    pathsStep(environment),
    {
      ...functionRemovalStep(environment, names),
      title: 'outside function',
      goal: pick({
        en: `${outside} is gone: no server has a key in force`,
        zh: `${outside} 已删除：没有服务器的密钥有效`,
      }),
    },
    { ...ruleRemovalStep(environment, names), title: 'outside rule' },
  ];
}

/** `foreign`: a function of that name that was not uploaded from here, and stays. */
export async function findDoor(
  environment: Environment,
  name = environment.names.outside,
): Promise<'none' | 'ours' | 'foreign'> {
  const state = await environment.describeFunction(name);
  if (state !== null) return isFromHere(state) ? 'ours' : 'foreign';
  const { entries } = await environment.describeFunctionRule();
  return Object.hasOwn(entries ?? {}, name) ? 'ours' : 'none';
}
