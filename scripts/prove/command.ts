/** `npm run prove`: tries what this project takes for granted of a platform, on the platform itself. */

import { defineCommand, type ExitCode } from '../command/definition.ts';
import { OWN_FOLDER } from '../command/folders.ts';

export default defineCommand({
  description: {
    en: 'Tries every assumption about the platform on a scratch collection and a scratch function, which are removed again; the token is never touched. Exit codes: 0 all hold, 1 one differs, 2 one could not be tried.',
    zh: '在临时集合和临时云函数上实测关于平台的每一项前提，之后删除；不触及 token。退出码：0 全部成立，1 有一项不成立，2 有一项无法测试。',
  },
  flags: {
    local: {
      type: 'boolean',
      description: {
        en: 'on the embedded cloud instead of a CloudBase environment',
        zh: '在本地模拟云环境上，不访问云开发环境',
      },
    },
    'no-wait': {
      type: 'boolean',
      description: {
        en: 'without the lines that wait for a tick of the timer',
        zh: '不测需要等待定时器触发的项目',
      },
    },
    'with-wechat': {
      type: 'boolean',
      description: {
        en: 'also what WeChat’s documents don’t say, in at most ten tokens of WX_APPID: asks first; with --local the sandbox',
        zh: '另测微信文档没有写明的行为，最多获取 WX_APPID 的十个 token：执行前询问；与 --local 同用时用沙箱',
      },
    },
    report: {
      type: 'string',
      default: `${OWN_FOLDER}/prove.md`,
      description: {
        en: 'the file for a maintainer; it holds no id and no secret',
        zh: '给维护者看的文件，其中没有 ID，也没有密钥',
      },
    },
  },
  failsWith: 2,
  async run(flags): Promise<ExitCode> {
    const { runProve } = await import('./run.ts');
    return runProve(flags);
  },
});
