/** The security rule of all functions of an environment: one JSON text that many projects share. */

import type { Call } from './api.ts';
import type { FunctionRule } from './environment.ts';
import { hasCode, PlatformError } from './errors.ts';

/** https://docs.cloudbase.net/cloud-function/security-rules (read 2026-11-22). */
export async function describeFunctionRule(call: Call, envId: string): Promise<FunctionRule> {
  const answer = await call('tcb', 'DescribeSecurityRule', { EnvId: envId, ResourceType: 'FUNCTION' }).catch(
    (error: unknown) => {
      if (hasCode(error, 'ResourceNotFound')) return {};
      throw error;
    },
  );
  const { AclTag, Rule } = answer as { AclTag?: unknown; Rule?: unknown };
  return {
    tag: typeof AclTag === 'string' && AclTag !== '' ? AclTag : null,
    entries: typeof Rule === 'string' && Rule.trim() !== '' ? parseRule(Rule) : null,
  };
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
  throw new PlatformError('the security rule of the functions is no JSON object', {
    code: 'RULE_UNREADABLE',
    cure: 'it is left as it is: open it in the console (云函数 → 权限控制), save it in a form that is, and run the command again',
  });
}
