/**
 * Exactly one timer trigger, on the function that refreshes, and none where ticks are not meant to come from the timer;
 * the platform only ever adds them by itself.
 */

import { pick, type Text } from '../../command/language.ts';
import type { TickSource } from '../../../functions/_shared/runtime/config.ts';
import type { Environment, TriggerState } from '../../platform/environment.ts';
import type { RequestOf } from '../../platform/models.ts';
import type { Site } from '../site.ts';
import type { Step } from '../step.ts';
import type { WantedFunction } from '../wanted.ts';

interface Changes {
  name: string;
  remove: TriggerState[];
  create: Pick<TriggerState, 'name' | 'config'>[];
}

/** One of the list that BatchCreateTrigger takes as JSON. */
type TimerRequest = Pick<RequestOf<'scf', 'CreateTrigger'>, 'TriggerName' | 'Type' | 'TriggerDesc'>;

const WITHOUT_TIMER: Record<TickSource, Text> = {
  timer: { en: 'none', zh: '无' },
  outside: {
    en: 'none: ticks come from outside (TICKS=outside)',
    zh: '无：由外部触发（TICKS=outside）',
  },
  readers: {
    en: 'none: readers alone keep the tokens alive (TICKS=readers)',
    zh: '无：token 只在有调用时刷新（TICKS=readers）',
  },
};

export function triggerStep({ environment, wanted, ticks }: Site): Step {
  const compareAll = (): Promise<Changes[]> =>
    Promise.all(
      wanted.map(async (each) =>
        compare(each, (await environment.describeFunction(each.name))?.triggers ?? []),
      ),
    );
  const goals = wanted.flatMap(({ name, triggers }) =>
    triggers.map(({ config }) => pick({ en: `${name} at "${config}"`, zh: `${name}："${config}"` })),
  );
  return {
    title: 'trigger',
    goal: goals.join() || pick(WITHOUT_TIMER[ticks]),
    differences: async () => (await compareAll()).flatMap(describe),
    async apply() {
      const { namespace } = await environment.describe();
      for (const changes of await compareAll()) await change(environment, namespace, changes);
    },
  };
}

function compare({ name, triggers }: WantedFunction, present: readonly TriggerState[]): Changes {
  // Triggers of other types are none of ours.
  const timers = present.filter(({ type }) => type === 'timer');
  const isWanted = (timer: TriggerState): boolean =>
    timer.isEnabled && triggers.some((other) => other.name === timer.name && other.config === timer.config);
  const kept = timers.filter(isWanted);
  return {
    name,
    remove: timers.filter((timer) => !isWanted(timer)),
    create: triggers.filter((trigger) => kept.every((timer) => timer.name !== trigger.name)),
  };
}

async function change(
  environment: Environment,
  namespace: string,
  { name, remove, create }: Changes,
): Promise<void> {
  const target = { FunctionName: name, Namespace: namespace };
  // First: a renamed timer beside the new one would tick twice.
  for (const timer of remove) {
    const params = { ...target, TriggerName: timer.name, Type: 'timer' };
    await environment.call('scf', 'DeleteTrigger', params);
  }
  if (create.length === 0) return;
  const timers = create.map((timer): TimerRequest => ({
    TriggerName: timer.name,
    Type: 'timer',
    TriggerDesc: timer.config,
  }));
  const params = { ...target, Triggers: JSON.stringify(timers), Count: timers.length };
  await environment.call('scf', 'BatchCreateTrigger', params);
}

function describe({ name, remove, create }: Changes): string[] {
  return [
    ...remove.map((timer) =>
      pick({
        en: `remove ${timer.name} (${timer.config}${timer.isEnabled ? '' : ', off'}) from ${name}`,
        zh: `从 ${name} 删除 ${timer.name}（${timer.config}${timer.isEnabled ? '' : '，已停用'}）`,
      }),
    ),
    ...create.map((timer) =>
      pick({
        en: `create ${timer.name} (${timer.config}) on ${name}`,
        zh: `在 ${name} 上创建 ${timer.name}（${timer.config}）`,
      }),
    ),
  ];
}
