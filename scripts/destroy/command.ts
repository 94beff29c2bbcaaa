/** `npm run destroy`: removes what `npm run deploy` has made, after confirmation, and nothing of anybody else. */

import { setTimeout as sleep } from 'node:timers/promises';
import { defineCommand, type ExitCode } from '../command/definition.ts';
import { OWN_FOLDER } from '../command/folders.ts';

export default defineCommand({
  description: {
    en: 'Removes the functions, their trigger and paths, their entries in the security rule, tokens and server keys; restores nothing that was there before. Exit codes: 0 done, 1 not done.',
    zh: '删除云函数及其触发器和路径、安全规则里的条目、token 和服务器密钥；不恢复之前的内容。退出码：0 已完成，1 没有完成。',
  },
  flags: {
    yes: { type: 'boolean', description: { en: 'do not ask', zh: '不询问' } },
    'dry-run': {
      type: 'boolean',
      description: { en: 'show what would go, and remove nothing', zh: '只显示将要删除什么，不删除' },
    },
    local: {
      type: 'boolean',
      description: {
        en: 'on the embedded cloud instead of a real one',
        zh: '在本地模拟云环境上，不访问云开发环境',
      },
    },
    data: {
      type: 'string',
      default: `${OWN_FOLDER}/data`,
      requires: 'local',
      description: { en: 'folder of the database', zh: '数据库所在的目录' },
    },
  },
  async run({ yes, 'dry-run': isDryRun, local, data }): Promise<ExitCode> {
    const options = { isDryRun, isConfirmed: yes, sleep: (durationMs: number) => sleep(durationMs) };
    const isDone = local
      ? await (await import('./local.ts')).destroyLocally(data, options)
      : await (await import('./cloud.ts')).destroyInCloud(options);
    return isDone ? 0 : 1;
  },
});
