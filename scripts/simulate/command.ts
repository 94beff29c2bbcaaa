/** `npm run simulate`: months of the real core and adapters on a virtual clock, with all faults. */

import { defineCommand, type ExitCode } from '../command/definition.ts';
import { simulate } from './main.ts';
import { describeFaults, FLAGS, readOptions } from './options.ts';

export default defineCommand({
  description:
    'Simulates months of tokens in seconds. Exit codes: 0 every rule held, 1 a rule was broken, 2 asked wrongly.',
  flags: FLAGS,
  failsWith: 2,
  async run(flags): Promise<ExitCode> {
    if (flags.list) {
      console.log(describeFaults());
      return 0;
    }
    return (await simulate(readOptions(flags))) ? 0 : 1;
  },
});
