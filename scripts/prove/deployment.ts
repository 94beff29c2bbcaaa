/** What `npm run deploy` asks of the management API: that what it sets is read back, and when a function may be changed. */

import { callOf } from '../command/call.ts';
import { isSettled } from '../deploy/site.ts';
import { DESCRIPTION } from '../deploy/wanted.ts';
import type { Environment } from '../platform/environment.ts';
import type { Assumption } from './assumption.ts';
import { NotTried } from './not-tried.ts';
import type { ProveFunctions } from './functions.ts';
import { SCRATCH_FUNCTION, VARIABLE } from './scratch.ts';

/** Under the platform's 4 KB, names included. */
export const VARIABLE_BYTES = 4_000;

export const DEPLOYMENT: readonly Assumption[] = [
  {
    id: 'rule-read-back',
    assumption: 'an entry in the function security rule is read back, and * is beside it',
    reliedOnFor: 'no client can call the functions',
    ifNot: 'only the code of the functions keeps clients out: do not deploy here, and report it',
    observe: async (_, functions) => {
      if (!functions.hasRule) throw new NotTried(`no rule is in force yet: ${callOf('deploy')} sets one`);
      const { tag, entries } = await environmentOf(functions).describeFunctionRule();
      const isClosed = entries?.[SCRATCH_FUNCTION]?.invoke === false;
      const holds = tag === 'CUSTOM' && isClosed && entries['*'] !== undefined;
      return { holds, seen: `tag ${tag ?? 'none'}, the entry is ${isClosed ? 'there' : 'missing'}` };
    },
  },
  {
    id: 'variables-size',
    assumption: `a variable of ${VARIABLE_BYTES} bytes is read back whole`,
    reliedOnFor: 'the settings of some thirty apps',
    ifNot: 'configure fewer apps in one environment, and report it',
    observe: async (_, functions) => {
      const bytes = (await stateOf(functions)).variables.get(VARIABLE)?.length ?? 0;
      return { holds: bytes === VARIABLE_BYTES, seen: `${bytes} bytes` };
    },
  },
  {
    id: 'trigger-read-back',
    assumption: 'a timer trigger is read back with its name and cron, and is on',
    reliedOnFor: `${callOf('deploy')} leaves exactly one timer`,
    ifNot: `${callOf('deploy')} stops at the trigger: report what was seen`,
    observe: async (_, functions) => {
      const { triggers } = await stateOf(functions);
      const [only] = triggers;
      const isOne = triggers.length === 1 && only?.type === 'timer';
      const holds = isOne && only.config === TRIGGER.config && only.name === TRIGGER.name && only.isEnabled;
      return {
        holds,
        seen: isOne ? `cron ${only.config}, ${only.isEnabled ? 'on' : 'off'}` : 'none, or several',
      };
    },
  },
  {
    id: 'state-after-update',
    assumption:
      'a function that was changed is Active again after a while, and says until then that it is not',
    reliedOnFor: `${callOf('deploy')} changes a function only when it may be changed`,
    ifNot: `${callOf('deploy')} may stop in the middle: run it again, and report the states`,
    observe: async (_, functions) => {
      const { describe, call } = environmentOf(functions);
      const { namespace } = await describe();
      const params = { FunctionName: SCRATCH_FUNCTION, Namespace: namespace, Description: DESCRIPTION };
      await call('scf', 'UpdateFunctionConfiguration', params);
      let state = await stateOf(functions);
      const seen = new Set([state.status]);
      for (let poll = 1; !isSettled(state) && poll < MOST_POLLS; poll++) {
        await functions.sleep(BETWEEN_POLLS_MS);
        state = await stateOf(functions);
        seen.add(state.status);
      }
      return { holds: state.status === 'Active', seen: [...seen].join(', then ') };
    },
  },
];

/** Every minute: one tick is soon there. */
export const TRIGGER = { name: 'prove', config: '30 * * * * * *' };

const MOST_POLLS = 60;
const BETWEEN_POLLS_MS = 1_000;

function environmentOf({ environment }: ProveFunctions): Environment {
  if (environment === null) throw new NotTried('there is nothing to deploy to');
  return environment;
}

async function stateOf(functions: ProveFunctions) {
  const state = await environmentOf(functions).describeFunction(SCRATCH_FUNCTION);
  if (state === null) throw new NotTried('the scratch function is gone');
  return state;
}
