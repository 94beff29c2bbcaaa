/** `npm run add`: the built functions for a project that is uploaded by WeChat DevTools, or by the `tcb` CLI. */

import { defineCommand, type ExitCode } from '../command/definition.ts';

export default defineCommand({
  description:
    'Writes the built functions into the folder of your cloud functions, and into cloudbaserc.json if there is one. Run again, it upgrades what it has written. Exit codes: 0 done, 1 nothing was changed.',
  flags: {
    'dry-run': { type: 'boolean', description: 'show what would be written, and write nothing' },
  },
  words: ['[DIR]'],
  async run({ 'dry-run': isDryRun }, [folder]): Promise<ExitCode> {
    const { add } = await import('./add.ts');
    await add(folder, isDryRun);
    return 0;
  },
});
