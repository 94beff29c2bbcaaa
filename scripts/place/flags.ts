/** The flags of every command that works in an environment or, with `--local`, on the embedded cloud. */

import { callOf } from '../command/call.ts';
import type { Values } from '../command/flags.ts';
import { OWN_FOLDER } from '../command/folders.ts';
import { asWord } from '../command/words.ts';

export const PLACE_FLAGS = {
  local: {
    type: 'boolean',
    description: {
      en: "the embedded cloud's data, not a CloudBase environment",
      zh: '本地模拟云环境的数据，不访问云开发环境',
    },
  },
  data: {
    type: 'string',
    default: `${OWN_FOLDER}/data`,
    requires: 'local',
    description: { en: 'folder of that data', zh: '数据所在的目录' },
  },
  sandbox: {
    type: 'boolean',
    requires: 'local',
    description: { en: `as ${callOf('start', '--sandbox')}`, zh: `同 ${callOf('start', '--sandbox')}` },
  },
  port: {
    type: 'string',
    default: '18600',
    requires: 'local',
    description: {
      en: `not needed: the data folder says where ${callOf('start')} is`,
      zh: `不需要：数据目录里记有 ${callOf('start')} 的地址`,
    },
  },
} as const;

export type PlaceFlags = Values<typeof PLACE_FLAGS>;

/** The flags that bring another command to the same place; empty for an environment. */
export function sameFlags({ local, data, sandbox }: PlaceFlags): string {
  if (!local) return '';
  const folder = data === PLACE_FLAGS.data.default ? '' : ` --data ${asWord(data)}`;
  return `--local${sandbox ? ' --sandbox' : ''}${folder}`;
}
