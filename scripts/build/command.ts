/** `npm run build`: bundles every function of cloudbaserc.json into dist/functions, ready to upload. */

import { defineCommand, type ExitCode } from '../command/definition.ts';
import { PACKAGE_FOLDER, PROJECT_FOLDER } from '../command/folders.ts';
import { ACCEPT_FLAG } from './accept-flag.ts';

export default defineCommand({
  description: 'Bundles every function of cloudbaserc.json into dist/functions, ready to upload.',
  flags: {
    [ACCEPT_FLAG]: { type: 'boolean', description: 'record the sizes that the bundles have now' },
  },
  async run(flags): Promise<ExitCode> {
    const [{ buildFunctions }, { acceptSizes }, { readSet, writePlainConfig }, { isTimerWanted }] =
      await Promise.all([
        import('./functions.ts'),
        import('./sizes.ts'),
        import('./plain-config.ts'),
        import('./ticks.ts'),
      ]);
    if (flags[ACCEPT_FLAG]) await acceptSizes(PACKAGE_FOLDER);
    await buildFunctions({ log: (line) => console.log(line) });
    const set = readSet(PROJECT_FOLDER, process.env);
    await writePlainConfig(PACKAGE_FOLDER, (name) => set.has(name), isTimerWanted(set.get('TICKS')));
    return 0;
  },
});
