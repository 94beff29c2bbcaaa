/** `npm run package`: builds the two packages that are published to npm, the client and the commands. */

import { defineCommand, type ExitCode } from '../command/definition.ts';

export default defineCommand({
  description: {
    en: 'Builds what is published to npm: dist/package, the client, and dist/package-commands, what npx runs.',
    zh: '构建发布到 npm 的内容：客户端 dist/package，以及 npx 执行的 dist/package-commands。',
  },
  flags: {},
  async run(): Promise<ExitCode> {
    const [{ buildPackage }, { buildCommandsPackage }] = await Promise.all([
      import('../build/client-package.ts'),
      import('./commands-package.ts'),
    ]);
    await buildPackage({ log: (line) => console.log(line) });
    await buildCommandsPackage({ log: (line) => console.log(line) });
    return 0;
  },
});
