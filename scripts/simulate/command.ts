/** `npm run simulate`: months of the real core and adapters on a virtual clock, with everything going wrong. */

import { defineCommand, runMain } from 'citty';
import { requireYesOrNo } from '../command/command.ts';
import { showUsage } from '../command/help.ts';
import { simulate } from './main.ts';
import { ARGS, describeFaults, readOptions } from './options.ts';

const command = defineCommand({
  meta: {
    name: 'npm run simulate --',
    description: 'Simulates months of tokens in seconds, and exits with 1 if a rule of their life was broken',
  },
  args: ARGS,
  async run({ args, rawArgs }) {
    try {
      requireYesOrNo(ARGS, rawArgs);
      if (args.list) return console.log(describeFaults());
      if (!(await simulate(readOptions(args)))) process.exitCode = 1;
    } catch (error) {
      console.error(error instanceof Error ? error.message : String(error));
      process.exitCode = 2;
    }
  },
});

await runMain(command, { showUsage });
