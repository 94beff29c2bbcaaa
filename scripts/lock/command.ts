/** `npm run lock`: makes package-lock.json hold the packages of every platform. */

import { join } from 'node:path';
import { defineCommand, type ExitCode } from '../command/definition.ts';
import { PACKAGE_FOLDER } from '../command/folders.ts';

export default defineCommand({
  description: 'Adds to package-lock.json the packages of other platforms that npm left out.',
  flags: {},
  async run(): Promise<ExitCode> {
    const { completeLock } = await import('./complete.ts');
    const added = completeLock(join(PACKAGE_FOLDER, 'package-lock.json'));
    console.log(`package-lock.json: ${added} packages of other platforms added`);
    return 0;
  },
});
