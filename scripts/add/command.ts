/** `npm run add`: the built functions for a project that is uploaded by WeChat DevTools, or by the `tcb` CLI. */

import { defineCommand, type ExitCode } from '../command/definition.ts';

export default defineCommand({
  description: {
    en: 'Writes the built functions into the folder of your cloud functions, and into cloudbaserc.json if there is one. Run again, it upgrades what it has written. Exit codes: 0 done, 1 nothing was changed.',
    zh: '把构建好的云函数写入你的云函数目录；有 cloudbaserc.json 时也写入它。再次执行会升级之前写入的内容。退出码：0 已完成，1 没有改动。',
  },
  flags: {
    'dry-run': {
      type: 'boolean',
      description: { en: 'show what would be written, and write nothing', zh: '只显示将要写入什么，不写入' },
    },
  },
  words: ['[DIR]'],
  async run({ 'dry-run': isDryRun }, [folder]): Promise<ExitCode> {
    const { add } = await import('./add.ts');
    await add(folder, isDryRun);
    return 0;
  },
});
