/** The two entries in the environment's function security rule; those of other functions stay as they are. */

import { pick } from '../../command/language.ts';
import type { FunctionRule } from '../../platform/environment.ts';
import type { Site } from '../site.ts';
import type { Step } from '../step.ts';

type Entries = NonNullable<FunctionRule['entries']>;

/**
 * What holds for functions without an entry, where nothing is set; the key must not be missing. The stricter of the two
 * that the platform recommends: the older one, `auth != null`, also lets anonymous users in.
 * https://docs.cloudbase.net/cloud-function/security-rules (read 2026-11-28)
 */
const SIGNED_IN = "auth.loginType != 'ANONYMOUS' && auth != null";

export function ruleStep({ environment, wanted }: Site): Step {
  const names = wanted.map(({ name }) => name);
  return {
    title: 'security rule',
    goal: pick({
      en: `no client can call ${names.join(' or ')} (it takes up to 3 minutes to be in force)`,
      zh: `客户端不能调用 ${names.join('、')}（最长 3 分钟后生效）`,
    }),
    async differences() {
      const { tag, entries } = await environment.describeFunctionRule();
      const open = names.filter((name) => entries?.[name]?.invoke !== false);
      const hasDefault = entries?.['*'] !== undefined;
      return [
        ...open.map((name) => pick({ en: `close ${name} to clients`, zh: `禁止客户端调用 ${name}` })),
        ...(hasDefault
          ? []
          : [
              pick({
                en: `set what holds for all functions without an entry, "*": ${SIGNED_IN}`,
                zh: `为没有条目的云函数设置默认规则 "*"：${SIGNED_IN}`,
              }),
            ]),
        ...(tag === 'CUSTOM' || open.length > 0 || !hasDefault
          ? []
          : [pick({ en: 'put the rule in force', zh: '启用规则' })]),
      ];
    },
    async apply() {
      const { entries } = await environment.describeFunctionRule();
      await writeRule(environment, withEntries(entries ?? {}, names));
    },
  };
}

function withEntries(entries: Entries, names: readonly string[]): Entries {
  const own = names.map((name) => [name, { ...entries[name], invoke: false }]);
  return { '*': { invoke: SIGNED_IN }, ...entries, ...(Object.fromEntries(own) as Entries) };
}

/** The action of the console; a newer one (ModifyResourcePermission) is marked as deprecated already. */
export async function writeRule({ envId, call }: Site['environment'], entries: Entries): Promise<void> {
  const rule = JSON.stringify(entries);
  const target = { EnvId: envId, ResourceType: 'FUNCTION' } as const;
  await call('tcb', 'ModifySecurityRule', { ...target, AclTag: 'CUSTOM', Rule: rule });
}
