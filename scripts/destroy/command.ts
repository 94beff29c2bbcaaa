/** `npm run destroy`: removes what `npm run deploy` has made, after confirmation, and nothing of anybody else. */

import { setTimeout as sleep } from 'node:timers/promises';
import { defineCommand, type ExitCode } from '../command/definition.ts';
import { OWN_FOLDER } from '../command/folders.ts';

export default defineCommand({
  description:
    'Removes the functions, their trigger and paths, their entries in the security rule, tokens and server keys; restores nothing that was there before. Exit codes: 0 done, 1 not done.',
  flags: {
    yes: { type: 'boolean', description: 'do not ask' },
    'dry-run': { type: 'boolean', description: 'show what would go, and remove nothing' },
    local: { type: 'boolean', description: 'on the embedded cloud instead of a real one' },
    data: {
      type: 'string',
      default: `${OWN_FOLDER}/data`,
      requires: 'local',
      description: 'folder of the database',
    },
  },
  async run({ yes, 'dry-run': isDryRun, local, data }): Promise<ExitCode> {
    const options = { isDryRun, isConfirmed: yes, sleep: (durationMs: number) => sleep(durationMs) };
    const isDone = local
      ? await (await import('./local.ts')).destroyLocally(data, options)
      : await (await import('./cloud.ts')).destroyInCloud(options);
    return isDone ? 0 : 1;
  },
});
