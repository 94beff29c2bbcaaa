/** `npm run deploy`: brings a CloudBase environment to what this package says, verifies it, and changes no more. */

import { defineCommand, type ExitCode } from '../command/definition.ts';
import { OWN_FOLDER } from '../command/folders.ts';

export default defineCommand({
  description: {
    en: 'Deploys the functions with all they need, and proves it; getTicket too where WX_TICKETS is set (setup --tickets jsapi). Safe to run again at any time. Exit codes: 0 done, 1 not done.',
    zh: '部署云函数及其所需的一切，并验证；设置了 WX_TICKETS 时也部署 getTicket（setup --tickets jsapi）。可以随时重复执行。退出码：0 已完成，1 没有完成。',
  },
  flags: {
    'dry-run': {
      type: 'boolean',
      description: { en: 'show what would change, and change nothing', zh: '只显示将要改动什么，不改动' },
    },
    'take-over': {
      type: 'boolean',
      excludes: 'local',
      description: {
        en: `replace functions of our names that are not from here, after a copy to ${OWN_FOLDER}/backups`,
        zh: `替换同名但不是由本项目部署的云函数，先备份到 ${OWN_FOLDER}/backups`,
      },
    },
    local: {
      type: 'boolean',
      description: {
        en: 'on the embedded cloud instead of a real one',
        zh: '在本地模拟云环境上，不访问云开发环境',
      },
    },
    sandbox: {
      type: 'boolean',
      requires: 'local',
      description: {
        en: 'the sandbox plays WeChat, whatever is configured',
        zh: '用沙箱代替微信，无论配置了什么密钥',
      },
    },
    data: {
      type: 'string',
      default: `${OWN_FOLDER}/data`,
      requires: 'local',
      description: { en: 'folder of the database', zh: '数据库所在的目录' },
    },
  },
  async run({ 'dry-run': isDryRun, 'take-over': mayTakeOver, local, ...flags }): Promise<ExitCode> {
    const isDone = local
      ? await (await import('./local.ts')).deployLocally(flags, isDryRun)
      : await (await import('./cloud.ts')).deployToCloud({ isDryRun, mayTakeOver });
    return isDone ? 0 : 1;
  },
});
