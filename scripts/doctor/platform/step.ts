/** A step of `npm run deploy` as a check: what it would change is what is wrong. */

import { callOf } from '../../command/call.ts';
import { phrases, pick, type Text } from '../../command/language.ts';
import type { Step } from '../../deploy/step.ts';
import { PlatformError } from '../../platform/errors.ts';
import { ok, unseen, type Finding } from '../finding.ts';

export async function checkStep(step: Step): Promise<Finding> {
  const { title: check } = step;
  const why = pick(WHYS[check] ?? FROM_OUTSIDE);
  try {
    const differences = await step.differences();
    if (differences.length === 0) return ok(check, step.goal);
    return {
      check,
      severity: 'problem',
      finding: pick({
        en: `${callOf('deploy')} would ${phrases(differences)}`,
        zh: `${callOf('deploy')} 将会：${phrases(differences)}`,
      }),
      why,
      cure: callOf('deploy'),
    };
  } catch (error) {
    if (!(error instanceof PlatformError) || !DECIDED.has(error.code)) return unseen(check, error);
    return { check, severity: 'problem', finding: error.message, why, cure: error.cure };
  }
}

/** What happens while the deployment differs from what this checkout says. */
export const WHYS: Record<string, Text> = {
  names: {
    en: `${callOf('deploy')} stops before it changes anything`,
    zh: `${callOf('deploy')} 会在改动任何内容之前停止`,
  },
  collection: {
    en: 'open, everybody who runs the mini program can read the token',
    zh: '没有限制时，任何打开小程序的人都能读到 token',
  },
  functions: {
    en: 'what runs is not what is here, so nothing that was tested here is proven there',
    zh: '云端运行的代码或配置与本机不同，本机的测试结果不能代表云端',
  },
  'security rule': {
    en: 'the first wall is missing; getAccessToken itself still refuses clients',
    zh: '缺少第一道防线；getAccessToken 自己仍会拒绝客户端',
  },
  variables: {
    en: 'the functions run with other settings than this machine says',
    zh: '云函数使用的配置与本机的不同',
  },
  trigger: {
    en: 'the token is refreshed by callers that happen to need it, or by a timer that is not meant',
    zh: 'token 只能由碰巧需要它的调用方刷新，或者由多余的定时器刷新',
  },
  retries: {
    en: 'a failed tick is repeated too often or not at all',
    zh: '触发失败后重试过多，或者不重试',
  },
  'outside door': {
    en: 'a server without a door gets no token, and a door without a server is a way in that nobody needs',
    zh: '有服务器而没有入口，就获取不到 token；有入口而没有服务器，则是多余的入口',
  },
};

/** Only where ticks are meant to come from there. */
const FROM_OUTSIDE = {
  en: 'a token is refreshed only when callers find it late',
  zh: '只有调用方发现早该更换时，token 才会刷新',
};

/** Answers that are findings, not failures to look. */
const DECIDED = new Set([
  'NOT_OURS',
  'NEWER_DOCUMENT',
  'OTHER_RUNTIME',
  'CREATE_FAILED',
  'FUNCTION_GONE',
  'NO_DATABASE',
  'RULE_UNREADABLE',
  'NO_HTTP_ACCESS',
  'PATH_TAKEN',
  'NO_TICKER',
]);
