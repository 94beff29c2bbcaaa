/** The flags of every command that works in an environment or, with `--local`, on the embedded cloud. */

import { callOf } from '../command/call.ts';
import type { Values } from '../command/flags.ts';
import { OWN_FOLDER } from '../command/folders.ts';

export const PLACE_FLAGS = {
  local: { type: 'boolean', description: "the embedded cloud's data, not a CloudBase environment" },
  data: {
    type: 'string',
    default: `${OWN_FOLDER}/data`,
    requires: 'local',
    description: 'folder of that data',
  },
  sandbox: {
    type: 'boolean',
    requires: 'local',
    description: `as ${callOf('start', '--sandbox')}`,
  },
  port: {
    type: 'string',
    default: '18600',
    requires: 'local',
    description: `not needed: the data folder says where ${callOf('start')} is`,
  },
} as const;

export type PlaceFlags = Values<typeof PLACE_FLAGS>;

/** The flags that bring another command to the same place; empty for an environment. */
export function sameFlags({ local, data, sandbox }: PlaceFlags): string {
  if (!local) return '';
  const folder = data === PLACE_FLAGS.data.default ? '' : ` --data ${data}`;
  return `--local${sandbox ? ' --sandbox' : ''}${folder}`;
}
