/** `npm run lock`: makes package-lock.json hold the packages of every platform. */

import { join } from 'node:path';
import { defineCommand, type ExitCode } from '../command/definition.ts';
import { PACKAGE_FOLDER } from '../command/folders.ts';

export default defineCommand({
  description: {
    en: 'Adds to package-lock.json the packages of other platforms that npm left out, and the integrity of every entry without one.',
    zh: '向 package-lock.json 补上 npm 漏掉的其他平台的包，以及每个缺少 integrity 的条目。',
  },
  flags: {},
  async run(): Promise<ExitCode> {
    const [{ completeLock }, { askRegistry }] = await Promise.all([
      import('./complete.ts'),
      import('./registry.ts'),
    ]);
    const { added, sealed } = await completeLock(join(PACKAGE_FOLDER, 'package-lock.json'), askRegistry);
    console.log(
      `package-lock.json: ${added} packages of other platforms added, ${sealed} entries got their integrity from the registry`,
    );
    return 0;
  },
});
