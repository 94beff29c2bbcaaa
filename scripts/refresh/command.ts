/** `npm run refresh`: a new token now, whatever the age of the stored one; `--leaked` kills the stored one at once. */

import pc from 'picocolors';
import { runCommand, type ExitCode } from '../command/command.ts';
import { PLACE_ARGS, withPlace } from '../place/open.ts';
import { refreshOne } from './tell.ts';

await runCommand({
  name: 'refresh',
  description:
    'Fetches a new token now. With --leaked twice, which kills the stored token at once (in stable mode 30 s apart, 20 a day). Exit codes: 0 done, 1 not done.',
  args: {
    appid: { type: 'string', description: 'which app; not needed when there is one' },
    leaked: { type: 'boolean', default: false, description: 'the stored token has leaked and must die' },
    ...PLACE_ARGS,
  },
  run: ({ appid, leaked, ...flags }): Promise<ExitCode> =>
    withPlace(flags, async ({ reach, values, clock }) => {
      const isDone = await refreshOne({
        reach,
        values,
        appid,
        isLeak: leaked,
        clock,
        out: (isGood, line) =>
          console.log(`${isGood === null ? '…' : isGood ? pc.green('✓') : pc.red('✗')} ${line}`),
      });
      return isDone ? 0 : 1;
    }),
});
