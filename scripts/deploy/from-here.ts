/** Which functions are this project's, and what is said of one that only has the same name. */

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
  const found = states.map(describeFound).join('; ');
  const removals = states.map(({ name }) => `npx tcb fn delete ${name} -e ${envId}`).join(', ');
  const taken = states.length === 1 ? 'a name is taken' : 'names are taken';
  return new PlatformError(`${taken} by what ${callOf('deploy')} did not put there: ${found}`, {
    code: 'NOT_OURS',
    cure: [
      'nothing has been changed. Give ours other names (FUNCTION_PREFIX=wx- in .env.local)',
      `or replace what is there, after a copy of its code, variables and triggers (${callOf('deploy', '--take-over')})`,
      `or, if nobody needs it, remove it yourself (${removals}), then run ${callOf('deploy')} again`,
    ].join('; '),
  });
}

export function describeFound({ name, runtime, changedAt, variables, triggers }: FunctionState): string {
  const facts = [
    runtime || 'unknown runtime',
    `last changed ${changedAt ?? 'at a time that the platform does not tell'}`,
    variables.size === 0 ? 'no variables' : `variables ${[...variables.keys()].join(', ')}`,
    triggers.length === 0 ? 'no triggers' : `triggers ${triggers.map(describeTrigger).join(', ')}`,
  ];
  return `${name} (${facts.join('; ')})`;
}

/** The configuration of other types may hold anything. */
function describeTrigger({ name, type, config }: TriggerState): string {
  return `${name} [${type}${type === 'timer' ? ` ${config}` : ''}]`;
}
