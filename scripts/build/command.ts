/** `npm run build`: bundles every function of cloudbaserc.json into dist/functions, ready to upload. */

import { defineCommand, type ExitCode } from '../command/definition.ts';
import { PACKAGE_FOLDER, PROJECT_FOLDER } from '../command/folders.ts';
import { ACCEPT_FLAG } from './accept-flag.ts';

export default defineCommand({
  description: {
    en: 'Bundles every function of cloudbaserc.json into dist/functions, ready to upload; getTicket too where WX_TICKETS is set.',
    zh: '把 cloudbaserc.json 里的每个云函数打包到 dist/functions，可直接上传；设置了 WX_TICKETS 时也打包 getTicket。',
  },
  flags: {
    [ACCEPT_FLAG]: {
      type: 'boolean',
      description: { en: 'record the sizes that the bundles have now', zh: '记录各个包现在的大小' },
    },
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
