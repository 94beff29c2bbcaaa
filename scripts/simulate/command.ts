/** `npm run simulate`: months of the real core and adapters on a virtual clock, with all faults. */

import { defineCommand, type ExitCode } from '../command/definition.ts';
import { simulate } from './main.ts';
import { describeFaults, FLAGS, readOptions } from './options.ts';

export default defineCommand({
  description: {
    en: 'Simulates months of tokens in seconds. Exit codes: 0 every rule held, 1 a rule was broken, 2 asked wrongly.',
    zh: '用几秒模拟数月的 token。退出码：0 所有规则都成立，1 有规则被违反，2 参数有误。',
  },
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
