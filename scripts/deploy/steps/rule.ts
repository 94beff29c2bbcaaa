/** The two entries in the environment's function security rule; those of other functions stay as they are. */

import type { FunctionRule } from '../../platform/environment.ts';
import type { Site } from '../site.ts';
import type { Step } from '../step.ts';

type Entries = NonNullable<FunctionRule['entries']>;

/** What holds for functions without an entry, also where no rule is set; the key must not be missing. */
const EVERYONE_SIGNED_IN = { '*': { invoke: 'auth != null' } };

export function ruleStep({ environment, wanted }: Site): Step {
  const names = wanted.map(({ name }) => name);
  return {
    title: 'security rule',
    goal: `no client can call ${names.join(' or ')} (it takes up to 3 minutes to be in force)`,
    async differences() {
      const { tag, entries } = await environment.describeFunctionRule();
      const open = names.filter((name) => entries?.[name]?.invoke !== false);
      const isInForce = tag === 'CUSTOM' && entries?.['*'] !== undefined;
      return [
        ...open.map((name) => `close ${name} to clients`),
        ...(isInForce || open.length > 0 ? [] : ['put the rule in force']),
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
  return { ...EVERYONE_SIGNED_IN, ...entries, ...(Object.fromEntries(own) as Entries) };
}

/** The action of the console; a newer one (ModifyResourcePermission) is marked as deprecated already. */
export async function writeRule({ envId, call }: Site['environment'], entries: Entries): Promise<void> {
  const rule = JSON.stringify(entries);
  const params = { EnvId: envId, ResourceType: 'FUNCTION', AclTag: 'CUSTOM', Rule: rule };
  await call('tcb', 'ModifySecurityRule', params);
}
