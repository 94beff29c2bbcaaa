/** `npm run refresh`: a new token now, whatever the age of the stored one; `--leaked` kills the stored one at once. */

import pc from 'picocolors';
import { defineCommand, type ExitCode } from '../command/definition.ts';
import { PLACE_FLAGS } from '../place/flags.ts';

export default defineCommand({
  description:
    'Fetches a new token now. With --leaked twice, which kills the stored token at once (in stable mode 30 s apart, 20 a day). Exit codes: 0 done, 1 not done.',
  flags: {
    appid: { type: 'string', description: 'which app; not needed when there is one' },
    leaked: { type: 'boolean', description: 'the stored token has leaked and must die' },
    ...PLACE_FLAGS,
  },
  async run({ appid, leaked, ...flags }): Promise<ExitCode> {
    const [{ withPlace }, { requireSupported }, { refreshOne }] = await Promise.all([
      import('../place/open.ts'),
      import('../place/supported.ts'),
      import('./tell.ts'),
    ]);
    return withPlace(flags, async (place) => {
      await requireSupported(place);
      const { reach, values, clock } = place;
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
    });
  },
});
