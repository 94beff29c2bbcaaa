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
    const [{ buildFunctions }, { acceptSizes }, { writePlainConfig }, { readValues }] = await Promise.all([
      import('./functions.ts'),
      import('./sizes.ts'),
      import('./plain-config.ts'),
      import('../platform/settings.ts'),
    ]);
    if (flags[ACCEPT_FLAG]) await acceptSizes(PACKAGE_FOLDER);
    await buildFunctions({ log: (line) => console.log(line) });
    const variables = readValues(PROJECT_FOLDER);
    await writePlainConfig(PACKAGE_FOLDER, (name) => variables[name] !== undefined);
    return 0;
  },
});
