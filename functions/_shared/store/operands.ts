/** Values as the SDK's conditions and changes: it neither drops one nor merges one into what is stored. */

import type tcb from '@cloudbase/node-sdk';

type Command = ReturnType<ReturnType<typeof tcb.init>['database']>['command'];

export function matching(command: Command, conditions: Record<string, unknown>): object {
  const wanted = Object.entries(conditions).map(([field, value]) => [field, equals(command, value)]);
  return Object.fromEntries(wanted) as object;
}

/** The SDK drops a condition whose value is undefined, and would then overwrite whatever is there. */
function equals(command: Command, value: unknown): object {
  return value === undefined ? command.exists(false) : command.eq(value);
}

/** `set` keeps a nested object whole: the SDK would flatten it and merge it into the stored one. */
export function settings(command: Command, fields: object): object {
  return Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, command.set(value)]));
}
