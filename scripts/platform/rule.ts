/** The security rule of all functions of an environment: one JSON text that many projects share. */

import { pick } from '../command/language.ts';
import type { FunctionRule } from './environment.ts';
import { hasCode, PlatformError } from './errors.ts';
import type { Call } from './models.ts';
import { text } from './values.ts';

/** https://docs.cloudbase.net/cloud-function/security-rules (read 2026-11-28). */
export async function describeFunctionRule(call: Call, envId: string): Promise<FunctionRule> {
  const params = { EnvId: envId, ResourceType: 'FUNCTION' } as const;
  const { AclTag, Rule } = await call('tcb', 'DescribeSecurityRule', params).catch((error: unknown) => {
    if (hasCode(error, 'ResourceNotFound')) throw noRuleHere(error);
    throw error;
  });
  const rule = text(Rule);
  return { tag: text(AclTag) || null, entries: rule.trim() === '' ? null : parseRule(rule) };
}

/** An environment without a rule answers an empty one. This says that the rule is kept elsewhere, or nowhere. */
function noRuleHere(error: unknown): PlatformError {
  return new PlatformError(
    pick({
      en: `the environment has no security rule of functions to read (${error instanceof PlatformError ? error.code : ''})`,
      zh: `环境没有可读的云函数安全规则（${error instanceof PlatformError ? error.code : ''}）`,
    }),
    {
      code: 'RULE_UNREADABLE',
      cure: pick({
        en: 'it is not written blindly, for it holds for everybody’s functions: open it in the console (云函数 → 权限控制), save it once, and run the command again',
        zh: '规则对所有云函数生效，不能盲目写入：请在控制台（云函数 → 权限控制）打开并保存一次，然后重新执行',
      }),
    },
  );
}

/** One that can't be read must never be taken for none: writing over it would open or close others' functions. */
function parseRule(rule: string): NonNullable<FunctionRule['entries']> {
  try {
    const entries: unknown = JSON.parse(rule);
    if (typeof entries === 'object' && entries !== null && !Array.isArray(entries)) {
      return entries as NonNullable<FunctionRule['entries']>;
    }
  } catch {
    // Falls through to the one error.
  }
  throw new PlatformError(
    pick({
      en: 'the security rule of the functions is no JSON object',
      zh: '云函数的安全规则不是 JSON 对象',
    }),
    {
      code: 'RULE_UNREADABLE',
      cure: pick({
        en: 'it is left as it is: open it in the console (云函数 → 权限控制), save it in a form that is, and run the command again',
        zh: '没有改动：请在控制台（云函数 → 权限控制）改成正确的格式并保存，然后重新执行',
      }),
    },
  );
}
