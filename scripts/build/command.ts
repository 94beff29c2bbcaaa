/** `npm run build`: bundles every function of cloudbaserc.json into dist/functions, ready to upload. */

import { defineCommand, type ExitCode } from '../command/definition.ts';
import { PACKAGE_FOLDER, PROJECT_FOLDER } from '../command/folders.ts';
import { ACCEPT_FLAG } from './accept-flag.ts';

export default defineCommand({
  description:
    'Bundles every function of cloudbaserc.json into dist/functions, ready to upload; getTicket too where WX_TICKETS is set.',
  flags: {
    [ACCEPT_FLAG]: { type: 'boolean', description: 'record the sizes that the bundles have now' },
  },
  async run(flags): Promise<ExitCode> {
    const [
      { buildFunctions },
      { configFiles },
      { acceptSizes },
      { readSet, writePlainConfig },
      { isTimerWanted },
    ] = await Promise.all([
      import('./functions.ts'),
      import('./declarations.ts'),
      import('./sizes.ts'),
      import('./plain-config.ts'),
      import('./ticks.ts'),
    ]);
    if (flags[ACCEPT_FLAG]) await acceptSizes(PACKAGE_FOLDER);
    const set = readSet(PROJECT_FOLDER, process.env);
    const files = configFiles(Object.fromEntries(set));
    await buildFunctions({ files, log: (line) => console.log(line) });
    await writePlainConfig(PACKAGE_FOLDER, files, (name) => set.has(name), isTimerWanted(set.get('TICKS')));
    return 0;
  },
});
