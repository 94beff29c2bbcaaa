/** `npm run deploy`: brings a CloudBase environment to what this package says, verifies it, and changes no more. */

import { defineCommand, type ExitCode } from '../command/definition.ts';
import { OWN_FOLDER } from '../command/folders.ts';

export default defineCommand({
  description:
    'Deploys the functions with all they need, and proves it. Safe to run again at any time. Exit codes: 0 done, 1 not done.',
  flags: {
    'dry-run': { type: 'boolean', description: 'show what would change, and change nothing' },
    'take-over': {
      type: 'boolean',
      excludes: 'local',
      description: `replace functions of our names that are not from here, after a copy to ${OWN_FOLDER}/backups`,
    },
    local: { type: 'boolean', description: 'on the embedded cloud instead of a real one' },
    sandbox: {
      type: 'boolean',
      requires: 'local',
      description: 'the sandbox plays WeChat, whatever is configured',
    },
    data: {
      type: 'string',
      default: `${OWN_FOLDER}/data`,
      requires: 'local',
      description: 'folder of the database',
    },
  },
  async run({ 'dry-run': isDryRun, 'take-over': mayTakeOver, local, ...flags }): Promise<ExitCode> {
    const isDone = local
      ? await (await import('./local.ts')).deployLocally(flags, isDryRun)
      : await (await import('./cloud.ts')).deployToCloud({ isDryRun, mayTakeOver });
    return isDone ? 0 : 1;
  },
});
