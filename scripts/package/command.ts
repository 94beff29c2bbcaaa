/** `npm run package`: builds dist/package, the client as it is published to npm. */

import { defineCommand, type ExitCode } from '../command/definition.ts';

export default defineCommand({
  description: 'Builds dist/package, the client as it is published to npm.',
  flags: {},
  async run(): Promise<ExitCode> {
    const { buildPackage } = await import('../build/client-package.ts');
    await buildPackage({ log: (line) => console.log(line) });
    return 0;
  },
});
